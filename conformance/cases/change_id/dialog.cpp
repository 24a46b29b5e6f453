// The dialog in which a user gives a device another id: one plain question over a connection.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

using Result = hbb::RegisterPkResponse;
using Failure = hbb::PunchHoleResponse;

hbb::RegisterPk change(const LabDevice& device, std::string id) {
  hbb::RegisterPk request;
  request.set_old_id(device.id());
  request.set_id(std::move(id));
  request.set_uuid(device.identity().uuid);
  return request;
}

// The answer that the dialog waits 18 s for; an offer of encryption before it is skipped. It comes
// from the device's own machine, and so from its address.
Task<Answer<hbb::RegisterPkResponse>> ask(Lab& lab, const LabDevice& device, Over over,
                                          hbb::RegisterPk request) {
  auto dialog = lab.controller(device.home(), over);
  co_await dialog.send_member(std::move(request));
  co_return co_await dialog.next<hbb::RegisterPkResponse>(lab.within(18s));
}

// An id that a user may choose: a letter first.
std::string custom_id(Lab& lab) { return lab.fresh_id(); }

// Whether the server knows the id: an offline device is known, too.
Task<Answer<hbb::PunchHoleResponse>> look_for(Lab& lab, std::string id) {
  auto caller = lab.controller();
  co_return co_await caller.ask_for(std::move(id), lab.within(5s));
}

Task<void> judge_change(Lab& lab, Over over) {
  auto device = co_await lab.registered_device();
  const std::string new_id = custom_id(lab);
  auto answer = co_await ask(lab, device, over, change(device, new_id));
  if (!lab.verdict("RDV-CHGID-01", answer, Results(Result::OK))) co_return;
  device.identity().id = new_id;
  auto registered = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-CHGID-01", registered, Results(Result::OK));
  auto alive = co_await device.register_peer(lab.within(5s));
  lab.verdict("RDV-CHGID-01", alive, RequestsPk(false));
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.verdict("RDV-CHGID-01", push, Arrived());
}

}  // namespace

CASE(change_ok, "change-id/ok", checks("RDV-CHGID-01")) { co_await judge_change(lab, Over::tcp); }

CASE(change_ok_websocket, "change-id/ok-websocket", checks("RDV-CHGID-01"), after("change-id/ok")) {
  if (lab.target().without.contains("rendezvous.websocket"))
    lab.not_applicable("the server has no WebSockets");
  co_await judge_change(lab, Over::websocket);
}

// Nobody is called under the old id any more.
CASE(change_gone, "change-id/old-id-gone", checks("RDV-CHGID-01"), after("change-id/ok")) {
  auto device = co_await lab.registered_device();
  auto answer = co_await ask(lab, device, Over::tcp, change(device, custom_id(lab)));
  lab.require("the id is changed", answer, Results(Result::OK));
  auto gone = co_await look_for(lab, device.id());
  lab.verdict("RDV-CHGID-01", gone, FailsWith(Failure::ID_NOT_EXIST));
}

// The new id belongs to the device before it has registered under it: nobody can snatch it.
CASE(change_snatched, "change-id/not-snatched", checks("RDV-CHGID-01"), after("change-id/ok")) {
  auto device = co_await lab.registered_device();
  const std::string new_id = custom_id(lab);
  auto answer = co_await ask(lab, device, Over::tcp, change(device, new_id));
  lab.require("the id is changed", answer, Results(Result::OK));
  auto thief = lab.device(new_id);
  auto stolen = co_await thief.register_pk(lab.within(5s));
  lab.verdict("RDV-CHGID-01", stolen, Results(Result::UUID_MISMATCH));
}

CASE(change_taken, "change-id/taken", checks("RDV-CHGID-02"), after("change-id/ok")) {
  auto owner = co_await lab.registered_device();
  auto device = co_await lab.registered_device();
  auto answer = co_await ask(lab, device, Over::tcp, change(device, owner.id()));
  lab.verdict("RDV-CHGID-02", answer, Results(Result::ID_EXISTS));
  // Both are what they were.
  auto caller = lab.controller();
  auto push = co_await caller.reach(owner, lab.within(5s));
  lab.verdict("RDV-CHGID-02", push, Arrived());
  auto other = lab.controller();
  auto still = co_await other.reach(device, lab.within(5s));
  lab.verdict("RDV-CHGID-02", still, Arrived());
}

// 6 to 16 letters, digits, hyphens and underscores after a letter.
CASE(change_format, "change-id/format", checks("RDV-CHGID-03"), after("change-id/ok")) {
  const std::array<std::string, 4> wrong{"1" + lab.fresh_id(), "short", lab.fresh_id() + "toolong",
                                         "with space"};
  for (const auto& id : wrong) {
    auto device = co_await lab.registered_device();
    auto answer = co_await ask(lab, device, Over::tcp, change(device, id));
    lab.verdict("RDV-CHGID-03", answer, Results(Result::INVALID_ID_FORMAT));
  }
}

// A foreign machine cannot rename a device, and neither can anybody an id that does not exist.
CASE(change_foreign, "change-id/foreign-uuid", checks("RDV-CHGID-04"), after("change-id/ok")) {
  auto owner = co_await lab.registered_device();
  auto request = change(owner, custom_id(lab));
  request.set_uuid(lab.fresh_uuid());
  auto stranger = lab.device();
  auto answer = co_await ask(lab, stranger, Over::tcp, request);
  lab.verdict("RDV-CHGID-04", answer, Refused());
  auto caller = lab.controller();
  auto push = co_await caller.reach(owner, lab.within(5s));
  lab.verdict("RDV-CHGID-04", push, Arrived());

  auto nobody = lab.device();
  auto unknown = co_await ask(lab, nobody, Over::tcp, change(nobody, custom_id(lab)));
  lab.verdict("RDV-CHGID-04", unknown, Refused());
}

// Who cannot do it says so, instead of letting the dialog wait.
CASE(change_not_supported, "change-id/not-supported", checks("RDV-CHGID-05"),
     does(Effect::restarts)) {
  const bool claimed = lab.target().claims("rendezvous.id-change");
  if (claimed) {
    ServerSetup setup;
    setup.open_source_level = true;
    co_await lab.own_server(setup);
  }
  auto device = co_await lab.registered_device();
  auto answer = co_await ask(lab, device, Over::tcp, change(device, custom_id(lab)));
  if (!claimed && answer.arrived() && answer->result() == Result::OK) {
    auto old = co_await look_for(lab, device.id());
    if (testing::Value(old, HasNoAddress()))
      lab.not_applicable("the server changes ids; claim rendezvous.id-change to have that judged");
  }
  lab.verdict("RDV-CHGID-05", answer, Results(Result::NOT_SUPPORT));
}

}  // namespace deskcheck::conformance
