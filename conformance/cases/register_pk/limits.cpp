// RegisterPk: how often one id, and one source address, may come.
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

constexpr auto kOk = hbb::RegisterPkResponse::OK;
constexpr auto kTooFrequent = hbb::RegisterPkResponse::TOO_FREQUENT;
// Servers count from the moment at which they accepted, in whole seconds; answers arrive later.
constexpr net::Duration kMargin = 200ms;

// A device that has just used up what its id may do. Ends at its last accepted register_pk.
Task<LabDevice> exhausted_device(Lab& lab) {
  auto device = lab.device();
  for (int i = 0; i < lab.target().limits.registrations_per_id; ++i) {
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.require("register_pk within the limit of the id", answer, Results(kOk));
  }
  co_return std::move(device);
}

struct Burst {
  net::Time last_accepted;
  std::vector<Identity> accepted;
};

// Up to `count` new ids from the address of `device`, which then has the next id. Ends at the first
// refusal.
Task<Burst> register_new_ids(Lab& lab, LabDevice& device, int count) {
  Burst burst{lab.now(), {}};
  for (int i = 0; i < count; ++i) {
    device.identity().id = lab.fresh_id();
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.require("register_pk is answered", answer, Arrived());
    if (answer->result() != kOk) break;
    burst.last_accepted = lab.now();
    burst.accepted.push_back(device.identity());
  }
  device.identity().id = lab.fresh_id();
  co_return burst;
}

// An id conflict, a new key, a quick restart: three in a row are normal.
CASE(three_in_a_row, "rendezvous/register-pk/three-in-a-row", checks("RDV-REGPK-10"),
     after("rendezvous/register-pk/new-id"), does(Effect::limits)) {
  auto device = lab.device();
  for (int i = 0; i < 3; ++i) {
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.verdict("RDV-REGPK-10", answer, Results(kOk));
  }
}

// One more is too much, until the pause has passed.
CASE(per_id, "rendezvous/register-pk/per-id-limit", checks("RDV-REGPK-11", "RDV-REGPK-12"),
     after("rendezvous/register-pk/three-in-a-row"), takes(8s), does(Effect::limits)) {
  auto device = co_await exhausted_device(lab);
  const net::Time last_accepted = lab.now();
  auto refused = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-11", refused, Results(kTooFrequent));

  co_await lab.wait_until(last_accepted + lab.target().limits.id_pause + kMargin);
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-12", answer, Results(kOk));
}

// One address that registers id after id is held off ...
CASE(per_address, "rendezvous/register-pk/per-address-limit", checks("RDV-REGPK-13"),
     after("rendezvous/register-pk/new-id"), does(Effect::limits)) {
  auto device = lab.device();
  co_await register_new_ids(lab, device, lab.target().limits.registrations_per_address);
  auto refused = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-13", refused, Results(kTooFrequent));
}

// ... and is let in again after the pause.
CASE(per_address_pause, "rendezvous/register-pk/per-address-pause", checks("RDV-REGPK-14"),
     after("rendezvous/register-pk/per-address-limit"), takes(62s), does(Effect::limits)) {
  const auto limits = lab.target().limits;
  if (limits.address_pause > 61s) lab.not_applicable("the declared pause is longer than a run");
  auto device = lab.device();
  const auto burst = co_await register_new_ids(lab, device, limits.registrations_per_address);
  auto refused = co_await device.register_pk(lab.within(5s));
  lab.require("the address is blocked", refused, Results(kTooFrequent));

  co_await lab.wait_until(burst.last_accepted + limits.address_pause + kMargin);
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-14", answer, Results(kOk));
}

// One address cannot take any number of ids. Those that it has can still be confirmed.
CASE(ids_per_address, "rendezvous/register-pk/ids-per-address", checks("RDV-REGPK-15"),
     after("rendezvous/register-pk/new-id"), does(Effect::limits, Effect::restarts)) {
  const auto declared = lab.target().limits;
  if (declared.ids_per_address + 2 > declared.registrations_per_address) {
    // The other limit would come first: a server with a smaller number of ids.
    ServerSetup setup;
    setup.limits.ids_per_address = 8;
    co_await lab.own_server(setup);
  }
  auto device = lab.device();
  const auto burst = co_await register_new_ids(lab, device, lab.target().limits.ids_per_address);
  lab.require("ids below the limit are accepted", burst.accepted.size(), testing::Gt(0U));
  auto refused = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-15", refused, Refused());

  device.identity() = burst.accepted.front();
  auto seen = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPK-15", seen, Results(kOk));
}

}  // namespace
}  // namespace deskcheck::conformance
