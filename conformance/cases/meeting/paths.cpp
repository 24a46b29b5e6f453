// A whole device and a whole controller, each with the real client's own will, meet through the
// server: on every path that there is, up to a session with a login and measured delays.
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr char kPassword[] = "secret";
constexpr net::Duration kPatience = 25s;  // longer than the longest wait of a client, 18 s

// How it went, as both sides saw it.
struct Meeting {
  sim::Path path = sim::Path::none;
  std::string failure;  // what the controller's user reads
  std::string login_error;
  bool logged_in = false;
  bool encrypted = false;    // on both sides
  bool key_trusted = false;  // the server's signature of the device's key
  int relay_requests = 0;    // of the controller
  int delays_measured = 0;
  std::size_t sessions = 0;  // of the device

  Meeting() = default;
};

[[maybe_unused]] void PrintTo(const Meeting& meeting, std::ostream* out) {
  if (!meeting.failure.empty()) *out << "\"" << meeting.failure << "\" ";
  *out << to_string(meeting.path) << ", " << (meeting.encrypted ? "" : "not ") << "encrypted, "
       << (meeting.logged_in ? "" : "not ") << "logged in";
  if (!meeting.login_error.empty()) *out << " (" << meeting.login_error << ")";
  *out << ", " << meeting.delays_measured << " delays measured, " << meeting.sessions
       << " sessions of the device";
}

MATCHER(AsksForRelay, "a controller that asks for a relay") { return arg.relay_requests > 0; }
MATCHER_P(GoesOver, path, "a session over the path " + std::string(to_string(path))) {
  return arg.failure.empty() && arg.path == path && arg.sessions == 1;
}
MATCHER(IsEncrypted, "a session with encryption on both sides") { return arg.encrypted; }
MATCHER(Works, "a login and a measured delay") {
  return arg.logged_in && arg.login_error.empty() && arg.delays_measured > 0;
}

// What users of this server configure: what it asks for, or else what its signatures verify under.
std::string configured_key(const Target& target) {
  if (!target.licence_key.empty() || !target.key) return target.licence_key;
  return wire::to_text(*target.key);
}

sim::DeviceOptions device_of(Lab& lab) {
  auto options = device_options(lab, lab.target().rendezvous);
  options.key = lab.target().key_for_relay();
  options.relay_server = to_string(lab.target().relay);
  options.password = kPassword;
  return options;
}

sim::ControllerOptions controller_at(Lab& lab, net::Endpoint home) {
  auto options = controller_options(lab, lab.target().rendezvous, home);
  options.key = configured_key(lab.target());
  return options;
}

// Everything after the options: the device comes online, the controller calls it.
Task<Meeting> meet(Lab& lab, sim::DeviceOptions called, sim::ControllerOptions calling,
                   sim::ConnectOptions how) {
  auto& device = simulated_device(lab, std::move(called));
  auto online = co_await device.registered(lab.within(5s));
  if (!online) lab.require("the device registers", online.error(), boost::system::error_code());

  how.password = kPassword;
  sim::Controller controller(lab.world(), std::move(calling), lab.recorder("controller"));
  auto result = co_await controller.connect(device.id(), std::move(how), lab.within(kPatience));
  Meeting meeting;
  meeting.path = result.path;
  meeting.failure = result.failure;
  meeting.relay_requests = result.relay_attempts;
  if (result.login) meeting.login_error = result.login->error;
  if (result.session) {
    meeting.key_trusted = result.session->protection() != sim::Protection::no_key;
    // The device measures the delay after the login, the controller answers.
    auto held = co_await result.session->idle(lab.within(1s));
    if (!held) meeting.failure = "the session ended: " + held.error().message();
  }
  meeting.sessions = device.sessions().size();
  if (!device.sessions().empty()) {
    const auto& session = device.sessions().back();
    meeting.logged_in = session.logged_in && result.login.has_value();
    meeting.delays_measured = session.delay_tests;
    meeting.encrypted = result.session && result.session->encrypted() &&
                        session.protection == sim::Protection::encrypted;
  }
  if (result.session) co_await result.session->close("", lab.within(5s));
  co_return meeting;
}

// What only the relay can break. Clients speak in plain text where the server has no key to vouch
// with.
void judge_relay(Lab& lab, const Meeting& meeting) {
  if (lab.target().key) {
    lab.require("the controller trusts the signed key", meeting.key_trusted, testing::IsTrue());
    lab.verdict("RLY-DATA-06", meeting, IsEncrypted());
  }
  lab.verdict("RLY-DATA-06", meeting, Works());
}

}  // namespace

// Two that can reach each other do so at the addresses that the server told them.
CASE(meet_directly, "meeting/direct", checks("PCH-SENT-01"), after("punch/sent/answer"),
     takes(30s)) {
  auto called = device_of(lab);
  auto calling = controller_at(lab, lab.home());
  const sim::ConnectOptions how;
  const auto meeting = co_await meet(lab, called, calling, how);
  lab.verdict("PCH-SENT-01", meeting, GoesOver(sim::Path::direct));
  lab.verdict("PCH-SENT-01", meeting, Works());
}

// The controller trusts the key that the server has signed, and the session is encrypted with it.
CASE(meet_encrypted, "meeting/encrypted", checks("PCH-PK-01"), after("punch/signed-key/identity"),
     takes(30s)) {
  if (!lab.target().key) lab.not_applicable("the server has no key to sign with");
  auto called = device_of(lab);
  auto calling = controller_at(lab, lab.home());
  const sim::ConnectOptions how;
  const auto meeting = co_await meet(lab, called, calling, how);
  lab.verdict("PCH-PK-01", meeting, IsEncrypted());
}

// Two behind one address meet at the device's local one.
CASE(meet_on_lan, "meeting/same-network", checks("PCH-LAN-02"), after("punch/lan/same-address"),
     takes(30s)) {
  auto called = device_of(lab);
  auto calling = controller_at(lab, called.home);
  const sim::ConnectOptions how;
  const auto meeting = co_await meet(lab, called, calling, how);
  lab.verdict("PCH-LAN-02", meeting, GoesOver(sim::Path::lan));
  lab.verdict("PCH-LAN-02", meeting, Works());
  if (lab.target().key) lab.verdict("PCH-LAN-02", meeting, IsEncrypted());
}

// A controller that gets no direct connection calls the device to a relay.
CASE(meet_at_relay_of_controller, "meeting/relay-after-failure",
     checks("RLR-REQ-02", "RLY-DATA-06"), after("relay/data/login"), takes(30s)) {
  auto called = device_of(lab);
  called.firewalled = true;
  auto calling = controller_at(lab, lab.home());
  const sim::ConnectOptions how;
  const auto meeting = co_await meet(lab, called, calling, how);
  lab.require("the controller asks for a relay", meeting, AsksForRelay());
  if (!lab.verdict("RLR-REQ-02", meeting, GoesOver(sim::Path::relay_by_controller))) co_return;
  judge_relay(lab, meeting);
}

// A controller whose user insists on the relay meets the device there.
CASE(meet_at_forced_relay, "meeting/relay-forced", checks("RLR-BINI-01", "RLY-DATA-06"),
     after("relay/data/login"), takes(30s)) {
  auto called = device_of(lab);
  auto calling = controller_at(lab, lab.home());
  sim::ConnectOptions how;
  how.force_relay = true;
  const auto meeting = co_await meet(lab, called, calling, how);
  if (!lab.verdict("RLR-BINI-01", meeting, GoesOver(sim::Path::relay_by_device))) co_return;
  judge_relay(lab, meeting);
}

// A device behind a NAT that cannot be punched invites the controller to a relay.
CASE(meet_at_relay_of_device, "meeting/relay-of-device", checks("RLR-BINI-01", "RLY-DATA-06"),
     after("relay/data/login"), takes(30s)) {
  auto called = device_of(lab);
  called.nat_type = hbb::SYMMETRIC;
  auto calling = controller_at(lab, lab.home());
  const sim::ConnectOptions how;
  const auto meeting = co_await meet(lab, called, calling, how);
  if (!lab.verdict("RLR-BINI-01", meeting, GoesOver(sim::Path::relay_by_device))) co_return;
  judge_relay(lab, meeting);
}

}  // namespace deskcheck::conformance
