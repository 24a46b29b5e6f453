#include "reference-server/session.hpp"

#include "proto/net/stream.hpp"

namespace deskcheck::server {

namespace {

constexpr auto kWriteWithin = std::chrono::seconds(30);
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kMostQueued = 256 * 1024;  // bytes

}  // namespace

void Session::send(std::string bytes, net::Duration delay) {
  queued_ += bytes.size();
  if (queued_ > kMostQueued) return stream_->reset();
  outbox_.push_back({std::move(bytes), clock_.now() + delay});
  if (writing_) return;
  writing_ = true;
  tasks_.spawn("write", write());
}

void Session::end() {
  ending_ = true;
  if (!writing_) stream_->shutdown_send();
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
    queued_ -= item.bytes.size();
    const auto deadline = net::in(clock_, kWriteWithin);
    auto written = co_await net::write_all(stream_, std::move(item.bytes), deadline);
    if (!written) {
      stream_->reset();  // ends the reader too
      co_return;         // `writing_` stays: nothing can be sent any more
    }
  }
  writing_ = false;
  if (ending_) stream_->shutdown_send();
}

net::awaitable<void> Session::linger() {
  const auto deadline = net::in(clock_, kLinger);
  for (;;) {
    auto dropped = co_await net::read_some(stream_, 1024, deadline);
    if (!dropped) co_return;
  }
}

}  // namespace deskcheck::server
