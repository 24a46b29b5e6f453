// The simulated device answers pushes as the real client does: over new connections, each requester
// once, and by relay where a direct connection has no chance. The case plays the server.
#include "conformance/cases/client/device.hpp"
#include "conformance/lab/scripted_server.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using OnDevice = std::function<void(sim::DeviceOptions&)>;
using OnPush = std::function<void(hbb::PunchHole&)>;

// Somewhere in the world, where nobody listens.
std::string requester_at(std::uint16_t port) {
  return wire::encode_address(net::endpoint("127.0.0.1", port), 0x2345678);
}

hbb::PunchHole punch_hole(std::string requester) {
  hbb::PunchHole push;
  push.set_socket_addr(std::move(requester));
  push.set_nat_type(hbb::ASYMMETRIC);
  return push;
}
hbb::FetchLocalAddr fetch_local_addr(std::string requester) {
  hbb::FetchLocalAddr push;
  push.set_socket_addr(std::move(requester));
  return push;
}

const std::string& requester_of(const hbb::RendezvousMessage& answer) {
  if (answer.has_punch_hole_sent()) return answer.punch_hole_sent().socket_addr();
  if (answer.has_local_addr()) return answer.local_addr().socket_addr();
  return answer.relay_response().socket_addr();
}
// Local addresses come with the requester mangled anew.
MATCHER_P2(Answers, name, requester, "a " + std::string(name) + " for the requester of the push") {
  return testing::Value(arg, IsMember(std::string(name))) &&
         wire::decode_address(requester_of(*arg)) == wire::decode_address(requester);
}
MATCHER_P2(StartsRelay, id, requester,
           "a relay_response with id, a session and a relay, for the requester of the push") {
  if (!arg.arrived() || !arg->has_relay_response()) return false;
  const auto& response = arg->relay_response();
  return response.id() == id && !response.uuid().empty() && !response.relay_server().empty() &&
         response.socket_addr() == requester;
}

Task<Answer<hbb::RendezvousMessage>> next_answer(Lab& lab, ScriptedServer& server) {
  auto connection = co_await server.connection();
  co_return co_await server.hear_on(connection, lab.within(5s));
}

// The same push twice, then one for somebody else, then later the first one again: the second of
// them gets no answer.
template <class Push>
Task<void> send_duplicates(Lab& lab, std::string_view answer, Push one, Push other) {
  ScriptedServer server(lab);
  simulated_device(lab, device_options(lab, server.address()));
  co_await server.accept_device();
  server.say(one);
  server.say(one);
  server.say(other);
  const std::array answered{one, other};
  for (const auto& push : answered) {
    auto heard = co_await next_answer(lab, server);
    lab.verdict("CLI-PCH-02", heard, Answers(answer, push.socket_addr()));
  }
  co_await lab.wait(1s);
  server.say(one);
  auto heard = co_await next_answer(lab, server);
  lab.verdict("CLI-PCH-02", heard, Answers(answer, one.socket_addr()));
}

// The connection on which the answer has to come, then the registration channel, on which nothing
// may have come.
template <class Push>
Task<void> judge_channel(Lab& lab, ScriptedServer& server, std::string_view answer, Push push) {
  server.say(push);
  auto connection = co_await server.next_connection(lab.within(5s));
  if (!lab.verdict("CLI-PCH-04", connection, Arrived())) co_return;
  auto heard = co_await server.hear_on(*connection, lab.within(5s));
  lab.verdict("CLI-PCH-04", heard, Answers(answer, push.socket_addr()));
  hbb::RegisterPeerResponse barrier;
  barrier.set_request_pk(true);
  server.say(barrier);
  auto datagram = co_await server.hear(lab.within(5s));
  lab.verdict("CLI-PCH-04", datagram, RegistersKey());
  hbb::RegisterPkResponse accepted;
  server.say(accepted);
}

// The device answers the push with a relay of its own choice and is there itself.
Task<void> judge_relay_start(Lab& lab, OnDevice on_device, OnPush on_push) {
  ScriptedServer server(lab);
  auto options = device_options(lab, server.address());
  options.relay_server = server.name();
  on_device(options);
  simulated_device(lab, options);
  co_await server.accept_device();
  auto push = punch_hole(requester_at(40001));
  on_push(push);
  server.say(push);
  auto answer = co_await next_answer(lab, server);
  if (!lab.verdict("CLI-PCH-03", answer, StartsRelay(options.id, push.socket_addr()))) co_return;
  lab.verdict("CLI-PCH-03", answer->relay_response().relay_server(), testing::Eq(server.name()));
  auto at_relay = co_await next_answer(lab, server);
  if (!lab.verdict("CLI-PCH-03", at_relay, IsMember(std::string("request_relay")))) co_return;
  lab.verdict("CLI-PCH-03", at_relay->request_relay().uuid(),
              testing::Eq(answer->relay_response().uuid()));
}

}  // namespace

// A second request from the same address within 100 ms is the first one again.
CASE(duplicate_punches, "client/push/duplicate-punch-hole", checks("CLI-PCH-02"),
     after("client/push/answers-over-tcp"), does(Effect::reads)) {
  co_await send_duplicates(lab, "punch_hole_sent", punch_hole(requester_at(40001)),
                           punch_hole(requester_at(40002)));
}

CASE(duplicate_fetches, "client/push/duplicate-fetch-local-addr", checks("CLI-PCH-02"),
     after("client/push/answers-over-tcp"), does(Effect::reads)) {
  co_await send_duplicates(lab, "local_addr", fetch_local_addr(requester_at(40001)),
                           fetch_local_addr(requester_at(40002)));
}

CASE(duplicate_relays, "client/push/duplicate-request-relay", checks("CLI-PCH-02"),
     after("client/push/answers-over-tcp"), does(Effect::reads)) {
  // Nobody is at that relay: its legs do not disturb the count of connections.
  hbb::RequestRelay one, other;
  one.set_relay_server("127.0.0.1:1");
  one.set_uuid("session");
  other = one;
  one.set_socket_addr(requester_at(40001));
  other.set_socket_addr(requester_at(40002));
  co_await send_duplicates(lab, "relay_response", one, other);
}

// With two NATs that keep their ports it punches, and does not start a relay.
CASE(punch_when_possible, "client/push/direct", checks("CLI-PCH-03"), does(Effect::reads)) {
  ScriptedServer server(lab);
  simulated_device(lab, device_options(lab, server.address()));
  co_await server.accept_device();
  const auto push = punch_hole(requester_at(40001));
  server.say(push);
  auto answer = co_await next_answer(lab, server);
  lab.verdict("CLI-PCH-03", answer, Answers(std::string("punch_hole_sent"), push.socket_addr()));
}

CASE(controller_symmetric, "client/push/controller-symmetric", checks("CLI-PCH-03"),
     after("client/push/direct"), does(Effect::reads)) {
  const OnDevice as_it_is = [](sim::DeviceOptions&) {};
  const OnPush symmetric = [](hbb::PunchHole& push) { push.set_nat_type(hbb::SYMMETRIC); };
  co_await judge_relay_start(lab, as_it_is, symmetric);
}

CASE(device_symmetric, "client/push/device-symmetric", checks("CLI-PCH-03"),
     after("client/push/direct"), does(Effect::reads)) {
  const OnDevice symmetric = [](sim::DeviceOptions& device) { device.nat_type = hbb::SYMMETRIC; };
  const OnPush as_it_is = [](hbb::PunchHole&) {};
  co_await judge_relay_start(lab, symmetric, as_it_is);
}

CASE(relay_forced, "client/push/relay-forced", checks("CLI-PCH-03"), after("client/push/direct"),
     does(Effect::reads)) {
  const OnDevice as_it_is = [](sim::DeviceOptions&) {};
  const OnPush forced = [](hbb::PunchHole& push) { push.set_force_relay(true); };
  co_await judge_relay_start(lab, as_it_is, forced);
}

CASE(behind_proxy, "client/push/behind-proxy", checks("CLI-PCH-03"), after("client/push/direct"),
     does(Effect::reads)) {
  const OnDevice proxied = [](sim::DeviceOptions& device) { device.relay_only = true; };
  const OnPush as_it_is = [](hbb::PunchHole&) {};
  co_await judge_relay_start(lab, proxied, as_it_is);
}

// Each kind of push is answered on a connection of its own, in plain text.
CASE(answers_over_tcp, "client/push/answers-over-tcp", checks("CLI-PCH-04"), does(Effect::reads)) {
  ScriptedServer server(lab);
  simulated_device(lab, device_options(lab, server.address()));
  co_await server.accept_device();
  co_await judge_channel(lab, server, "punch_hole_sent", punch_hole(requester_at(40001)));
  co_await judge_channel(lab, server, "local_addr", fetch_local_addr(requester_at(40002)));
  hbb::RequestRelay relay;
  relay.set_socket_addr(requester_at(40003));
  relay.set_relay_server("127.0.0.1:1");
  relay.set_uuid("session");
  co_await judge_channel(lab, server, "relay_response", relay);
}

}  // namespace deskcheck::conformance
