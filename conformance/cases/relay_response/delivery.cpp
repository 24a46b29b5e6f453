// A device that goes to the relay by itself: how its relay_response reaches the waiting controller.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// What a device answers to a punch_hole when it wants the relay.
hbb::RelayResponse relay_answer(Lab& lab, const Call& call) {
  hbb::RelayResponse answer;
  answer.set_socket_addr(call.push.socket_addr());
  answer.set_id(call.device.id());
  answer.set_uuid(fresh_session(lab));
  answer.set_relay_server("relay.test:21117");
  answer.set_version("1.4.9");
  return answer;
}

}  // namespace

// The controller gets the session and the relay that the device has chosen.
CASE(relay_answer_delivered, "relay-response/delivered", checks("RLR-BINI-01")) {
  auto call = co_await place_call(lab);
  const auto sent = relay_answer(lab, call);
  const auto reply = co_await call.device.reply(sent);
  auto answer = co_await call.controller.next<hbb::RelayResponse>(lab.within(5s));
  if (!lab.verdict("RLR-BINI-01", answer, Arrived())) co_return;
  lab.verdict("RLR-BINI-01", answer->uuid(), testing::Eq(sent.uuid()));
  lab.verdict("RLR-BINI-01", answer->relay_server(), testing::Eq(sent.relay_server()));
}

// In place of the id stands the key that the server vouches for, and no address is left in it.
CASE(relay_answer_signed, "relay-response/signed-key", checks("RLR-BINI-02"),
     after("relay-response/delivered")) {
  if (!lab.target().key) lab.not_applicable("the server has no key to sign with");
  auto call = co_await place_call(lab);
  const auto reply = co_await call.device.reply(relay_answer(lab, call));
  auto answer = co_await call.controller.next<hbb::RelayResponse>(lab.within(5s));
  lab.require("the device's answer arrives", answer, Arrived());
  const std::string pk(wire::view(call.device.identity().keys.public_key.bytes));
  lab.verdict("RLR-BINI-02", answer->pk(), SignedIdentity(*lab.target().key, call.device.id(), pk));
  lab.verdict("RLR-BINI-02", answer->id(), testing::IsEmpty());
  lab.verdict("RLR-BINI-02", answer->socket_addr(), testing::IsEmpty());
}

// All that the two clients tell each other passes unchanged.
CASE(relay_answer_values, "relay-response/values", checks("RLR-BINI-03"),
     after("relay-response/delivered")) {
  auto call = co_await place_call(lab);
  auto sent = relay_answer(lab, call);
  sent.set_version("1.3.7-deskcheck");
  sent.set_refuse_reason("not today");
  sent.set_feedback(7);
  sent.set_socket_addr_v6(wire::encode_address(net::endpoint("2001:db8::7", 50123), 0));
  sent.set_upnp_port(50124);
  const auto reply = co_await call.device.reply(sent);
  auto answer = co_await call.controller.next<hbb::RelayResponse>(lab.within(5s));
  lab.require("the device's answer arrives", answer, Arrived());
  lab.verdict("RLR-BINI-03", answer->version(), testing::Eq(sent.version()));
  lab.verdict("RLR-BINI-03", answer->refuse_reason(), testing::Eq(sent.refuse_reason()));
  lab.verdict("RLR-BINI-03", answer->feedback(), testing::Eq(sent.feedback()));
  lab.verdict("RLR-BINI-03", answer->socket_addr_v6(), Bytes(sent.socket_addr_v6()));
  lab.verdict("RLR-BINI-03", answer->upnp_port(), testing::Eq(sent.upnp_port()));
}

// The answer to a controller's own relay request names no id, and gets no key.
CASE(relay_answer_without_id, "relay-response/without-id", checks("RLR-BINI-04"),
     after("relay-response/delivered")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  hbb::RequestRelay request;
  request.set_id(device.id());
  request.set_uuid(fresh_session(lab));
  request.set_relay_server("relay.test:21117");
  co_await controller.send_member(request);
  auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  lab.require("the device gets the request_relay", push, Arrived());
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await controller.next<hbb::RelayResponse>(lab.within(5s));
  if (!lab.verdict("RLR-BINI-04", answer, Arrived())) co_return;
  lab.verdict("RLR-BINI-04", answer->pk(), testing::IsEmpty());
}

// An answer for somebody who does not wait goes nowhere: not to those who do wait, not to whoever
// has that address on UDP.
CASE(relay_answer_to_nobody, "relay-response/nobody-waits", checks("RLR-BINI-05"),
     after("relay-response/delivered")) {
  auto call = co_await place_call(lab);
  auto bystander = lab.device();
  auto stray = relay_answer(lab, call);
  stray.set_relay_server("stray.test");
  stray.set_socket_addr(wire::encode_address(bystander.address(), 0x7654321));
  auto lost = co_await call.device.reply(stray);
  co_await finish(lab, lost);

  auto right = relay_answer(lab, call);
  right.set_relay_server("right.test");
  const auto reply = co_await call.device.reply(right);
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("RLR-BINI-05", first, IsAnswerWithRelay("right.test"));
  const auto heard = co_await bystander.before_barrier();
  lab.verdict("RLR-BINI-05", heard, IsNothing());
}

}  // namespace deskcheck::conformance
