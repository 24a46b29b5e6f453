// RegisterPeer after a restart of the server.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

// The server has forgotten where the device is. It wants the key again, and the usual rhythm brings
// the device back without anybody's help; a good server takes the key alone as a sign of life.
CASE(restart, "rendezvous/register-peer/restart", checks("RDV-REGPEER-11", "RDV-REGPEER-12"),
     after("rendezvous/register-peer/known-id"), restarts_target()) {
  co_await lab.server_to_restart();
  auto device = co_await lab.registered_device();
  co_await lab.restart_server(Part::rendezvous);

  auto answer = co_await device.register_peer(lab.within(5s));
  lab.verdict("RDV-REGPEER-11", answer, RequestsPk(true));
  auto key = co_await device.register_pk(lab.within(5s));
  lab.require("register_pk after the restart", key, Results(hbb::RegisterPkResponse::OK));
  auto soon = lab.controller();
  auto push = co_await soon.reach(device, lab.within(2s));
  lab.verdict("RDV-REGPEER-12", push, Arrived());

  auto again = co_await device.register_peer(lab.within(5s));
  lab.verdict("RDV-REGPEER-11", again, RequestsPk(false));
  auto caller = lab.controller();
  auto later = co_await caller.reach(device, lab.within(5s));
  lab.verdict("RDV-REGPEER-11", later, Arrived());
}

}  // namespace
}  // namespace deskcheck::conformance
