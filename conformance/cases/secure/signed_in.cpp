// Somebody who is signed in to an account asks over an encrypted connection, for the token is in
// the question. The whole way of the real client since 1.4.1, for which a failure to encrypt is the
// end.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// Where the time goes, as the user waits for it.
struct Connecting {
  bool connected = false;
  std::string failure;  // what the user reads
  std::vector<std::pair<std::string, net::Duration>> steps;

  Connecting() = default;
};
[[maybe_unused]] void PrintTo(const Connecting& connecting, std::ostream* out) {
  if (!connecting.failure.empty()) *out << '"' << connecting.failure << "\" after ";
  const char* before = "";
  for (const auto& [step, took] : connecting.steps) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    *out << before << step << ' ' << us / 1000 << '.' << us % 1000 / 100 << " ms";
    before = ", ";
  }
}

MATCHER(Encrypts, "a session, after a KeyExchange with the server") {
  return arg.connected && arg.steps.size() > 1 && arg.steps[1].first == "KeyExchange";
}
MATCHER(IsRefused, "no session") { return !arg.connected && !arg.failure.empty(); }

// Not one of the texts that mean something else, which would send the user looking in vain.
MATCHER(IsAReasonOfItsOwn, "a reason that the server gives") {
  for (const char* other : {"ID does not exist", "Remote desktop is offline", "Key mismatch",
                            "Key overuse", "other punch hole failure"})
    if (arg == other) return false;
  return !arg.empty() && !arg.starts_with("Failed to connect via rendezvous server");
}

Task<Connecting> connect_with(Lab& lab, std::string token) {
  auto called = device_options(lab, lab.target().rendezvous);
  called.key = wire::to_text(*lab.target().key);
  called.relay_server = to_string(lab.target().relay);
  auto& device = simulated_device(lab, std::move(called));
  auto online = co_await device.registered(lab.within(5s));
  lab.require("the device registers", online.has_value(), testing::IsTrue());
  auto calling = controller_options(lab, lab.target().rendezvous, lab.home());
  calling.key = wire::to_text(*lab.target().key);
  sim::Controller controller(lab.world(), std::move(calling), lab.recorder("controller"));
  sim::ConnectOptions how;
  how.token = std::move(token);
  auto result = co_await controller.connect(device.id(), std::move(how), lab.within(25s));
  Connecting connecting;
  connecting.connected = result.connected();
  connecting.failure = result.failure;
  connecting.steps = result.steps;
  if (result.session) co_await result.session->close("", lab.within(5s));
  co_return connecting;
}

}  // namespace

// What the server thinks of the token is not said: it may serve everybody.
CASE(signed_in, "signed-in/encrypts", checks("SEC-KEX-01", "SEC-KEX-03"), after("secure/offer"),
     takes(30s)) {
  if (!lab.target().key) lab.not_applicable("a server that signs nothing cannot offer encryption");
  const std::string token = "token-" + lab.fresh_id();
  ServerSetup setup;
  setup.tokens = {token};
  co_await lab.own_server(setup);
  const auto connecting = co_await connect_with(lab, token);
  lab.verdict("SEC-KEX-01", connecting, Encrypts());
  lab.verdict("SEC-KEX-03", connecting, Encrypts());
}

// Where a login is required, the token opens the door, and nothing else does.
CASE(login_required, "signed-in/required", checks("SEC-KEX-03", "PCH-FAIL-08"),
     after("signed-in/encrypts"), takes(80s)) {
  const std::string token = "token-" + lab.fresh_id();
  ServerSetup setup;
  setup.tokens = {token};
  setup.require_login = true;
  co_await lab.own_server(setup);
  const auto with = co_await connect_with(lab, token);
  lab.verdict("SEC-KEX-03", with, Encrypts());
  for (const std::string other : {"", "wrong"}) {
    const auto without = co_await connect_with(lab, other);
    lab.require("no session without the token", without, IsRefused());
    lab.verdict("PCH-FAIL-08", without.failure, IsAReasonOfItsOwn());
  }
}

}  // namespace deskcheck::conformance
