// Why a controller cannot reach a device: each refusal names its reason, at once, and the device
// never hears of the request.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
using hbb::PunchHoleResponse;

namespace {

// Clients repeat their request after 3 s; "well within" leaves half of that to the network.
constexpr net::Duration kWellWithin3s = 1500ms;

// What clients send that have no key configured: the key of the public network.
constexpr std::string_view kPublicNetworkKey = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";

void need_licence(Lab& lab) {
  if (lab.target().licence_key.empty())
    lab.not_applicable("the server asks its clients for no key");
}

// Keys that are not the server's: none, another one, one that is not complete.
std::vector<std::string> wrong_keys(const Lab& lab) {
  const std::string& right = lab.target().licence_key;
  return {"", std::string(kPublicNetworkKey), right.substr(0, right.size() - 1)};
}

MATCHER(KeepsTextApart, "a failure whose other_failure, if any, comes with empty socket_addr") {
  return arg.arrived() && (arg->other_failure().empty() || arg->socket_addr().empty());
}
MATCHER(IsNoOveruse, "a failure other than LICENSE_OVERUSE") {
  return arg.arrived() && arg->failure() != PunchHoleResponse::LICENSE_OVERUSE;
}

}  // namespace

// An unknown id is refused with its reason, without an address, and soon enough that the controller
// does not ask again.
CASE(unknown_id, "punch/failure/unknown-id", checks("PCH-FAIL-01", "PCH-FAIL-05", "PCH-FAIL-11"),
     does(Effect::reads)) {
  auto controller = lab.controller();
  co_await controller.connect();
  const net::Time asked = lab.now();
  auto answer = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  const net::Duration took = lab.now() - asked;

  lab.verdict("PCH-FAIL-01", answer, FailsWith(PunchHoleResponse::ID_NOT_EXIST));
  lab.verdict("PCH-FAIL-05", answer, HasNoAddress());
  lab.verdict("PCH-FAIL-11", took, IsShorterThan(kWellWithin3s));
}

// Whoever does not have the server's key is refused, and the device does not hear of him.
CASE(wrong_key, "punch/failure/wrong-key",
     checks("PCH-FAIL-03", "PCH-FAIL-05", "PCH-FAIL-07", "PCH-FAIL-11"), after("framing/plain")) {
  need_licence(lab);
  auto device = co_await lab.registered_device();
  auto stranger = lab.controller();
  for (const std::string& key : wrong_keys(lab)) {
    stranger.hang_up();
    co_await stranger.connect();
    auto request = stranger.request_for(device.id());
    request.set_licence_key(key);
    const net::Time asked = lab.now();
    auto answer = co_await stranger.ask(request, lab.within(5s));
    const net::Duration took = lab.now() - asked;

    lab.verdict("PCH-FAIL-03", answer, FailsWith(PunchHoleResponse::LICENSE_MISMATCH));
    lab.verdict("PCH-FAIL-05", answer, HasNoAddress());
    lab.verdict("PCH-FAIL-11", took, IsShorterThan(kWellWithin3s));
  }
  const auto heard = co_await device.before_barrier();
  lab.verdict("PCH-FAIL-07", heard, HasNoPush());
}

// Without the key nobody learns which ids exist: an unknown one looks like any other.
CASE(key_before_id, "punch/failure/key-before-id", checks("PCH-FAIL-04"), after("framing/plain"),
     does(Effect::reads)) {
  need_licence(lab);
  auto stranger = lab.controller();
  for (const std::string& key : wrong_keys(lab)) {
    stranger.hang_up();
    auto request = stranger.request_for(lab.fresh_id());
    request.set_licence_key(key);
    auto answer = co_await stranger.ask(request, lab.within(5s));
    lab.verdict("PCH-FAIL-04", answer, FailsWith(PunchHoleResponse::LICENSE_MISMATCH));
  }
}

// A device that has been silent for longer than 30 s is reported as offline, and is left alone.
CASE(offline, "punch/failure/offline",
     checks("PCH-FAIL-02", "PCH-FAIL-05", "PCH-FAIL-07", "PCH-FAIL-11"), after("framing/plain"),
     takes(31s)) {
  auto device = co_await lab.registered_device();
  co_await lab.wait(31s);

  auto controller = lab.controller();
  co_await controller.connect();
  const net::Time asked = lab.now();
  auto answer = co_await controller.ask_for(device.id(), lab.within(5s));
  const net::Duration took = lab.now() - asked;
  lab.verdict("PCH-FAIL-02", answer, FailsWith(PunchHoleResponse::OFFLINE));
  lab.verdict("PCH-FAIL-05", answer, HasNoAddress());
  lab.verdict("PCH-FAIL-11", took, IsShorterThan(kWellWithin3s));

  const auto heard = co_await device.before_barrier();
  lab.verdict("PCH-FAIL-07", heard, HasNoPush());
}

// A server that asks for no key takes every key that clients may have.
CASE(open_server, "punch/failure/open-server", checks("PCH-FAIL-06"), after("framing/plain"),
     does(Effect::restarts)) {
  if (!lab.target().licence_key.empty()) {
    ServerSetup setup;
    setup.licence = ServerSetup::Licence::none;
    co_await lab.own_server(std::move(setup));
  }
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  const std::vector<std::string> keys{"", "anything", std::string(kPublicNetworkKey)};
  for (const std::string& key : keys) {
    controller.hang_up();
    auto request = controller.request_for(device.id());
    request.set_licence_key(key);
    co_await controller.send(request);
    auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
    lab.verdict("PCH-FAIL-06", push, NamesRequester(controller.address()));
  }
}

// After a restart the server knows its devices from the database only: they are off, not unknown.
CASE(after_restart, "punch/failure/after-restart", checks("PCH-FAIL-12"), after("framing/plain"),
     restarts_target()) {
  co_await lab.server_to_restart();
  const auto device = co_await lab.registered_device();
  co_await lab.restart_server(Part::rendezvous);

  auto controller = lab.controller();
  auto answer = co_await controller.ask_for(device.id(), lab.within(5s));
  lab.verdict("PCH-FAIL-12", answer, FailsWith(PunchHoleResponse::OFFLINE));
}

// Texts for the user and exhausted capacity are the operator's to cause. Judged is that ordinary
// refusals do not borrow their form.
CASE(other_reasons, "punch/failure/other-reasons", checks("PCH-FAIL-08", "PCH-FAIL-09"),
     after("framing/plain")) {
  auto controller = lab.controller();
  auto unknown = co_await controller.ask_for(lab.fresh_id(), lab.within(5s));
  lab.verdict("PCH-FAIL-08", unknown, KeepsTextApart());
  lab.verdict("PCH-FAIL-09", unknown, IsNoOveruse());

  if (lab.target().licence_key.empty()) co_return;
  controller.hang_up();
  auto request = controller.request_for(lab.fresh_id());
  request.clear_licence_key();
  auto mismatch = co_await controller.ask(request, lab.within(5s));
  lab.verdict("PCH-FAIL-08", mismatch, KeepsTextApart());
  lab.verdict("PCH-FAIL-09", mismatch, IsNoOveruse());
}

}  // namespace deskcheck::conformance
