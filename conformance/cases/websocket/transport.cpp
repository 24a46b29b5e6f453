// WebSockets on P+2 carry the same messages as TCP P, one per Binary message.
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using Kind = net::WebSocketMessage::Kind;

struct Received {
  Kind kind;
  std::string bytes;
};
std::ostream& operator<<(std::ostream& out, const Received& received) {
  const bool text = received.kind == Kind::text;
  return out << (received.kind == Kind::binary ? "Binary "
                 : text                        ? "Text "
                                               : "control ")
             << show_bytes(received.bytes);
}

MATCHER(IsBinary, "a Binary message") { return arg.arrived() && arg->kind == Kind::binary; }
MATCHER(HoldsFailure, "one punch_hole_response with a failure, without a length before it") {
  hbb::RendezvousMessage message;
  return arg.arrived() && message.ParseFromString(arg->bytes) &&
         message.has_punch_hole_response() && message.punch_hole_response().socket_addr().empty();
}
MATCHER_P(IsPong, payload, "a Pong with \"" + std::string(payload) + "\"") {
  return arg.arrived() && arg->kind == Kind::pong && arg->bytes == payload;
}
MATCHER(AnswersTheBarrier, "the answer to the barrier, or the end of the connection") {
  if (!arg.arrived()) return !arg.timed_out();
  hbb::RendezvousMessage message;
  return message.ParseFromString(arg->bytes) && message.has_register_pk_response();
}

// The next message of any kind. An offer of encryption does not count.
Task<Answer<Received>> receive(Lab& lab, LabController& client) {
  for (;;) {
    auto message = co_await client.connection().receive_any(lab.within(5s));
    net::Result<Received> received =
        message ? net::Result<Received>(Received{message->kind, message->bytes})
                : net::Result<Received>(message.error());
    hbb::RendezvousMessage offer;
    if (received && offer.ParseFromString(received->bytes) && offer.has_key_exchange()) continue;
    co_return lab.answer(std::move(received), "the next WebSocket message");
  }
}

Task<void> send_any(Lab& lab, LabController& client, Kind kind, std::string bytes) {
  net::WebSocketMessage message(kind, std::move(bytes));
  auto sent = co_await client.connection().send_any(std::move(message), lab.within(5s));
  lab.require("sending a WebSocket message", sent.has_value(), testing::IsTrue());
}

}  // namespace

// Wherever a client or a proxy asks for it.
CASE(ws_paths, "websocket/paths", checks("WS-02"), after("websocket/binary"), does(Effect::reads)) {
  for (const char* path : {"/", "/ws/id", "/some/where?else=1"}) {
    sim::Upgrade upgrade;
    upgrade.path = path;
    const std::string party = std::string("client of ") + path;
    const auto notes = lab.recorder(party);
    auto stream = co_await sim::MessageStream::connect_websocket(
        lab.world(), lab.home(), lab.target().websocket, upgrade, notes, lab.within(5s));
    auto shaken = lab.answer(std::move(stream), "a WebSocket at " + std::string(path));
    if (!lab.verdict("WS-02", shaken, Arrived())) continue;
    // It is not only taken and then left alone.
    hbb::PunchHoleRequest request;
    request.set_id(lab.fresh_id());
    request.set_licence_key(lab.target().licence_key);
    const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
    (void)co_await shaken->send(message, lab.within(5s));
    auto next = co_await shaken->next<hbb::PunchHoleResponse>(lab.within(5s));
    auto answer = lab.answer(std::move(next), "an answer at " + std::string(path));
    lab.verdict("WS-02", answer, Arrived());
  }
}

CASE(ws_binary, "websocket/binary", checks("WS-01", "WS-03"), does(Effect::reads)) {
  auto client = lab.controller(Over::websocket);
  co_await client.send(client.request_for(lab.fresh_id()));
  auto answer = co_await receive(lab, client);
  lab.verdict("WS-01", answer, HoldsFailure());
  lab.verdict("WS-03", answer, IsBinary());
}

// Text is for somebody else: what is in it is not answered, even if it could be a message.
CASE(ws_text, "websocket/text", checks("WS-04"), after("websocket/paths")) {
  auto client = lab.controller(Over::websocket);
  co_await client.connect();
  hbb::PunchHoleRequest request;
  request.set_id(lab.fresh_id());  // nothing but ASCII
  const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
  co_await send_any(lab, client, Kind::text, message.SerializeAsString());
  co_await send_any(lab, client, Kind::text, "hello");
  hbb::RegisterPk barrier;  // is always answered
  barrier.set_id(lab.fresh_id());
  barrier.set_uuid(lab.fresh_uuid());
  barrier.set_pk(std::string(wire::view(wire::make_key_pair(lab.random()).public_key.bytes)));
  const auto question = wrap<hbb::RendezvousMessage>(barrier);
  (void)co_await client.connection().send(question, lab.within(5s));
  auto first = co_await receive(lab, client);
  lab.verdict("WS-04", first, AnswersTheBarrier());
  co_await still_serves(lab, "WS-04");
}

CASE(ws_ping, "websocket/ping", checks("WS-05"), after("websocket/paths"), does(Effect::reads)) {
  auto client = lab.controller(Over::websocket);
  co_await client.connect();
  const std::string payload = "are you there";
  co_await send_any(lab, client, Kind::ping, payload);
  auto pong = co_await receive(lab, client);
  lab.verdict("WS-05", pong, IsPong(payload));
}

// --- requests of other chapters, over WebSockets -------------------------------------------------

CASE(ws_failures, "websocket/failures", checks("PCH-FAIL-10"), after("websocket/paths"),
     does(Effect::reads)) {
  auto client = lab.controller(Over::websocket);
  auto unknown = co_await client.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("PCH-FAIL-10", unknown, FailsWith(hbb::PunchHoleResponse::ID_NOT_EXIST));
  if (lab.target().licence_key.empty()) co_return;
  auto other = lab.controller(Over::websocket);
  auto request = other.request_for(lab.fresh_id());
  request.set_licence_key("wrong");
  auto mismatch = co_await other.ask(std::move(request), lab.within(5s));
  lab.verdict("PCH-FAIL-10", mismatch, FailsWith(hbb::PunchHoleResponse::LICENSE_MISMATCH));
}

// A browser cannot reach a port of the device's network, even from the same address.
CASE(ws_lan, "websocket/same-address", checks("PCH-LAN-03"), after("websocket/binary")) {
  auto device = co_await lab.registered_device();
  auto client = lab.controller(device.home(), Over::websocket);
  co_await client.send(client.request_for(device.id()));
  auto push = co_await device.any_push(lab.within(5s));
  lab.verdict("PCH-LAN-03", push, IsMember(std::string("punch_hole")));
}

// Who asks over a WebSocket hears a device that answers over TCP, and the reverse.
CASE(ws_mixed, "websocket/mixed-answers", checks("PCH-SENT-05"), after("websocket/binary")) {
  auto device = co_await lab.registered_device();
  auto asks_by_websocket = lab.controller(Over::websocket);
  auto heard = co_await asks_by_websocket.hear_from(device, lab.within(5s));
  lab.verdict("PCH-SENT-05", heard, Succeeds());

  auto asks_by_tcp = lab.controller();
  auto push = co_await asks_by_tcp.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  auto reply = co_await lab.connect_over(Over::websocket, device.party(), device.home());
  const auto message = wrap<hbb::RendezvousMessage>(device.answer_to(*push));
  auto sent = co_await reply.send(message, lab.within(5s));
  lab.require("answering over a WebSocket", sent.has_value(), testing::IsTrue());
  auto answer = co_await asks_by_tcp.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-SENT-05", answer, Succeeds());
}

CASE(ws_relay, "websocket/request-relay", checks("RLR-REQ-03"), after("websocket/binary")) {
  auto device = co_await lab.registered_device();
  auto client = lab.controller(Over::websocket);
  hbb::RequestRelay request;
  request.set_id(device.id());
  request.set_uuid("session " + lab.fresh_id());
  request.set_relay_server("relay.test:21117");
  co_await client.send_member(request);
  auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  if (!lab.verdict("RLR-REQ-03", push, NamesRequester(client.address()))) co_return;
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await client.next<hbb::RelayResponse>(lab.within(5s));
  lab.verdict("RLR-REQ-03", answer, Arrived());
}

CASE(ws_nat, "websocket/nat-test", checks("NAT-TEST-05"), after("websocket/binary"),
     does(Effect::reads)) {
  auto client = lab.controller(Over::websocket);
  hbb::TestNatRequest request;
  co_await client.send_member(std::move(request));
  auto answer = co_await client.next<hbb::TestNatResponse>(lab.within(5s));
  lab.verdict("NAT-TEST-05", answer, Arrived());
}

MATCHER(ShowsTheFirstOnline, "an online_response of one byte with the first of two online") {
  return arg.arrived() && arg->states() == "\x80";
}

CASE(ws_online, "websocket/online", checks("ONL-WS-01"), after("websocket/binary")) {
  auto device = co_await lab.registered_device();
  auto client = lab.controller(Over::websocket);
  hbb::OnlineRequest request;
  request.set_id(lab.fresh_id());
  request.add_peers(device.id());
  request.add_peers(lab.fresh_id());
  co_await client.send_member(std::move(request));
  auto answer = co_await client.next<hbb::OnlineResponse>(lab.within(5s));
  lab.verdict("ONL-WS-01", answer, ShowsTheFirstOnline());
}

}  // namespace deskcheck::conformance
