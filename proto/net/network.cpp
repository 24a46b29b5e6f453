#include "proto/net/network.hpp"

#include "proto/net/within.hpp"

namespace deskcheck::net {

namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(1);

}  // namespace

std::string to_string(const Endpoint& e) {
  const std::string host = e.address.to_string();
  return (e.address.is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(e.port);
}

// Shortages of the whole process or machine: they pass, and the waiting connection is still there.
bool is_shortage(error_code ec) {
  return ec == boost::system::errc::too_many_files_open ||
         ec == boost::system::errc::too_many_files_open_in_system ||
         ec == boost::system::errc::no_buffer_space || ec == boost::system::errc::not_enough_memory;
}

// Concerns one connection that is already gone: the next one may be well.
bool is_lost_connection(error_code ec) {
  return ec == asio::error::connection_aborted || ec == asio::error::connection_reset ||
         ec == boost::system::errc::protocol_error || ec == asio::error::interrupted;
}

Endpoint endpoint(const char* address, std::uint16_t port) {
  return {asio::ip::make_address(address), port};
}

void teardown(boost::beast::role_type, ByteStream& stream, error_code& ec) {
  stream->shutdown_send();
  ec = {};
}

awaitable<Result<void>> DatagramSocket::receive(std::vector<Datagram>& batch, Deadline deadline) {
  const auto wait = [this](Completion c) { wait_readable(std::move(c)); };
  while (!take(batch)) {
    auto ready = co_await within(deadline, executor(), wait);
    if (!ready) co_return ready.error();
    takes_in_a_row_ = 0;
  }
  if (++takes_in_a_row_ >= kFairShare) {
    co_await within(never(*deadline.clock), executor(), pass_turn);
    takes_in_a_row_ = 0;
  }
  co_return Result<void>();
}

awaitable<Result<ByteStream>> Listener::accept(Deadline deadline) {
  const auto wait = [this](Completion c) { wait_readable(std::move(c)); };
  for (Duration pause = kFirstPause;;) {
    auto end = take();
    if (end) {
      if (++takes_in_a_row_ >= kFairShare) {
        co_await within(never(*deadline.clock), executor(), pass_turn);
        takes_in_a_row_ = 0;
      }
      co_return ByteStream(std::move(*end));
    }
    const error_code ec = end.error();
    if (ec == asio::error::would_block) {
      auto ready = co_await within(deadline, executor(), wait);
      if (!ready) co_return ready.error();
      takes_in_a_row_ = 0;
    } else if (is_shortage(ec)) {
      // The listener stays readable, so waiting for it would spin.
      const Time now = deadline.clock->now();
      if (now >= deadline.at) co_return error_code(asio::error::timed_out);
      co_await sleep_until(*deadline.clock, std::min(now + pause, deadline.at));
      pause = std::min(2 * pause, kLongestPause);
    } else if (!is_lost_connection(ec)) {
      co_return ec;
    }
  }
}

awaitable<Result<ByteStream>> Network::connect(Endpoint from, Endpoint to, Deadline deadline) {
  auto opened = open(from, to);
  if (!opened) co_return opened.error();
  ByteStream stream(std::move(*opened));
  auto* end = stream.operator->();
  const auto start = [end, to](Completion c) { end->connect(to, std::move(c)); };
  auto done = co_await within(deadline, end->executor(), start);
  if (!done) co_return done.error();
  co_return std::move(stream);
}

}  // namespace deskcheck::net
