#include "reference-server/console_line.hpp"

#include "proto/net/stream.hpp"
#include "proto/wire/address.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

constexpr auto kCommandWithin = std::chrono::seconds(1);
constexpr auto kAnswerWithin = std::chrono::seconds(5);
constexpr auto kLinger = std::chrono::seconds(1);
constexpr std::size_t kLongestCommand = 1024;  // bytes

bool serves(const Options& options, const net::Endpoint& peer) {
  if (options.consoles == Consoles::none) return false;
  return wire::normalise_v4(peer).address.is_loopback() ||
         options.faults.policies.console_for_everybody;
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) {
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
  });
}

// One read, whatever it brings.
net::awaitable<Opening> read_whole(net::ByteStream& stream, net::Deadline deadline) {
  auto bytes = co_await net::read_some(stream, kLongestCommand, deadline);
  if (!bytes || !is_text(*bytes)) co_return Opening(Opening::Kind::nothing, {});
  co_return Opening(Opening::Kind::command, std::move(*bytes));
}

}  // namespace

net::awaitable<Opening> read_opening(net::Clock& clock, net::ByteStream& stream,
                                     const Options& options) {
  if (!serves(options, stream->remote())) co_return Opening(Opening::Kind::protocol, {});
  auto deadline = net::in(clock, kCommandWithin);
  if (options.faults.policies.console_waits_for_ever) deadline = net::never(clock);
  if (options.consoles == Consoles::all_of_loopback)
    co_return co_await read_whole(stream, deadline);

  std::string all;
  while (all.size() < kLongestCommand) {
    auto bytes = co_await net::read_some(stream, kLongestCommand - all.size(), deadline);
    if (!bytes) break;
    all += *bytes;
    if (!is_text(all)) co_return Opening(Opening::Kind::protocol, std::move(all));
    if (all.find('\n') != std::string::npos) break;
  }
  if (all.empty()) co_return Opening(Opening::Kind::nothing, {});
  co_return Opening(Opening::Kind::command, std::move(all));
}

net::awaitable<void> answer_command(net::Clock& clock, net::ByteStream& stream, std::string text,
                                    const WrongPolicies& wrong) {
  const auto deadline = net::in(clock, kAnswerWithin);
  auto written = co_await net::write_all(stream, std::move(text), deadline);
  if (!written) co_return;
  if (!wrong.console_stays_open) stream->shutdown_send();
  // What comes after the command is read and dropped, so that no reset overtakes the answer.
  const auto end = wrong.console_stays_open ? net::never(clock) : net::in(clock, kLinger);
  for (;;) {
    auto dropped = co_await net::read_some(stream, kLongestCommand, end);
    if (!dropped) co_return;
  }
}

}  // namespace deskcheck::server
