// The relay: two connections that meet there, by TCP and by WebSocket, and which key it wants.
#include "conformance/doctor/relay.hpp"
#include "client-sim/session/relay_leg.hpp"
#include "conformance/doctor/talk.hpp"
#include "conformance/probe/tour.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::probe {

namespace {

using doctor::Join;
using doctor::Pairing;

// `key`: instead of the one that clients have; null: that.
Task<Pairing> pair(Tour& tour, sim::Transport transport, const std::string* key,
                   const char* which) {
  Join join = [&tour, transport,
               key](hbb::RequestRelay request) -> Task<net::Result<sim::MessageStream>> {
    if (key) request.set_licence_key(*key);
    const sim::Recorder nobody;
    // Clients go two ports above the TCP port for a WebSocket.
    net::Endpoint tcp = tour.relay;
    if (transport == sim::Transport::websocket) {
      tcp = tour.relay_websocket;
      tcp.port = static_cast<std::uint16_t>(tcp.port - 2);
    }
    std::string place = to_string(tcp);
    auto stream = co_await sim::join_relay(transport, tour.world, tour.home(tcp), std::move(place),
                                           std::move(request), nobody, tour.patience());
    co_return stream;
  };
  Pairing pairing;
  for (int i = 0; i < kTries; ++i) {
    auto again = join;
    std::string name = which + std::to_string(i);
    pairing = co_await doctor::pair_up(tour, std::move(name), std::move(again));
    if (pairing.kind == Pairing::Kind::paired ||
        pairing.why == boost::asio::error::connection_refused)
      break;
  }
  co_return pairing;
}

// From its own host an open-source relay takes everybody for its operator.
constexpr char kConsole[] = "it may take its own host for its operator: probe it from elsewhere";

// True: it is there.
bool judge(Tour& tour, const std::string& capability, const std::string& place,
           const Pairing& pairing) {
  const bool own_host = tour.relay.address.is_loopback();
  switch (pairing.kind) {
    case Pairing::Kind::paired:
      tour.present(capability, fmt::format("two connections met at {}", place));
      return true;
    case Pairing::Kind::no_connection:
      if (pairing.why == boost::asio::error::connection_refused)
        tour.absent(capability, fmt::format("{}: {}", place, pairing.why.message()));
      else
        tour.silent(capability, fmt::format("{}, tried twice: {}", place, pairing.why.message()));
      return false;
    case Pairing::Kind::ended:
      tour.unknown(capability, fmt::format("{} sends clients away: {}", place,
                                           own_host ? kConsole : "its key is another one"));
      return false;
    case Pairing::Kind::silent:
      if (own_host)
        tour.unknown(capability, fmt::format("two clients do not meet at {}: {}", place, kConsole));
      else
        tour.silent(capability,
                    fmt::format("{} takes connections, and two of them do not meet", place));
      return false;
    case Pairing::Kind::garbled:
      tour.unknown(capability, fmt::format("{} changes what passes", place));
      return false;
  }
  return false;
}

Task<void> ask_for_key(Tour& tour, sim::Transport transport) {
  const std::string wrong = wire::to_text(tour.patient.identity.keys.public_key);
  const auto pairing = co_await pair(tour, transport, &wrong, "probe wrong key");
  if (pairing.kind == Pairing::Kind::paired)
    tour.findings.relay_asks_for_key = false;
  else if (pairing.kind == Pairing::Kind::ended || pairing.kind == Pairing::Kind::silent)
    tour.findings.relay_asks_for_key = true;
}

// As a target file can say it: with a port for WebSockets two above.
bool can_be_said(const doctor::HostAndPort& place) {
  const bool is_host = std::ranges::all_of(place.host, [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
  });
  return is_host && place.port > 0 && place.port <= 65533;
}

// Where the server sends clients to; a name without an address is left to its operator, and so is
// what is no name.
Task<void> find_relay(Tour& tour) {
  if (tour.named_relay.empty()) co_return;
  const auto place = doctor::taken_apart(tour.named_relay);
  if (!can_be_said(place)) co_return;
  auto found = co_await tour.patient.look_up(place.host, tour.patience());
  if (!found || found->empty()) co_return;
  const net::Endpoint named{doctor::chosen(*found), place.port};
  if (named == tour.relay) co_return;
  if (named.address != tour.relay.address) tour.findings.relay_host = place.host;
  if (named.port != tour.relay.port) tour.findings.relay_port = place.port;
  tour.relay = named;
  tour.relay_websocket = sim::websocket_of(named);
}

}  // namespace

Task<void> see_relay(Tour& tour) {
  co_await find_relay(tour);
  const auto tcp = co_await pair(tour, sim::Transport::tcp, nullptr, "probe relay");
  const bool by_tcp = judge(tour, "relay.tcp", fmt::format("TCP {}", to_string(tour.relay)), tcp);
  const auto web = co_await pair(tour, sim::Transport::websocket, nullptr, "probe web relay");
  const bool by_web = judge(tour, "relay.websocket",
                            fmt::format("WebSocket {}", to_string(tour.relay_websocket)), web);
  const auto over = by_tcp ? sim::Transport::tcp : sim::Transport::websocket;
  if (by_tcp || by_web) co_await ask_for_key(tour, over);
}

}  // namespace deskcheck::probe
