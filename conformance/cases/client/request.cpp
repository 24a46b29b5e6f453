// The simulated controller asks for a device as the real client does. The case plays the server.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/scripted_server.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

MATCHER_P(AsksFor, id, "a punch_hole_request for " + std::string(id)) {
  return arg.arrived() && arg->has_punch_hole_request() && arg->punch_hole_request().id() == id;
}
MATCHER_P(SaysTheSameAs, first, "the same message again") {
  return arg.arrived() && arg->SerializeAsString() == first.SerializeAsString();
}
MATCHER(HangsUp, "the end of the connection") { return !arg.arrived() && !arg.timed_out(); }

// Both ends of a wait are seen through a busy machine.
auto About(net::Duration time) { return IsBetween(time - 500ms, time + 1s); }

}  // namespace

// A server that says nothing hears the same request three times on one connection, and then no
// more of it: the controller waits 3, 6 and 9 s.
CASE(three_attempts, "client/request/three-attempts", checks("CLI-PCH-01"), takes(25s),
     does(Effect::reads)) {
  ScriptedServer server(lab);
  const std::string id = lab.fresh_id();
  const sim::ConnectOptions how;
  simulated_call(lab, controller_options(lab, server.address(), lab.home()), id, how);
  auto connection = co_await server.connection();
  auto first = co_await server.hear_on(connection, lab.within(3s));
  if (!lab.verdict("CLI-PCH-01", first, AsksFor(id))) co_return;
  for (const int seconds : {3, 6}) {
    const net::Time before = lab.now();
    auto again = co_await server.hear_on(connection, lab.within(12s));
    if (!lab.verdict("CLI-PCH-01", again, SaysTheSameAs(*first))) co_return;
    const net::Duration waited = lab.now() - before;
    lab.verdict("CLI-PCH-01", waited, About(std::chrono::seconds(seconds)));
  }
  const net::Time before = lab.now();
  auto end = co_await server.hear_on(connection, lab.within(12s));
  if (!lab.verdict("CLI-PCH-01", end, HangsUp())) co_return;
  const net::Duration waited = lab.now() - before;
  lab.verdict("CLI-PCH-01", waited, About(9s));
}

}  // namespace deskcheck::conformance
