// What a server that controls sessions tells both sides: rules for the device, and feedback that it
// wants from the controller while the session lasts.
#include "conformance/lab/connected_device.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kSilence = 90s;          // what a client endures
constexpr std::uint64_t kNoClipboard = 1U << 4;  // permission 2 disabled
constexpr char kReference[] = "reference-of-the-audit";

MATCHER(AsksForNoFeedback, "an answer without feedback") {
  return arg.arrived() && arg->feedback() == 0;
}
MATCHER(AsksForFeedback, "an answer with feedback") {
  return arg.arrived() && arg->feedback() != 0;
}
MATCHER(CarriesRules, "a push with the permissions and the reference of the operator") {
  return arg.arrived() && arg->control_permissions().permissions() == kNoClipboard &&
         arg->controlled_context().conn_audit_ref() == kReference;
}

Task<Answer<hbb::RelayResponse>> hear_of_relay(Lab& lab, LabDevice& device) {
  auto controller = lab.controller();
  co_await controller.send(controller.request_for(device.id()));
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  hbb::RelayResponse starts;
  starts.set_socket_addr(push->socket_addr());
  starts.set_uuid("session " + lab.fresh_id());
  starts.set_relay_server("relay.test");
  starts.set_id(device.id());
  starts.set_version("1.4.9");
  const auto reply = co_await device.reply(starts);
  co_return co_await controller.next<hbb::RelayResponse>(lab.within(5s));
}

}  // namespace

// Who cannot receive it does not ask for it, neither in the one answer nor in the other.
CASE(no_feedback, "session-control/no-feedback", checks("HLC-02"), does(Effect::restarts)) {
  if (lab.target().claims("rendezvous.session-control")) {
    ServerSetup setup;
    setup.open_source_level = true;
    co_await lab.own_server(setup);
  }
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto answer = co_await controller.hear_from(device, lab.within(5s));
  lab.verdict("HLC-02", answer, AsksForNoFeedback());
  auto relayed = co_await hear_of_relay(lab, device);
  lab.verdict("HLC-02", relayed, AsksForNoFeedback());
}

// The controller's second connection is kept as long as the session lasts, with heartbeats that a
// client counts on.
CASE(health_check, "session-control/health-check", checks("HLC-01"), takes(190s),
     does(Effect::restarts)) {
  const std::string token = "token-" + lab.fresh_id();
  ServerSetup setup;
  setup.tokens = {token};
  setup.wants_feedback = true;
  co_await lab.own_server(setup);
  auto device = co_await lab.registered_device();
  auto controller = lab.controller(Over::secure);
  auto request = controller.request_for(device.id());
  request.set_token(token);
  co_await controller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  if (!lab.verdict("HLC-01", answer, AsksForFeedback())) co_return;
  // A connection that is kept, as a device's is.
  auto health = co_await connected_device(lab, Over::secure);
  hbb::HealthCheck check;
  check.set_token(token);
  co_await health.send(std::move(check));
  for (int i = 0; i < 2; ++i) {
    auto heartbeat = co_await health.heartbeat(lab.within(kSilence));
    lab.verdict("HLC-01", heartbeat, Arrived());
  }
}

// The operator's rules reach the device with every kind of push.
CASE(permissions, "session-control/permissions", checks("PCH-EXT-04"), does(Effect::restarts)) {
  ServerSetup setup;
  setup.control_permissions = kNoClipboard;
  setup.conn_audit_ref = kReference;
  co_await lab.own_server(setup);
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto punch = co_await controller.reach(device, lab.within(5s));
  lab.verdict("PCH-EXT-04", punch, CarriesRules());
  auto neighbour = lab.controller(device.home());
  co_await neighbour.send(neighbour.request_for(device.id()));
  auto local = co_await device.push<hbb::FetchLocalAddr>(lab.within(5s));
  lab.verdict("PCH-EXT-04", local, CarriesRules());
  auto relaying = lab.controller();
  hbb::RequestRelay request;
  request.set_id(device.id());
  request.set_uuid("session " + lab.fresh_id());
  co_await relaying.send_member(request);
  auto relay = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  lab.verdict("PCH-EXT-04", relay, CarriesRules());
}

}  // namespace deskcheck::conformance
