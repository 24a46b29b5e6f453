// Devices that cannot use UDP register on a connection, over TCP or a WebSocket: the connection is
// their presence, and what is meant for them comes on it.
#include "conformance/cases/online/online.hpp"
#include "conformance/lab/connected_device.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using Result = hbb::RegisterPkResponse;

// A register_pk in plain text: whatever becomes of it, there is an answer.
Task<void> judge_plain(Lab& lab, Over over, std::string requirement) {
  auto controller = lab.controller(over);
  hbb::RegisterPk request;
  request.set_id(lab.fresh_id());
  request.set_uuid(lab.fresh_uuid());
  request.set_pk(std::string(wire::view(wire::make_key_pair(lab.random()).public_key.bytes)));
  co_await controller.send_member(std::move(request));
  auto answer = co_await controller.next<hbb::RegisterPkResponse>(lab.within(5s));
  lab.verdict(requirement, answer, Arrived());
}

// Online at once, and after more time than a device over UDP could be silent.
Task<void> judge_presence(Lab& lab, Over over, std::string requirement) {
  auto device = co_await connected_device(lab, over);
  auto answer = co_await device.register_pk(lab.within(5s));
  if (!lab.verdict(requirement, answer, Results(Result::OK))) co_return;
  for (const auto pause : {0s, 35s}) {
    const bool open = co_await device.stay(pause);
    if (!lab.verdict(requirement, open, StaysOpen())) co_return;
    auto caller = lab.controller();
    co_await caller.send(caller.request_for(device.id()));
    auto push = co_await device.next<hbb::PunchHole>(lab.within(5s));
    lab.verdict(requirement, push, Arrived());
  }
}

// Each kind of push, for a caller at another address and one at the device's.
Task<void> judge_pushes(Lab& lab, Over over) {
  auto device = co_await registered_over(lab, over);
  auto caller = lab.controller();
  co_await caller.send(caller.request_for(device.id()));
  auto punch = co_await device.next<hbb::PunchHole>(lab.within(5s));
  if (lab.verdict("RDV-REGTCP-06", punch, NamesRequester(caller.address()))) {
    const auto reply = co_await device.reply(device.answer_to(*punch));
    auto heard = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
    lab.verdict("RDV-REGTCP-06", heard, Succeeds());
  }
  auto other = lab.controller();
  hbb::RequestRelay request;
  request.set_id(device.id());
  request.set_uuid("session " + lab.fresh_id());
  co_await other.send_member(request);
  auto relay = co_await device.next<hbb::RequestRelay>(lab.within(5s));
  lab.verdict("RDV-REGTCP-06", relay, NamesRequester(other.address()));
}

MATCHER(IsPushToDevice, "a fetch_local_addr or a punch_hole") {
  return arg.arrived() && (arg->has_fetch_local_addr() || arg->has_punch_hole());
}

// Its connection ends in order. A server on a busy machine may learn of it a moment later.
Task<void> end(Lab& lab, ConnectedDevice& device) {
  auto ended = co_await device.connection().finish(lab.within(5s));
  lab.require("the device's connection ends", ended.has_value(), testing::IsTrue());
  device.hang_up();
  co_await lab.wait(1s);
}

Task<void> judge_end(Lab& lab, Over over) {
  auto device = co_await registered_over(lab, over);
  co_await end(lab, device);
  auto caller = lab.controller();
  auto answer = co_await caller.ask_for(device.id(), lab.within(5s));
  lab.verdict("RDV-REGTCP-07", answer, FailsWith(hbb::PunchHoleResponse::OFFLINE));
}

// Its dot in a device list is green as long as the connection lives, and grey after its end, which
// no push to the device has told the server.
Task<void> judge_dot(Lab& lab, Over over, std::string presence) {
  if (lab.target().without.contains("rendezvous.online-query"))
    lab.not_applicable("the server has no online query");
  const net::Endpoint port = second_port(lab);
  const net::Endpoint home = lab.home();
  auto device = co_await registered_over(lab, over);
  const std::vector<std::string> ids = {device.id()};
  auto before = co_await ask_online(lab, home, port, ids);
  if (!lab.verdict(presence, before, HasState(0U, true))) co_return;
  co_await end(lab, device);
  auto after = co_await ask_online(lab, home, port, ids);
  lab.verdict("RDV-REGTCP-07", after, HasState(0U, false));
}

// An id that somebody else has is refused, and the next one is taken on the same connection.
Task<void> judge_mismatch(Lab& lab, Over over) {
  auto owner = co_await registered_over(lab, over);
  auto device = co_await connected_device(lab, over);
  device.identity().id = owner.id();
  auto refused = co_await device.register_pk(lab.within(5s));
  if (!lab.verdict("RDV-REGTCP-10", refused, Results(Result::UUID_MISMATCH))) co_return;
  device.identity().id = lab.fresh_id();
  auto accepted = co_await device.register_pk(lab.within(5s));
  if (!lab.verdict("RDV-REGTCP-10", accepted, Results(Result::OK))) co_return;
  auto caller = lab.controller();
  co_await caller.send(caller.request_for(device.id()));
  auto push = co_await device.next<hbb::PunchHole>(lab.within(5s));
  lab.verdict("RDV-REGTCP-10", push, Arrived());
}

}  // namespace

CASE(plain_tcp, "connected/plain-tcp", checks("RDV-REGTCP-01")) {
  co_await judge_plain(lab, Over::tcp, "RDV-REGTCP-01");
}

CASE(plain_websocket, "connected/plain-websocket", checks("RDV-REGTCP-02")) {
  co_await judge_plain(lab, Over::websocket, "RDV-REGTCP-02");
}

CASE(presence_tcp, "connected/presence-tcp", checks("RDV-REGTCP-03"), takes(40s)) {
  co_await judge_presence(lab, Over::secure, "RDV-REGTCP-03");
}

CASE(presence_websocket, "connected/presence-websocket", checks("RDV-REGTCP-04"), takes(40s)) {
  co_await judge_presence(lab, Over::websocket, "RDV-REGTCP-04");
}

CASE(pushes_tcp, "connected/pushes-tcp", checks("RDV-REGTCP-06")) {
  co_await judge_pushes(lab, Over::secure);
}

CASE(pushes_websocket, "connected/pushes-websocket", checks("RDV-REGTCP-06")) {
  need_websocket_devices(lab);
  co_await judge_pushes(lab, Over::websocket);
}

// A caller at the device's own address, over TCP both: its local address is asked for.
CASE(push_local, "connected/push-local-address", checks("RDV-REGTCP-06"),
     after("connected/pushes-tcp")) {
  auto device = co_await registered_over(lab, Over::secure);
  auto caller = lab.controller(device.home());
  co_await caller.send(caller.request_for(device.id()));
  auto push = co_await device.next_message(lab.within(5s));
  lab.verdict("RDV-REGTCP-06", push, IsPushToDevice());
}

CASE(end_tcp, "connected/end-tcp", checks("RDV-REGTCP-07"), after("connected/pushes-tcp")) {
  co_await judge_end(lab, Over::secure);
}

CASE(end_websocket, "connected/end-websocket", checks("RDV-REGTCP-07"),
     after("connected/pushes-websocket")) {
  co_await judge_end(lab, Over::websocket);
}

CASE(dot_tcp, "connected/dot-tcp", checks("RDV-REGTCP-03", "RDV-REGTCP-07"),
     after("connected/pushes-tcp")) {
  co_await judge_dot(lab, Over::secure, "RDV-REGTCP-03");
}

CASE(dot_websocket, "connected/dot-websocket", checks("RDV-REGTCP-04", "RDV-REGTCP-07"),
     after("connected/pushes-websocket")) {
  co_await judge_dot(lab, Over::websocket, "RDV-REGTCP-04");
}

CASE(mismatch_tcp, "connected/mismatch-tcp", checks("RDV-REGTCP-10")) {
  co_await judge_mismatch(lab, Over::secure);
}

CASE(mismatch_websocket, "connected/mismatch-websocket", checks("RDV-REGTCP-10")) {
  need_websocket_devices(lab);
  co_await judge_mismatch(lab, Over::websocket);
}

}  // namespace deskcheck::conformance
