// Somebody who is signed in to an account asks over an encrypted connection, for the token is in
// the question. The whole way of the real client since 1.4.1, for which a failure to encrypt is the
// end.
#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/oidc.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// Where the time goes, as the user waits for it.
struct Connecting {
  bool connected = false;
  bool relayed = false;
  std::string failure;  // what the user reads
  std::vector<std::pair<std::string, net::Duration>> steps;

  Connecting() = default;
};
using Steps = std::vector<std::pair<std::string, net::Duration>>;
void print_steps(const Steps& steps, std::ostream* out) {
  const char* before = "";
  for (const auto& [step, took] : steps) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    *out << before << step << ' ' << us / 1000 << '.' << us % 1000 / 100 << " ms";
    before = ", ";
  }
}
[[maybe_unused]] void PrintTo(const Connecting& connecting, std::ostream* out) {
  if (!connecting.failure.empty()) *out << '"' << connecting.failure << "\" after ";
  if (connecting.relayed) *out << "relayed: ";
  print_steps(connecting.steps, out);
}

// A day of a user, from the password to the end of the session.
struct Day {
  Steps steps;
  int status_after_logout = 0;

  Day() = default;
};
[[maybe_unused]] void PrintTo(const Day& day, std::ostream* out) {
  print_steps(day.steps, out);
  *out << "; then the token gets status " << day.status_after_logout;
}

MATCHER(Encrypts, "a session, after a KeyExchange with the server") {
  return arg.connected && arg.steps.size() > 1 && arg.steps[1].first == "KeyExchange";
}
MATCHER(EncryptsThroughARelay, "a session through a relay, after a KeyExchange with the server") {
  return arg.relayed && arg.connected && arg.steps.size() > 1 &&
         arg.steps[1].first == "KeyExchange";
}
MATCHER(EndsWithTheLogout, "a token that gets status 401 once its user has logged out") {
  return arg.status_after_logout == 401;
}
MATCHER(SignsInWithAToken, "type access_token with a token") {
  return arg.arrived() && !token_in(*arg).empty() &&
         member_of(*object_in(*arg), "type") == boost::json::value("access_token");
}
MATCHER(IsRefused, "no session") { return !arg.connected && !arg.failure.empty(); }

// Not one of the texts that mean something else, which would send the user looking in vain.
MATCHER(IsAReasonOfItsOwn, "a reason that the server gives") {
  for (const char* other : {"ID does not exist", "Remote desktop is offline", "Key mismatch",
                            "Key overuse", "other punch hole failure"})
    if (arg == other) return false;
  return !arg.empty() && !arg.starts_with("Failed to connect via rendezvous server");
}

// To a device of its own, which registers for it.
Task<Connecting> connect_with(Lab& lab, std::string token, bool force_relay = false) {
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
  how.force_relay = force_relay;
  auto result = co_await controller.connect(device.id(), std::move(how), lab.within(25s));
  Connecting connecting;
  connecting.connected = result.connected();
  connecting.failure = result.failure;
  connecting.steps = result.steps;
  connecting.relayed =
      result.path == sim::Path::relay_by_controller || result.path == sim::Path::relay_by_device;
  if (result.session) co_await result.session->close("", lab.within(5s));
  co_return connecting;
}

}  // namespace

// What the server thinks of the token is not said: it may serve everybody.
CASE(signed_in, "signed-in/encrypts", checks("SEC-KEX-01", "SEC-KEX-03"), after("secure/offer"),
     takes(30s), does(Effect::restarts)) {
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
     after("signed-in/encrypts"), takes(80s), does(Effect::restarts)) {
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

// The whole day of a user: the password at the API, sessions over the secure channel of the
// rendezvous port with the token of it, straight and through a relay, and the end of all that with
// the logout. How long each step took stands in the report.
CASE(whole_day, "signed-in/whole-day",
     checks("HTTP-LOGIN-02", "SEC-KEX-01", "SEC-KEX-03", "HTTP-LOGOUT-01", "PCH-FAIL-08"),
     after("secure/offer"), takes(150s), does(Effect::restarts)) {
  lab.needs({"api.auth.current-user", "relay.tcp"});
  if (!lab.target().key) lab.not_applicable("a server that signs nothing cannot offer encryption");
  if (lab.starts_servers()) {
    ServerSetup setup;
    setup.require_login = true;
    co_await lab.own_server(setup);
  }
  const Account account = account_of(lab, "user");
  ApiClient client(lab);
  Day day;
  net::Time begun = lab.now();
  const auto login = co_await client.login(account);
  day.steps.emplace_back("sign in", lab.now() - begun);
  if (!lab.verdict("HTTP-LOGIN-02", login, SignsInWithAToken())) co_return;
  const std::string token = token_in(*login);
  for (const bool relayed : {false, true}) {
    const auto session = co_await connect_with(lab, token, relayed);
    lab.verdict("SEC-KEX-01", session, Encrypts());
    if (relayed)
      lab.verdict("SEC-KEX-03", session, EncryptsThroughARelay());
    else
      lab.verdict("SEC-KEX-03", session, Encrypts());
    net::Duration all{};
    for (const auto& [step, took] : session.steps) all += took;
    day.steps.emplace_back(relayed ? "session by relay" : "session", all);
  }
  begun = lab.now();
  const auto logout = co_await client.logout(token);
  logout.ignore();
  day.steps.emplace_back("log out", lab.now() - begun);
  const auto user = co_await client.current_user(token);
  day.status_after_logout = user.arrived() ? user->status : 0;
  lab.verdict("HTTP-LOGOUT-01", day, EndsWithTheLogout());
  const auto afterwards = co_await connect_with(lab, token);
  // Whether strangers are served is the owner's choice, which is only known of servers of the
  // suite.
  if (lab.starts_servers()) lab.verdict("HTTP-LOGOUT-01", afterwards, IsRefused());
  if (!afterwards.connected)
    lab.verdict("PCH-FAIL-08", afterwards.failure, IsAReasonOfItsOwn());
  else
    lab.not_applicable("the target serves people who are not signed in, too");
}

}  // namespace deskcheck::conformance
