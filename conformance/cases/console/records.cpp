// What the rendezvous server has counted and noted, as its console shows it.
#include "conformance/cases/console/console.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// An address as consoles show it, for a regular expression: servers that listen on [::] see IPv4
// as ::ffff:a.b.c.d.
std::string shown(const net::Endpoint& at) {
  std::string text;
  for (const char c : at.address.to_string())
    text += c == '.' ? std::string("\\.") : std::string(1, c);
  return "(::ffff:)?" + text;
}
// As the operator has to type it, which depends on that too: the first that is found.
Task<std::string> typed(LabOperator& owner, std::string command, const net::Endpoint& at) {
  const std::string plain = at.address.to_string();
  auto answer = co_await owner.at_rendezvous(command + " " + plain);
  const bool found = answer.arrived() && lines_of(*answer).size() > 1;
  co_return found ? plain : "::ffff:" + plain;
}

std::string record_of(const LabController& controller, const LabDevice& device) {
  return "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ " + shown(controller.home()) + " -> " +
         device.id() + "@" + shown(device.address());
}
MATCHER_P2(HasRecords, count, pattern, std::to_string(count) + " lines like '" + pattern + "'") {
  if (!arg.arrived()) return false;
  const auto lines = lines_of(arg.value());
  const std::regex wanted(pattern);
  return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
           return std::regex_match(line, wanted);
         }) == count;
}

// One request for this device; the case is blocked if it does not get there.
Task<void> request(Lab& lab, LabController& controller, LabDevice& device) {
  controller.hang_up();
  auto push = co_await controller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
}

}  // namespace

// Who asked for whom is noted once in a minute, however often he asks.
CASE(punches_recorded, "console/rendezvous/punch-requests", checks("PCH-REC-01", "ADM-07"),
     after("console/rendezvous/help"), takes(61s), does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  auto device = co_await lab.registered_device();
  auto other = co_await lab.registered_device();
  auto controller = lab.controller();
  co_await controller.connect();
  const net::Time first = lab.now();
  for (int i = 0; i < 3; ++i) co_await request(lab, controller, device);
  co_await request(lab, controller, other);
  for (const char* command : {"punch-requests", "pr", "pr 0 5"}) {
    auto records = co_await owner.at_rendezvous(command);
    lab.verdict("ADM-07", records, HasRecords(1, record_of(controller, device)));
    lab.verdict("ADM-07", records, HasRecords(1, record_of(controller, other)));
  }
  auto second = co_await owner.at_rendezvous("pr 1");
  lab.verdict("ADM-07", second, HasRecords(0, record_of(controller, device)));
  auto only = co_await owner.at_rendezvous("pr 0 1");
  lab.verdict("ADM-07", only, HasRecords(0, record_of(controller, other)));
  auto once = co_await owner.at_rendezvous("pr");
  lab.verdict("PCH-REC-01", once, HasRecords(1, record_of(controller, device)));

  while (lab.now() < first + 60500ms) {  // both stay online
    co_await lab.wait_until(std::min(lab.now() + 15s, first + 60500ms));
    auto alive = co_await device.register_peer(lab.within(5s));
    lab.require("register_peer is answered", alive, RequestsPk(false));
  }
  co_await request(lab, controller, device);
  auto later = co_await owner.at_rendezvous("pr");
  lab.verdict("PCH-REC-01", later, HasRecords(2, record_of(controller, device)));
  auto cleared = co_await owner.at_rendezvous("pr -");
  lab.verdict("ADM-07", cleared, SaysNothing());
  auto none = co_await owner.at_rendezvous("pr");
  lab.verdict("ADM-07", none, SaysNothing());
}

// How often an address has registered, and how many ids; and the end of its block.
CASE(blocker_shown, "console/rendezvous/ip-blocker", checks("ADM-07"),
     after("console/rendezvous/help"), does(Effect::restarts)) {
  ServerSetup setup;
  setup.limits.registrations_per_address = 4;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  auto device = lab.device();
  for (int i = 0; i < 4; ++i) {
    device.identity().id = lab.fresh_id();
    auto answer = co_await device.register_pk(lab.within(5s));
    lab.require("register_pk within the limit", answer, Results(hbb::RegisterPkResponse::OK));
  }
  device.identity().id = lab.fresh_id();
  auto refused = co_await device.register_pk(lab.within(5s));
  lab.require("the address is blocked", refused, Results(hbb::RegisterPkResponse::TOO_FREQUENT));

  const std::string counts = "\\d+/\\d+s [1-9]\\d*/\\d+s";
  for (const char* command : {"ip-blocker", "ib", "ib 0"}) {
    auto all = co_await owner.at_rendezvous(command);
    lab.verdict("ADM-07", all, SaysLineLike(shown(device.address()) + ": " + counts));
    lab.verdict("ADM-07", all, SaysLineLike("1"));  // how many addresses there are
  }
  const std::string name = co_await typed(owner, "ib", device.address());
  auto one = co_await owner.at_rendezvous("ib " + name);
  lab.verdict("ADM-07", one, SaysLineLike(counts));
  auto lifted = co_await owner.at_rendezvous("ib " + name + " -");
  lab.verdict("ADM-07", lifted, SaysLineLike(counts));
  auto again = co_await device.register_pk(lab.within(5s));
  lab.verdict("ADM-07", again, Results(hbb::RegisterPkResponse::OK));
}

// Devices that changed their address more than once lately, with the addresses that they came to.
CASE(changes_shown, "console/rendezvous/ip-changes", checks("ADM-07"),
     after("console/rendezvous/help"), does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  auto device = co_await lab.registered_device();
  std::vector<std::string> addresses;
  for (int moves = 0; moves < 2; ++moves) {
    device.move_to(lab.home());
    auto moved = co_await device.register_pk(lab.within(5s));
    lab.require("the device moves", moved, Results(hbb::RegisterPkResponse::OK));
    addresses.push_back(shown(device.address()));
  }

  const std::string counts = "\\d+s \\{.*" + addresses.back() + ".*\\}";
  for (const char* command : {"ip-changes", "ic", "ic 0"}) {
    auto all = co_await owner.at_rendezvous(command);
    lab.verdict("ADM-07", all, SaysLineLike(device.id() + ": " + counts));
    lab.verdict("ADM-07", all, SaysLineLike(".*" + addresses.front() + ".*"));
  }
  auto one = co_await owner.at_rendezvous("ic " + device.id());
  lab.verdict("ADM-07", one, SaysLineLike(counts));
  auto removed = co_await owner.at_rendezvous("ic " + device.id() + " -");
  lab.verdict("ADM-07", removed, SaysLineLike(counts));
  auto gone = co_await owner.at_rendezvous("ic");
  lab.verdict("ADM-07", gone, SaysLine("0"));
}

}  // namespace deskcheck::conformance
