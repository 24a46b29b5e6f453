#include "reference-server/relay_pump.hpp"

#include "proto/net/forward.hpp"
#include "proto/net/task_group.hpp"

namespace deskcheck::server {

namespace {

// "More than 30 s": a party that says something every 30 s must not lose a race against the clock.
constexpr auto kIdle = std::chrono::seconds(31);
// After the end of one direction the other may finish what it was sending.
constexpr auto kLastWords = std::chrono::seconds(2);
constexpr std::size_t kBuffer = 64 * 1024;

class Pump {
 public:
  Pump(net::World& world, RelayMeter& meter, const WrongPolicies& wrong)
      : clock_(world.clock), meter_(meter), wrong_(wrong), tasks_(world.executor) {}

  net::awaitable<void> run(RelayParty& first, RelayParty& second) {
    tasks_.spawn("first to second", copy(first, second));
    tasks_.spawn("second to first", copy(second, first));
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }

 private:
  net::awaitable<void> copy(RelayParty& from, RelayParty& to);
  net::awaitable<void> forward(net::ByteStream& from, net::ByteStream& to);
  net::awaitable<void> copy_wrongly(net::ByteStream& from, net::ByteStream& to);
  net::awaitable<std::size_t> read(net::ByteStream& from, std::string& buffer);
  net::awaitable<bool> write(net::ByteStream& to, std::string_view bytes);
  net::Deadline deadline() const { return {&clock_, last_traffic_ + kIdle}; }
  // A wait that has timed out although the other direction had traffic meanwhile.
  bool goes_on(const net::error_code& error) const {
    return error == boost::asio::error::timed_out && clock_.now() < last_traffic_ + kIdle;
  }

  net::Clock& clock_;
  RelayMeter& meter_;
  const WrongPolicies& wrong_;
  net::TaskGroup tasks_;
  net::Time last_traffic_ = clock_.now();
  net::Alarm all_over_{[this] { tasks_.cancel(); }};
};

net::awaitable<void> Pump::copy(RelayParty& from, RelayParty& to) {
  const bool open = co_await write(to.stream, from.early);
  from.early = std::string();
  if (open && wrong_.relay_drops_empty_frames)
    co_await copy_wrongly(from.stream, to.stream);
  else if (open)
    co_await forward(from.stream, to.stream);
  if (wrong_.relay_keeps_other_side) co_return;
  to.stream->shutdown_send();
  if (!all_over_.armed()) clock_.arm(all_over_, clock_.now() + kLastWords);
}

// Until the end, an error, or silence on both sides.
net::awaitable<void> Pump::forward(net::ByteStream& from, net::ByteStream& to) {
  net::Forward forward(from, to);
  for (;;) {
    const auto size = co_await forward.some(deadline());
    if (!size && goes_on(size.error())) continue;
    if (!size || *size == 0) co_return;
    last_traffic_ = clock_.now();
    meter_.add(*size, last_traffic_);
  }
}

net::awaitable<void> Pump::copy_wrongly(net::ByteStream& from, net::ByteStream& to) {
  std::string buffer(kBuffer, '\0');
  for (bool open = true; open;) {
    const std::size_t size = co_await read(from, buffer);
    if (size == 0) break;
    std::string_view bytes(buffer.data(), size);
    if (bytes.front() == '\0') bytes.remove_prefix(1);
    open = co_await write(to, bytes);
  }
}

// 0: the end, an error, or silence on both sides.
net::awaitable<std::size_t> Pump::read(net::ByteStream& from, std::string& buffer) {
  for (;;) {
    const auto target = boost::asio::buffer(buffer);
    const auto size = co_await from.async_read_some(target, deadline());
    if (!size && goes_on(size.error())) continue;
    if (!size) co_return 0;
    last_traffic_ = clock_.now();
    meter_.add(*size, last_traffic_);
    co_return *size;
  }
}

net::awaitable<bool> Pump::write(net::ByteStream& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto source = boost::asio::buffer(bytes);
    const auto size = co_await to.async_write_some(source, deadline());
    if (!size && goes_on(size.error())) continue;
    if (!size) co_return false;
    last_traffic_ = clock_.now();
    bytes.remove_prefix(*size);
  }
  co_return true;
}

// What a wrong relay does before it begins to copy: `first` has waited, `second` has just come.
net::awaitable<void> spoil(net::World& world, RelayParty& first, RelayParty& second,
                           const WrongPolicies& wrong) {
  if (wrong.relay_loses_early_bytes) {
    first.early.clear();
    std::string lost(kBuffer, '\0');
    const auto target = boost::asio::buffer(lost);
    const auto deadline = net::in(world.clock, std::chrono::milliseconds(1));
    [[maybe_unused]] const auto size = co_await first.stream.async_read_some(target, deadline);
  }
  if (wrong.relay_talks) {
    first.early.insert(0, 1, '\0');  // an empty frame to each of them
    second.early.insert(0, 1, '\0');
  }
}

}  // namespace

net::awaitable<void> relay_bytes(net::World& world, RelayParty first, RelayParty second,
                                 RelayMeter& meter, const WrongPolicies& wrong) {
  co_await spoil(world, first, second, wrong);
  Pump pump(world, meter, wrong);
  co_await pump.run(first, second);
}

}  // namespace deskcheck::server
