#include "reference-server/session.hpp"

namespace deskcheck::server {

namespace {

constexpr auto kWriteWithin = std::chrono::seconds(30);
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kMostQueued = 256 * 1024;  // bytes that wait behind another payload

}  // namespace

Session::Session(net::World& world, std::unique_ptr<Link> link, const WrongPolicies& wrong)
    : clock_(world.clock),
      wrong_(wrong),
      link_(std::move(link)),
      liveness_(world.clock.now(), wrong),
      tasks_(world.executor) {}

void Session::send(std::string payload, net::Duration delay) {
  queue(std::move(payload), delay, encrypted() && !wrong_.answers_in_plain_text);
}

void Session::send_heartbeat() { queue({}, net::Duration::zero(), false); }

void Session::queue(std::string payload, net::Duration delay, bool encrypt) {
  // One long payload is no reason: an answer may be as long as it has to be.
  if (queued_ != 0 && queued_ + payload.size() > kMostQueued) return link_->reset();
  queued_ += payload.size();
  outbox_.push_back({std::move(payload), clock_.now() + delay, encrypt});
  if (writing_) return;
  writing_ = true;
  tasks_.spawn("write", write());
}

void Session::end() {
  ending_ = true;
  if (writing_) return;
  writing_ = true;
  tasks_.spawn("finish", write());
}

void Session::encrypt(const wire::StreamKey& key) {
  channel_.emplace(key);
  if (wrong_.counters_start_at_two) channel_->seal({});
}

net::awaitable<void> Session::run(net::awaitable<void> reader) {
  tasks_.spawn("read", std::move(reader));
  co_await tasks_.join();
  if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
}

net::awaitable<void> Session::write() {
  while (!outbox_.empty()) {
    Item item = std::move(outbox_.front());
    outbox_.pop_front();
    if (item.not_before > clock_.now()) co_await net::sleep_until(clock_, item.not_before);
    queued_ -= item.payload.size();
    if (item.encrypt) item.payload = channel_->seal(item.payload);
    const auto deadline = net::in(clock_, kWriteWithin);
    auto written = co_await link_->write(std::move(item.payload), deadline);
    if (!written) {
      link_->reset();  // ends the reader too
      co_return;       // `writing_` stays: nothing can be sent any more
    }
  }
  writing_ = false;
  if (!ending_) co_return;
  const auto deadline = net::in(clock_, kLinger);
  co_await link_->finish(deadline);
}

net::awaitable<net::Result<std::string>> Session::receive() {
  for (;;) {
    if (liveness_.heartbeat_due(clock_.now())) {
      send_heartbeat();
      liveness_.sent_heartbeat(clock_.now());
    }
    const net::Deadline deadline{&clock_, liveness_.next()};
    auto payload = co_await link_->read(deadline);
    if (!payload) {
      const bool waits = payload.error() == boost::asio::error::timed_out;
      if (waits && !liveness_.over(clock_.now())) continue;
      co_return payload.error();
    }
    const bool heartbeat = *payload && (*payload)->empty();
    if (!heartbeat || !wrong_.device_connections_time_out) liveness_.heard(clock_.now());
    if (*payload) co_return opened(std::move(**payload));
  }
}

net::Result<std::string> Session::opened(std::string payload) {
  if (!channel_) return payload;
  if (payload.empty() && wrong_.heartbeats_are_counted) (void)channel_->open(std::string(16, '\0'));
  return channel_->open(payload);
}

}  // namespace deskcheck::server
