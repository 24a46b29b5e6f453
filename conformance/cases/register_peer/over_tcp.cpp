// RegisterPeer over TCP, which no device does, is no presence over UDP.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::IsTrue;

Task<void> register_peer_over_tcp(Lab& lab, LabDevice& device) {
  auto stream = co_await device.connect();
  const auto message = wrap<hbb::RendezvousMessage>(device.register_peer_message());
  const auto sent = co_await stream.send(message, lab.within(5s));
  lab.require("register_peer goes out over TCP", sent.has_value(), IsTrue());
  // Handled, once the server has answered a later request on the connection or ended it.
  hbb::PunchHoleRequest barrier;
  barrier.set_id(lab.fresh_id());
  const auto request = wrap<hbb::RendezvousMessage>(std::move(barrier));
  (void)co_await stream.send(request, lab.within(5s));
  (void)co_await stream.next<hbb::PunchHoleResponse>(lab.within(5s));
}

// Whatever the server makes of it, pushes go on to the UDP address ...
CASE(over_tcp_online, "rendezvous/register-peer/over-tcp-online", checks("RDV-REGPEER-13"),
     after("rendezvous/register-peer/known-id")) {
  auto device = co_await lab.registered_device();
  co_await register_peer_over_tcp(lab, device);
  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.verdict("RDV-REGPEER-13", push, Arrived());
}

// ... and a device that fell silent stays offline.
CASE(over_tcp_offline, "rendezvous/register-peer/over-tcp-offline", checks("RDV-REGPEER-13"),
     after("rendezvous/register-peer/known-id"), takes(31s)) {
  auto device = co_await lab.registered_device();
  co_await lab.wait(31s);
  auto caller = lab.controller();
  auto before = co_await caller.ask_for(device.id(), lab.within(5s));
  lab.require("the silent device is offline", before, FailsWith(hbb::PunchHoleResponse::OFFLINE));

  co_await register_peer_over_tcp(lab, device);
  caller.hang_up();  // one answer per connection
  auto path = co_await caller.ask_for(device.id(), lab.within(5s));
  lab.verdict("RDV-REGPEER-13", path, FailsWith(hbb::PunchHoleResponse::OFFLINE));
}

}  // namespace
}  // namespace deskcheck::conformance
