// RegisterPeer: from where an id may be refreshed, and where its pushes go then.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

// A NAT gave the device a new port: pushes follow its next register_peer.
CASE(new_port, "rendezvous/register-peer/new-port", checks("RDV-REGPEER-03", "RDV-REGPEER-04"),
     after("rendezvous/register-peer/known-id")) {
  auto device = co_await lab.registered_device();
  device.move_to(device.home());
  auto answer = co_await device.register_peer(lab.within(5s));
  if (!lab.verdict("RDV-REGPEER-03", answer, RequestsPk(false))) co_return;

  auto caller = lab.controller();
  auto push = co_await caller.reach(device, lab.within(5s));
  lab.verdict("RDV-REGPEER-04", push, Arrived());
}

// The id turns up at another address: it has to show its key, and until then nothing moves.
CASE(foreign_address, "rendezvous/register-peer/foreign-address", checks("RDV-REGPEER-05"),
     after("rendezvous/register-peer/known-id")) {
  auto owner = co_await lab.registered_device();
  auto elsewhere = lab.device(owner.id());
  auto answer = co_await elsewhere.register_peer(lab.within(5s));
  // The requirement leaves out loopback sources; some servers do exempt them.
  if (answer && !answer->request_pk() && elsewhere.address().address.is_loopback())
    lab.not_applicable("this server exempts loopback sources; needs addresses outside loopback");
  lab.verdict("RDV-REGPEER-05", answer, RequestsPk(true));
  auto caller = lab.controller();
  auto push = co_await caller.reach(owner, lab.within(5s));
  lab.verdict("RDV-REGPEER-05", push, Arrived());
  const auto diverted = co_await elsewhere.before_barrier();
  lab.verdict("RDV-REGPEER-05", diverted, IsNothing());
}

}  // namespace
}  // namespace deskcheck::conformance
