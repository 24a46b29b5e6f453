// RegisterPeer: for how long a device counts as online.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

// 30 s after its last registration a device counts as switched off.
CASE(goes_offline, "rendezvous/register-peer/goes-offline", checks("RDV-REGPEER-08"),
     after("rendezvous/register-peer/known-id"), takes(31s)) {
  auto device = co_await lab.registered_device();
  auto early = lab.controller();
  auto push = co_await early.reach(device, lab.within(5s));
  lab.require("the device is online at first", push, Arrived());

  co_await lab.wait(31s);
  auto caller = lab.controller();
  auto path = co_await caller.ask_for(device.id(), lab.within(5s));
  lab.verdict("RDV-REGPEER-08", path, FailsWith(hbb::PunchHoleResponse::OFFLINE));
}

// The rhythm of real devices keeps them online, also just before the next register_peer.
CASE(every_15_s, "rendezvous/register-peer/every-15-s", checks("RDV-REGPEER-09"),
     after("rendezvous/register-peer/known-id"), takes(75s)) {
  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  net::Time last = lab.now();
  for (int round = 0; round < 5; ++round) {
    co_await lab.wait_until(last + 14s);
    caller.hang_up();  // one answer per connection
    auto push = co_await caller.reach(device, lab.within(5s));
    lab.verdict("RDV-REGPEER-09", push, Arrived());
    co_await lab.wait_until(last + 15s);
    auto answer = co_await device.register_peer(lab.within(5s));
    lab.require("register_peer is answered", answer, RequestsPk(false));
    last = lab.now();
  }
}

}  // namespace
}  // namespace deskcheck::conformance
