#include "bench/measures.hpp"
#include "bench/messages.hpp"
#include "bench/statistics.hpp"
#include "bench/streams.hpp"

#include <sys/socket.h>

#include <cstdio>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

constexpr std::size_t kChunk =
    256 * 1024;  // bytes per call; real clients write frames of this order
constexpr char kFirstByte = 'd';

struct Pair {
  Descriptor sender, receiver;
};

std::string request(const Load& load, int number) {
  char uuid[40];
  std::snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x",
                static_cast<unsigned>(load.server_pid), static_cast<unsigned>(number));
  return frame_of(request_relay(uuid, load.key));
}

// Both parties of one session. The first byte has to come through: then they are paired.
Pair meet(const Load& load, int number) {
  const sockaddr_in relay = to_sockaddr(load.host, load.relay);
  const auto from = load.clients + 2 * static_cast<Address>(number);
  Pair pair{connect_from(from, relay), connect_from(from + 1, relay)};
  for (const auto* party : {&pair.sender, &pair.receiver}) {
    if (!await_connection(*party))
      throw std::runtime_error("the relay does not accept a connection");
    if (!send_short(*party, request(load, number)))
      throw std::runtime_error("the relay has ended a connection");
  }
  char byte = 0;
  if (!send_short(pair.sender, std::string_view(&kFirstByte, 1)) ||
      receive_blocking(pair.receiver, std::span(&byte, 1)).empty() || byte != kFirstByte)
    throw std::runtime_error("the relay does not bring two parties together");
  return pair;
}

}  // namespace

std::string measure_relay_bytes(const Load& load) {
  const Usage before = usage_of(load.server_pid);
  std::vector<Pair> pairs;
  for (int number = 0; number < load.pairs; ++number) pairs.push_back(meet(load, number));
  const Usage paired = usage_of(load.server_pid);

  Poll poll;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    poll.add(pairs[i].sender.number(), EPOLLOUT, i << 1);
    poll.add(pairs[i].receiver.number(), EPOLLIN, i << 1 | 1);
  }
  const std::string chunk(kChunk, 'x');
  const Watch watch(load.server_pid);
  std::int64_t sent = 0, received = 0;
  while (watch.seconds() < load.seconds) {
    for (const auto& event : poll.wait(100)) {
      Pair& pair = pairs[event.data.u64 >> 1];
      if (event.data.u64 & 1) {
        // The kernel throws the bytes away: looking at them would cost more than relaying them.
        const auto size = ::recv(pair.receiver.number(), nullptr, 4 << 20, MSG_TRUNC);
        if (size == 0) throw std::runtime_error("the relay has ended a session");
        if (size > 0) received += size;
      } else {
        const auto size = ::send(pair.sender.number(), chunk.data(), chunk.size(), MSG_NOSIGNAL);
        if (size > 0) sent += size;
      }
    }
  }
  Report report(load.measure);
  watch.report(report, static_cast<double>(received));
  report.add("sent", sent).add("pairs", static_cast<std::int64_t>(load.pairs));
  const auto grown = static_cast<double>(paired.resident_bytes - before.resident_bytes);
  return report.add("bytes_per_pair", grown / load.pairs).line();
}

}  // namespace deskcheck::bench
