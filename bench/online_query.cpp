#include "bench/online_query.hpp"

#include "bench/messages.hpp"
#include "bench/streams.hpp"
#include "proto/wire/frame.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

constexpr int kAtOnce = 1000;  // devices in a request

hbb::OnlineResponse ask(const Load& load, const std::string& request) {
  const auto from = load.clients + static_cast<Address>(load.devices);
  const Descriptor stream =
      connect_from(from, to_sockaddr(load.host, static_cast<std::uint16_t>(load.port - 1)));
  wire::FrameDecoder decoder;
  std::array<char, 4096> buffer{};
  bool waits = await_connection(stream) && send_short(stream, request);
  while (waits) {
    const auto bytes = receive_blocking(stream, buffer);
    decoder.feed(bytes);
    const auto payload = decoder.next();
    const auto message = payload && *payload ? parse(**payload) : std::nullopt;
    if (message && message->has_online_response()) return message->online_response();
    waits = payload.has_value() && !bytes.empty();
  }
  throw std::runtime_error("the server does not answer an online query");
}

}  // namespace

std::vector<bool> ask_who_is_online(const Load& load) {
  std::vector<bool> online;
  for (int first = 0; first < load.devices; first += kAtOnce) {
    const int count = std::min(kAtOnce, load.devices - first);
    hbb::RendezvousMessage request;
    request.mutable_online_request()->set_id(id_of(load.devices));
    for (int i = 0; i < count; ++i) request.mutable_online_request()->add_peers(id_of(first + i));
    const auto states = ask(load, frame_of(request)).states();
    for (int i = 0; i < count; ++i) {
      const auto byte = static_cast<std::size_t>(i / 8);
      online.push_back(byte < states.size() &&
                       (static_cast<unsigned char>(states[byte]) & (0x80 >> i % 8)) != 0);
    }
  }
  return online;
}

}  // namespace deskcheck::bench
