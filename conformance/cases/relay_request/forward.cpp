// The fallback after a failed direct attempt: the controller asks the rendezvous server to tell the
// device which relay and which session it will wait at.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// As clients send it to this server: without licence_key.
hbb::RequestRelay request_for(Lab& lab, const std::string& id) {
  hbb::RequestRelay request;
  request.set_id(id);
  request.set_uuid(fresh_session(lab));
  request.set_relay_server("relay.test:21117");
  request.set_secure(true);
  request.set_token("token of an account");
  request.set_conn_type(hbb::FILE_TRANSFER);
  return request;
}

// A push with the values of `request` that are the two clients' own business.
MATCHER_P(Carries, request, "a request_relay with the values of " + show(request)) {
  return arg.arrived() && arg->uuid() == request.uuid() &&
         arg->relay_server() == request.relay_server() && arg->secure() == request.secure() &&
         arg->token() == request.token() && arg->conn_type() == request.conn_type();
}
MATCHER_P(IsForSession, uuid, "a request_relay for session " + std::string(uuid)) {
  return arg.arrived() && arg->uuid() == uuid;
}
MATCHER(IsRefusal, "a relay_response with a refuse_reason") {
  return arg.arrived() && !arg->refuse_reason().empty();
}
MATCHER(IsNoAnswerOrRefusal, "no answer, or a relay_response with a refuse_reason") {
  return !arg.arrived() || !arg->refuse_reason().empty();
}

}  // namespace

// The device hears what the controller has said and who it is, and its answer comes back at once.
CASE(relay_request, "relay-request/forwarded", checks("RLR-REQ-01", "RLR-REQ-02", "RLR-REQ-07")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  const auto request = request_for(lab, device.id());
  co_await controller.send_member(request);
  auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  lab.verdict("RLR-REQ-07", push, IsForSession(request.uuid()));
  lab.verdict("RLR-REQ-01", push, Carries(request));
  if (!lab.verdict("RLR-REQ-01", push, NamesRequester(controller.address()))) co_return;

  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await controller.next<hbb::RelayResponse>(lab.within(5s));
  lab.verdict("RLR-REQ-02", answer, Arrived());
}

// Other values of secure, token and conn_type are not touched either.
CASE(relay_request_plain, "relay-request/other-values", checks("RLR-REQ-01"),
     after("relay-request/forwarded")) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto request = request_for(lab, device.id());
  request.set_secure(false);
  request.clear_token();
  request.clear_relay_server();
  request.set_conn_type(hbb::TERMINAL);
  co_await controller.send_member(request);
  auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  lab.verdict("RLR-REQ-01", push, Carries(request));
}

// The controller waits 18 s for the answer, so it must still be there for one that comes late.
CASE(relay_request_slow, "relay-request/slow-answer", checks("RLR-REQ-02"),
     after("relay-request/forwarded"), takes(17s)) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  co_await controller.send_member(request_for(lab, device.id()));
  auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
  lab.require("the device gets the request_relay", push, Arrived());
  co_await lab.wait(17s);
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await controller.next<hbb::RelayResponse>(lab.within(5s));
  lab.verdict("RLR-REQ-02", answer, Arrived());
}

// Three attempts, each over its own connection and with its own session, are three pushes.
CASE(relay_request_attempts, "relay-request/three-attempts", checks("RLR-REQ-06"),
     after("relay-request/forwarded")) {
  auto device = co_await lab.registered_device();
  const net::Endpoint home = lab.home();
  for (int attempt = 1; attempt <= 3; ++attempt) {
    auto controller = lab.controller(home);
    const auto request = request_for(lab, device.id());
    co_await controller.send_member(request);
    auto push = co_await device.push<hbb::RequestRelay>(lab.within(5s));
    lab.verdict("RLR-REQ-06", push, IsForSession(request.uuid()));
  }
}

// An unknown id may stay without answer; better is a refusal, which spares the user 54 s. What it
// must not be is an answer that looks like the device's.
CASE(relay_request_unknown, "relay-request/unknown-id", checks("RLR-REQ-04", "RLR-REQ-05"),
     after("relay-request/forwarded"), does(Effect::reads)) {
  auto controller = lab.controller();
  co_await controller.send_member(request_for(lab, lab.fresh_id()));
  auto answer = co_await controller.next<hbb::RelayResponse>(lab.within(3s));
  lab.verdict("RLR-REQ-04", answer, IsNoAnswerOrRefusal());
  lab.verdict("RLR-REQ-05", answer, IsRefusal());
}

// The same for a device that has gone.
CASE(relay_request_offline, "relay-request/offline", checks("RLR-REQ-05"),
     after("relay-request/forwarded"), takes(34s)) {
  const auto device = co_await lab.registered_device();
  co_await lab.wait(31s);
  auto controller = lab.controller();
  co_await controller.send_member(request_for(lab, device.id()));
  auto answer = co_await controller.next<hbb::RelayResponse>(lab.within(3s));
  lab.verdict("RLR-REQ-05", answer, IsRefusal());
}

}  // namespace deskcheck::conformance
