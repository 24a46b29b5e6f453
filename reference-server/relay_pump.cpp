#include "reference-server/relay_pump.hpp"

#include "proto/net/forward.hpp"

namespace deskcheck::server {

namespace {

// "More than 30 s": a party that says something every 30 s must not lose a race against the clock.
constexpr auto kIdle = std::chrono::seconds(31);
// After the end of one direction the other may finish what it was sending.
constexpr auto kLastWords = std::chrono::seconds(2);
constexpr auto kFarewell = std::chrono::seconds(2);
constexpr std::size_t kBuffer = 64 * 1024;
// A long wait is made in pieces, so that it does not count as silence.
constexpr net::Duration kPiece = std::chrono::seconds(5);

}  // namespace

net::awaitable<void> RelayPump::run(RelayParty& first, RelayParty& second) {
  co_await spoil(first, second);
  if (!first.socket && !second.socket) {
    tasks_.spawn("first to second", copy(first, second));
    tasks_.spawn("second to first", copy(second, first));
    co_await tasks_.join();
  } else {
    const auto one = make_leg(first), other = make_leg(second);
    tasks_.spawn("first to second", translate(*one, *other));
    tasks_.spawn("second to first", translate(*other, *one));
    co_await tasks_.join();
    all_over_.disarm();  // if both have ended at once, it would end the farewell
    tasks_.spawn("farewell to first", one->finish(net::in(clock_, kFarewell)));
    tasks_.spawn("farewell to second", other->finish(net::in(clock_, kFarewell)));
    co_await tasks_.join();
  }
  if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
}

net::Deadline RelayPump::deadline() const {
  if (may_be_silent_) return net::never(clock_);
  return {&clock_, last_traffic_ + kIdle};
}

bool RelayPump::goes_on(const net::error_code& error) const {
  if (wrong_.relay_idle_per_direction) return false;
  return error == boost::asio::error::timed_out && clock_.now() < last_traffic_ + kIdle;
}

net::awaitable<void> RelayPump::throttle(std::size_t bytes) {
  last_traffic_ = clock_.now();
  const auto until = last_traffic_ + session_.pass(bytes, last_traffic_);
  while (last_traffic_ < until) {
    co_await net::sleep_until(clock_, std::min(until, last_traffic_ + kPiece));
    last_traffic_ = clock_.now();
  }
}

// --- bytes ---

net::awaitable<void> RelayPump::copy(RelayParty& from, RelayParty& to) {
  const bool open = co_await write(to.stream, from.early);
  from.early = std::string();
  if (open && (wrong_.relay_drops_empty_frames || wrong_.relay_corrupts_long_streams))
    co_await copy_wrongly(from.stream, to.stream);
  else if (open)
    co_await forward(from.stream, to.stream);
  if (wrong_.relay_keeps_other_side) co_return;
  to.stream->shutdown_send();
  if (!all_over_.armed()) clock_.arm(all_over_, clock_.now() + kLastWords);
}

// Until the end, an error, or silence on both sides.
net::awaitable<void> RelayPump::forward(net::ByteStream& from, net::ByteStream& to) {
  net::Forward forward(from, to);
  for (;;) {
    const auto size = co_await forward.some(deadline());
    if (!size && goes_on(size.error())) continue;
    if (!size || *size == 0) co_return;
    co_await throttle(*size);
  }
}

net::awaitable<void> RelayPump::copy_wrongly(net::ByteStream& from, net::ByteStream& to) {
  std::string buffer(kBuffer, '\0');
  std::size_t passed = 0;
  for (bool open = true; open;) {
    const std::size_t size = co_await read(from, buffer);
    if (size == 0) break;
    passed += size;
    if (wrong_.relay_corrupts_long_streams && passed > (256 << 10)) buffer[size / 2] ^= 1;
    std::string_view bytes(buffer.data(), size);
    if (wrong_.relay_drops_empty_frames && bytes.front() == '\0') bytes.remove_prefix(1);
    co_await throttle(size);
    open = co_await write(to, bytes);
  }
}

// 0: the end, an error, or silence on both sides.
net::awaitable<std::size_t> RelayPump::read(net::ByteStream& from, std::string& buffer) {
  for (;;) {
    const auto target = boost::asio::buffer(buffer);
    const auto size = co_await from.async_read_some(target, deadline());
    if (!size && goes_on(size.error())) continue;
    if (!size) co_return 0;
    co_return *size;
  }
}

net::awaitable<bool> RelayPump::write(net::ByteStream& to, std::string_view bytes) {
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

// --- payloads ---

net::awaitable<void> RelayPump::translate(RelayLeg& from, RelayLeg& to) {
  for (bool open = true; open;) {
    auto payload = co_await from.read(deadline());
    if (!payload && goes_on(payload.error())) continue;
    if (!payload) break;
    const std::size_t size = *payload ? (*payload)->size() : 0;
    co_await throttle(size);  // what is no payload shows that the party lives
    if (*payload) open = co_await hand_over(to, std::move(**payload));
  }
  // A WebSocket has no half end: what was received has been handed over, and that is all.
  if (!wrong_.relay_keeps_other_side) clock_.arm(all_over_, clock_.now());
}

net::awaitable<bool> RelayPump::hand_over(RelayLeg& to, std::string payload) {
  if (payload.empty() && drops_empty_) co_return true;
  if (wrong_.relay_leaves_frame_headers) payload = wire::encode_frame(payload).value();
  if (wrong_.relay_splits_messages && payload.size() > 1) {
    const auto half = payload.size() / 2;
    auto rest = payload.substr(half);
    payload.resize(half);
    auto begun = co_await to.write(std::move(payload), deadline());
    if (!begun) co_return false;
    payload = std::move(rest);
  }
  auto written = co_await to.write(std::move(payload), deadline());
  if (written) last_traffic_ = clock_.now();
  co_return written.has_value();
}

// What a wrong relay does before it begins to copy.
net::awaitable<void> RelayPump::spoil(RelayParty& first, RelayParty& second) {
  if (first.socket || second.socket) co_return;
  if (wrong_.relay_loses_early_bytes) {
    first.early.clear();
    std::string lost(kBuffer, '\0');
    const auto target = boost::asio::buffer(lost);
    const auto soon = net::in(clock_, std::chrono::milliseconds(1));
    [[maybe_unused]] const auto size = co_await first.stream.async_read_some(target, soon);
  }
  if (wrong_.relay_talks) {
    first.early.insert(0, 1, '\0');  // an empty frame to each of them
    second.early.insert(0, 1, '\0');
  }
}

}  // namespace deskcheck::server
