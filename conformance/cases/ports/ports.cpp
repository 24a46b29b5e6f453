// Where a server can be found by clients that have been given nothing but its host name.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t kRendezvous = 21116;  // what clients assume
constexpr std::uint16_t kRelay = 21117;

// Two parties meet at this relay: judges `requirement`.
Task<void> relay_works_at(Lab& lab, net::Endpoint relay, std::string requirement) {
  const std::string session = fresh_session(lab);
  const net::Endpoint home = lab.home();
  auto notes = lab.recorder("prober");
  auto opened =
      co_await sim::MessageStream::connect(lab.world(), home, relay, notes, lab.within(5s));
  const auto open = lab.answer(std::move(opened), "a connection to " + to_string(relay));
  if (!lab.verdict(requirement, open, Arrived())) co_return;
  auto first_connection = co_await lab.connect("first", home, relay);
  LabRelayParty first(lab, std::move(first_connection));
  co_await first.join(session);
  auto second_connection = co_await lab.connect("second", home, relay);
  LabRelayParty second(lab, std::move(second_connection));
  co_await second.join(session);
  co_await second.try_to_say("from the second");
  auto heard = co_await first.hear(lab.within(5s));
  lab.verdict(requirement, heard, Hears("from the second"));
}

// A TCP connection can be made to it: judges `requirement`.
Task<void> is_open(Lab& lab, net::Endpoint home, net::Endpoint port, std::string requirement) {
  auto notes = lab.recorder("prober");
  auto opened =
      co_await sim::MessageStream::connect(lab.world(), home, port, notes, lab.within(5s));
  const auto open = lab.answer(std::move(opened), "a connection to " + to_string(port));
  lab.verdict(requirement, open, Arrived());
}
// A WebSocket can be made to it, with the path that clients ask for.
Task<void> is_websocket(Lab& lab, net::Endpoint home, net::Endpoint port, std::string requirement) {
  auto notes = lab.recorder("prober");
  const sim::Upgrade upgrade;
  auto opened = co_await sim::MessageStream::connect_websocket(lab.world(), home, port, upgrade,
                                                               notes, lab.within(5s));
  const auto open = lab.answer(std::move(opened), "a WebSocket to " + to_string(port));
  lab.verdict(requirement, open, Arrived());
}

}  // namespace

// Each of the rendezvous server's ports has its users.
CASE(rendezvous_ports, "ports/rendezvous", checks("PRT-01"), does(Effect::reads)) {
  auto device = lab.device();
  auto alive = co_await device.register_peer(lab.within(5s));
  lab.verdict("PRT-01", alive, Arrived());
  const net::Endpoint home = device.home();
  // Those of features that it does not claim need not be open.
  const auto claims = [&](const char* feature) { return !lab.target().without.contains(feature); };
  if (claims("rendezvous.tcp-signalling"))
    co_await is_open(lab, home, lab.target().rendezvous, "PRT-01");
  if (claims("rendezvous.nat-test") || claims("rendezvous.online-query"))
    co_await is_open(lab, home, lab.target().nat, "PRT-01");
  if (claims("rendezvous.websocket"))
    co_await is_websocket(lab, home, lab.target().websocket, "PRT-01");
}

// And the relay's.
CASE(relay_ports, "ports/relay", checks("PRT-02"), does(Effect::reads)) {
  const net::Endpoint home = lab.home();
  co_await is_open(lab, home, lab.target().relay, "PRT-02");
  if (!lab.target().without.contains("relay.websocket"))
    co_await is_websocket(lab, home, lab.target().relay_websocket, "PRT-02");
}

// A server that was told nothing about ports is where clients look for it.
CASE(default_ports, "ports/default", checks("PRT-03"), does(Effect::restarts)) {
  lab.needs({"relay.tcp"});
  if (lab.starts_servers()) {
    ServerSetup setup;
    setup.address = lab.home().address;  // an address of its own: no other server is there
    setup.default_ports = true;
    co_await lab.own_server(std::move(setup));
  } else if (lab.target().rendezvous.port != kRendezvous) {
    lab.not_applicable("its operator has chosen other ports than 21116");
  }
  lab.verdict("PRT-03", lab.target().rendezvous.port, testing::Eq(kRendezvous));
  auto device = lab.device();
  auto alive = co_await device.register_peer(lab.within(5s));
  lab.verdict("PRT-03", alive, Arrived());
  auto controller = lab.controller();
  auto path = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("PRT-03", path, Arrived());
  const net::Endpoint relay{lab.target().rendezvous.address, kRelay};
  co_await relay_works_at(lab, relay, "PRT-03");
}

// A server that proposes no relay has one of its own behind its rendezvous port.
CASE(fallback_relay, "ports/fallback-relay", checks("PRT-04"), after("relay/pairing/two-parties"),
     does(Effect::reads)) {
  if (const auto& relays = lab.target().relay_servers; relays && !relays->empty())
    lab.not_applicable("the server proposes relays, so devices do not fall back to P+1");
  const net::Endpoint main = lab.target().rendezvous;
  const net::Endpoint relay{main.address, static_cast<std::uint16_t>(main.port + 1)};
  co_await relay_works_at(lab, relay, "PRT-04");
}

}  // namespace deskcheck::conformance
