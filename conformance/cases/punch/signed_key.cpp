// The device's key as the server vouches for it in the answer to a controller.
#include "conformance/lab/call.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

void need_signatures(Lab& lab) {
  if (!lab.target().key) lab.not_applicable("the server has no key to sign with");
}

std::string pk_of(const LabDevice& device) {
  return std::string(wire::view(device.identity().keys.public_key.bytes));
}

// Either answer: the one that is judged, without a key in it, or the one that came after it because
// the server has dropped the first.
MATCHER_P(HasNoPkOrRelay, later,
          "a punch_hole_response with empty pk, or only the later one with relay " +
              std::string(later)) {
  return arg.arrived() && (arg->pk().empty() || arg->relay_server() == later);
}

}  // namespace

// The key comes signed by the server, under the id that was asked for, and is the device's own.
CASE(signed_pk, "punch/signed-key/identity", checks("PCH-PK-01", "PCH-PK-02")) {
  need_signatures(lab);
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto answer = co_await controller.hear_from(device, lab.within(5s));
  lab.require("the device's answer arrives", answer, Succeeds());
  lab.verdict("PCH-PK-01", answer->pk(), VerifiesUnder(*lab.target().key));
  lab.verdict("PCH-PK-02", answer->pk(),
              SignedIdentity(*lab.target().key, device.id(), pk_of(device)));
}

// A device that has a new key and has registered it is vouched for with the new one.
CASE(renewed_pk, "punch/signed-key/renewed", checks("PCH-PK-02"),
     after("punch/signed-key/identity")) {
  need_signatures(lab);
  auto device = co_await lab.registered_device();
  device.identity().keys = wire::make_key_pair(lab.random());
  auto renewed = co_await device.register_pk(lab.within(5s));
  lab.require("registering another key from the same address", renewed,
              Results(hbb::RegisterPkResponse::OK));

  auto controller = lab.controller();
  auto answer = co_await controller.hear_from(device, lab.within(5s));
  lab.require("the device's answer arrives", answer, Succeeds());
  lab.verdict("PCH-PK-02", answer->pk(),
              SignedIdentity(*lab.target().key, device.id(), pk_of(device)));
}

// A device without version is too old for encryption: no key.
CASE(pk_without_version, "punch/signed-key/no-version", checks("PCH-PK-03"),
     after("punch/signed-key/identity")) {
  need_signatures(lab);
  auto call = co_await place_call(lab);
  auto old = call.device.answer_to(call.push);
  old.clear_version();
  const auto reply = co_await call.device.reply(old);
  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the device's answer arrives", answer, Succeeds());
  lab.verdict("PCH-PK-03", answer->pk(), testing::IsEmpty());
}

// A server that has a text instead of a key pair cannot vouch for anybody.
CASE(pk_without_secret, "punch/signed-key/no-secret", checks("PCH-PK-04"),
     after("punch/sent/answer"), does(Effect::restarts)) {
  if (lab.target().key) {
    ServerSetup setup;
    setup.signs = false;
    setup.licence = ServerSetup::Licence::text;
    setup.licence_text = "a shared word";
    co_await lab.own_server(std::move(setup));
  }
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto answer = co_await controller.hear_from(device, lab.within(5s));
  lab.require("the device's answer arrives", answer, Succeeds());
  lab.verdict("PCH-PK-04", answer->pk(), testing::IsEmpty());
}

// Nobody is vouched for under an id that was never registered. Servers may drop such an answer, for
// it is not that of the device that was asked for; then the controller sees the right one only.
CASE(pk_of_unknown_id, "punch/signed-key/unknown-id", checks("PCH-PK-05"),
     after("punch/signed-key/identity")) {
  need_signatures(lab);
  auto call = co_await place_call(lab);
  auto unknown = call.device.answer_to(call.push);
  unknown.set_id(lab.fresh_id());
  auto first = co_await call.device.reply(unknown);
  co_await finish(lab, first);
  auto right = call.device.answer_to(call.push);
  right.set_relay_server("right.test");
  const auto second = co_await call.device.reply(right);

  auto answer = co_await call.controller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.verdict("PCH-PK-05", answer, HasNoPkOrRelay("right.test"));
}

}  // namespace deskcheck::conformance
