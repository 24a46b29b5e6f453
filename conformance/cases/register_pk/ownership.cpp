// RegisterPk of known ids: who may change what, and that a refusal changes nothing.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

constexpr auto kOk = hbb::RegisterPkResponse::OK;
constexpr auto kMismatch = hbb::RegisterPkResponse::UUID_MISMATCH;

std::string pk_of(const LabDevice& device) {
  return std::string(wire::view(device.identity().keys.public_key.bytes));
}

template <class T, class M>
void judge(Lab& lab, const std::vector<std::string>& requirements, const T& actual,
           const M& matcher) {
  for (const auto& requirement : requirements) lab.verdict(requirement, actual, matcher);
}

// Everything that the server keeps about `owner` is still so: the address, to which a push goes;
// the key, which the server signs if it signs at all; the machine id, with which alone it is
// accepted.
Task<void> judge_unchanged(Lab& lab, std::vector<std::string> requirements, LabDevice& owner) {
  auto caller = lab.controller();
  auto push = co_await caller.reach(owner, lab.within(5s));
  judge(lab, requirements, push, Arrived());
  if (push && lab.target().key) {
    const auto reply = co_await owner.reply(owner.answer_to(*push));
    auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
    lab.require("the controller gets the answer of the owner", answer, Succeeds());
    judge(lab, requirements, answer->pk(),
          SignedIdentity(*lab.target().key, owner.id(), pk_of(owner)));
  }
  auto again = co_await owner.register_pk(lab.within(5s));
  judge(lab, requirements, again, Results(kOk));
}

// Somebody else's machine at its own address, at the owner's, and even with the owner's key: the id
// is taken, and its owner stays reachable.
CASE(foreign_uuid, "rendezvous/register-pk/foreign-uuid", checks("RDV-REGPK-05", "RDV-REGPK-19"),
     after("rendezvous/register-pk/new-id")) {
  for (const bool neighbour : {false, true}) {
    for (const bool knows_key : {false, true}) {
      auto owner = co_await lab.registered_device();
      auto thief = lab.device(owner.id());
      if (neighbour) thief.move_to(owner.home());
      if (knows_key) thief.identity().keys = owner.identity().keys;
      auto answer = co_await thief.register_pk(lab.within(5s));
      lab.verdict("RDV-REGPK-05", answer, Results(kMismatch));
      std::vector<std::string> nothing_changes{"RDV-REGPK-05", "RDV-REGPK-19"};
      co_await judge_unchanged(lab, nothing_changes, owner);
    }
  }
}

// The right machine id, but neither key nor address are known: somebody learned the machine id.
CASE(new_key_elsewhere, "rendezvous/register-pk/new-key-elsewhere",
     checks("RDV-REGPK-06", "RDV-REGPK-19"), after("rendezvous/register-pk/new-id")) {
  auto owner = co_await lab.registered_device();
  auto thief = lab.device(owner.id());
  thief.identity().uuid = owner.identity().uuid;
  auto answer = co_await thief.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-06", answer, Results(kMismatch));

  std::vector<std::string> nothing_changes{"RDV-REGPK-06", "RDV-REGPK-19"};
  co_await judge_unchanged(lab, nothing_changes, owner);
}

// A refusal for being too frequent is a refusal too: the new address is not taken over.
CASE(too_frequent_changes_nothing, "rendezvous/register-pk/too-frequent-changes-nothing",
     checks("RDV-REGPK-19"), after("rendezvous/register-pk/new-id"), does(Effect::limits)) {
  if (lab.target().without.contains("rendezvous.rate-limits"))
    lab.not_applicable("the server does not limit register_pk");
  auto owner = co_await lab.registered_device();
  for (int i = 1; i < lab.target().limits.registrations_per_id; ++i) {
    auto answer = co_await owner.register_pk(lab.within(5s));
    lab.require("register_pk within the limits", answer, Results(kOk));
  }
  auto moved = lab.device(owner.id());
  moved.identity() = owner.identity();
  auto refused = co_await moved.register_pk(lab.within(5s));
  lab.require("one more register_pk of this id", refused, Refused());
  auto caller = lab.controller();
  auto push = co_await caller.reach(owner, lab.within(5s));
  lab.verdict("RDV-REGPK-19", push, Arrived());
}

// A device was reinstalled on the same machine: its new key counts, and the old one does not.
CASE(new_key, "rendezvous/register-pk/new-key", checks("RDV-REGPK-07"),
     after("rendezvous/register-pk/new-id")) {
  auto device = co_await lab.registered_device();
  const Identity before = device.identity();
  device.identity().keys = wire::make_key_pair(lab.random());
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-07", answer, Results(kOk));

  if (lab.target().key) {
    auto caller = lab.controller();
    auto signed_key = co_await caller.hear_from(device, lab.within(5s));
    lab.require("a controller hears from the device", signed_key, Succeeds());
    lab.verdict("RDV-REGPK-07", signed_key->pk(),
                SignedIdentity(*lab.target().key, device.id(), pk_of(device)));
  }
  // At a new address the key tells who is who.
  auto moved = lab.device(device.id());
  moved.identity() = before;
  auto with_old = co_await moved.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-07", with_old, Refused());
}

// A laptop in another network: same machine, same key. Its pushes follow it.
CASE(new_address, "rendezvous/register-pk/new-address", checks("RDV-REGPK-08"),
     after("rendezvous/register-pk/new-id")) {
  auto device = co_await lab.registered_device();
  device.move_to(lab.home());
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-08", answer, Results(kOk));
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.verdict("RDV-REGPK-08", push, Arrived());
}

// What was registered before a restart binds the server after it.
CASE(restart, "rendezvous/register-pk/restart", checks("RDV-REGPK-16"),
     after("rendezvous/register-pk/new-id"), restarts_target()) {
  co_await lab.server_to_restart();
  auto first = co_await lab.registered_device();
  auto second = co_await lab.registered_device();
  co_await lab.restart_server(Part::rendezvous);

  auto other_machine = lab.device(first.id());
  auto by_uuid = co_await other_machine.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-16", by_uuid, Results(kMismatch));
  auto other_key = lab.device(second.id());
  other_key.identity().uuid = second.identity().uuid;
  auto by_key = co_await other_key.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-16", by_key, Results(kMismatch));
  for (LabDevice* owner : {&first, &second}) {
    auto answer = co_await owner->register_pk(lab.within(5s));
    lab.verdict("RDV-REGPK-16", answer, Results(kOk));
  }
}

}  // namespace
}  // namespace deskcheck::conformance
