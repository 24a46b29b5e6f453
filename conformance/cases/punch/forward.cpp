// How a request reaches a device at another address: as one punch_hole that names the requester.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

// Each of two controllers makes the device hear of it once, by its own address and port.
CASE(forwarded_once, "punch/forward/once", checks("PCH-FWD-01", "PCH-FWD-02")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto push = co_await controller.reach(device, lab.within(5s));
  if (!lab.verdict("PCH-FWD-01", push, Arrived())) co_return;
  lab.verdict("PCH-FWD-02", push->socket_addr(), DecodesTo(controller.address()));

  // A double of the first push would come before the push of a later request.
  auto other = lab.controller(controller.home());
  co_await other.send(other.request_for(device.id()));
  auto next = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.verdict("PCH-FWD-01", next, NamesRequester(other.address()));
  const auto rest = co_await device.before_barrier();
  lab.verdict("PCH-FWD-01", rest, HasNoPush());
}

// The device's registered address is the one of its last registration, not of its first.
CASE(forwarded_after_move, "punch/forward/new-port", checks("PCH-FWD-01"),
     after("punch/forward/once")) {
  auto device = co_await lab.registered_device();
  device.move_to(device.home());
  auto alive = co_await device.register_peer(lab.within(5s));
  lab.require("registering from another port", alive, RequestsPk(false));

  auto controller = lab.controller();
  auto push = co_await controller.reach(device, lab.within(5s));
  lab.verdict("PCH-FWD-01", push, NamesRequester(controller.address()));
}

// The one relay that is configured is proposed to the device.
CASE(relay_proposed, "punch/forward/one-relay", checks("PCH-FWD-03"), after("punch/forward/once"),
     does(Effect::restarts)) {
  ServerSetup setup;
  setup.relay_servers = {"192.0.2.7:21117"};
  co_await lab.own_server(std::move(setup));
  auto call = co_await place_call(lab);
  lab.verdict("PCH-FWD-03", call.push.relay_server(), testing::Eq(std::string("192.0.2.7:21117")));
}

// Without a configured relay none is proposed: the device knows what to do then.
CASE(no_relay_proposed, "punch/forward/no-relay", checks("PCH-FWD-03"), after("punch/forward/once"),
     does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  auto call = co_await place_call(lab);
  lab.verdict("PCH-FWD-03", call.push.relay_server(), testing::IsEmpty());
}

// What this server proposes is among the relays that its operator has told the suite.
CASE(known_relay_proposed, "punch/forward/known-relay", checks("PCH-FWD-03"),
     after("punch/forward/once")) {
  if (!lab.target().relay_servers)
    lab.not_applicable("the suite has not been told which relays the server proposes");
  const std::vector<std::string> relays = *lab.target().relay_servers;
  auto call = co_await place_call(lab);
  if (relays.empty())
    lab.verdict("PCH-FWD-03", call.push.relay_server(), testing::IsEmpty());
  else
    lab.verdict("PCH-FWD-03", call.push.relay_server(), testing::AnyOfArray(relays));
}

// The first thing that the controller gets to read is the device's answer.
CASE(quiet_until_answered, "punch/forward/quiet", checks("PCH-FWD-04"),
     after("punch/forward/once")) {
  auto call = co_await place_call(lab);
  auto answer = call.device.answer_to(call.push);
  answer.set_relay_server("answered.test");
  const auto reply = co_await call.device.reply(answer);
  auto first = co_await call.controller.next_message(lab.within(5s));
  lab.verdict("PCH-FWD-04", first, IsAnswerWithRelay("answered.test"));
}

// Asking again on the same connection makes the device hear of it again, as lost pushes demand.
CASE(repeated, "punch/forward/repeated", checks("PCH-FWD-05"), after("punch/forward/once")) {
  auto call = co_await place_call(lab);
  for (int attempt = 2; attempt <= 3; ++attempt) {
    auto push = co_await call.controller.reach(call.device, lab.within(5s));
    lab.verdict("PCH-FWD-05", push, NamesRequester(call.controller.address()));
  }
}

// A device that takes its time, 9 s, still finds the controller waiting.
CASE(slow_answer, "punch/forward/slow-answer", checks("PCH-FWD-06"), after("punch/forward/once"),
     takes(9s)) {
  auto call = co_await place_call(lab);
  co_await lab.wait(9s);
  const auto reply = co_await call.device.reply(call.device.answer_to(call.push));
  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-FWD-06", answer, Succeeds());
}

}  // namespace deskcheck::conformance
