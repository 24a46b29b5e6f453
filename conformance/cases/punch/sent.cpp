// How a device's answer finds the controller that waits for it, and nobody else's does.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// Nothing more on a connection whose other news have been read: after a barrier on another path
// there is only what is already on its way.
constexpr net::Duration kOnItsWay = 300ms;

// The device's answer, recognisable by its relay.
hbb::PunchHoleSent answer_with_relay(const Call& call, std::string relay) {
  auto answer = call.device.answer_to(call.push);
  answer.set_relay_server(std::move(relay));
  return answer;
}

}  // namespace

// What the device sends over a new connection arrives at the controller: from where it was sent,
// and with the relay that the device has chosen.
CASE(sent_answer, "punch/sent/answer", checks("PCH-SENT-01", "PCH-SENT-02", "PCH-SENT-03")) {
  auto call = co_await place_call(lab);
  const auto reply = co_await call.device.reply(answer_with_relay(call, "chosen.test:21117"));
  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  if (!lab.verdict("PCH-SENT-01", answer, Succeeds())) co_return;
  lab.verdict("PCH-SENT-02", answer->socket_addr(), DecodesTo(reply.local()));
  lab.verdict("PCH-SENT-03", answer->relay_server(), testing::Eq(std::string("chosen.test:21117")));
}

// A device that names no relay is not given one.
CASE(sent_without_relay, "punch/sent/without-relay", checks("PCH-SENT-03"),
     after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  const auto reply = co_await call.device.reply(answer_with_relay(call, ""));
  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the device's answer arrives", answer, Succeeds());
  lab.verdict("PCH-SENT-03", answer->relay_server(), testing::IsEmpty());
}

// An answer for somebody who does not wait goes nowhere: not to those who do wait, not to whoever
// has that address on UDP.
CASE(sent_to_nobody, "punch/sent/nobody-waits", checks("PCH-SENT-04"), after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  auto bystander = lab.device();
  auto stray = answer_with_relay(call, "stray.test");
  stray.set_socket_addr(wire::encode_address(bystander.address(), 0x7654321));
  auto lost = co_await call.device.reply(stray);
  co_await finish(lab, lost);

  const auto reply = co_await call.device.reply(answer_with_relay(call, "right.test"));
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("PCH-SENT-04", first, IsAnswerWithRelay("right.test"));
  const auto heard = co_await bystander.before_barrier();
  lab.verdict("PCH-SENT-04", heard, IsNothing());
}

// The controller gets one answer to its request; a second one is dropped.
CASE(sent_twice, "punch/sent/twice", checks("PCH-SENT-06"), after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  auto reply = co_await call.device.reply(answer_with_relay(call, "first.test"));
  co_await finish(lab, reply);
  auto again = co_await call.device.reply(answer_with_relay(call, "second.test"));
  co_await finish(lab, again);

  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("PCH-SENT-06", first, IsAnswerWithRelay("first.test"));
  auto second = co_await call.controller.next_message(lab.within(kOnItsWay));
  lab.verdict("PCH-SENT-06", second, testing::Not(Arrived()));
}

// Another device, under its own id, cannot answer for the one that was asked for.
CASE(sent_by_other_device, "punch/sent/other-device", checks("PCH-SENT-07"),
     after("punch/sent/answer")) {
  auto call = co_await place_call(lab);
  auto other = co_await lab.registered_device();
  auto foreign = answer_with_relay(call, "other.test");
  foreign.set_id(other.id());
  auto intrusion = co_await other.reply(foreign);
  co_await finish(lab, intrusion);

  const auto reply = co_await call.device.reply(answer_with_relay(call, "right.test"));
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("PCH-SENT-07", first, IsAnswerWithRelay("right.test"));
}

}  // namespace deskcheck::conformance
