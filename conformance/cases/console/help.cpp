// The text consoles of both servers: one command per connection, from the server's own host only.
#include "conformance/cases/console/console.hpp"
#include "conformance/cases/still_serves.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/query.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::array kRendezvousCommands = {
    "relay-servers(rs)",  "reload-geo(rg)",        "ip-blocker(ib)", "ip-changes(ic)",
    "punch-requests(pr)", "always-use-relay(aur)", "test-geo(tg)"};
constexpr std::array kRelayCommands = {
    "blacklist-add(ba)",       "blacklist-remove(br)",     "blacklist(b)",
    "blocklist-add(Ba)",       "blocklist-remove(Br)",     "blocklist(B)",
    "downgrade-threshold(dt)", "downgrade-start-check(t)", "limit-speed(ls)",
    "total-bandwidth(tb)",     "single-bandwidth(sb)",     "usage(u)"};

// The help text: so many lines, one for each command, in any order.
MATCHER_P(ListsCommands, commands,
          "a line for each of " + std::to_string(commands.size()) + " commands") {
  if (!arg.arrived()) return false;
  const auto lines = lines_of(arg.value());
  if (lines.size() != commands.size()) return false;
  return std::all_of(commands.begin(), commands.end(), [&](const std::string_view command) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.starts_with(command); });
  });
}
// What a stranger hears: nothing that an operator would.
MATCHER(IsNoConsole, "no console") {
  return !arg.arrived() || arg.value().find("relay") == std::string::npos;
}

}  // namespace

// One command, its answer, the end; the next one over a new connection.
CASE(console_help, "console/rendezvous/help", checks("ADM-02", "ADM-03")) {
  LabOperator owner(lab);
  for (int i = 0; i < 2; ++i) {
    auto help = co_await owner.say(lab.target().nat, "h\n", lab.within(5s));
    lab.verdict("ADM-02", help, Arrives<std::string>(testing::Not(testing::IsEmpty())));
    lab.verdict("ADM-03", help, ListsCommands(kRendezvousCommands));
  }
  // As people type it.
  auto typed = co_await owner.at_rendezvous(" h \r");
  lab.verdict("ADM-02", typed, ListsCommands(kRendezvousCommands));
}

// The relay's, with what its limits are when nobody has chosen them.
CASE(relay_console_help, "console/relay/help", checks("ADM-08"), does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  auto help = co_await owner.at_relay("h");
  lab.verdict("ADM-08", help, ListsCommands(kRelayCommands));
  const std::vector<std::pair<std::string, std::string>> defaults = {
      {"dt", "0.66"},     {"downgrade-threshold", "0.66"},
      {"t", "1800s"},     {"downgrade-start-check", "1800s"},
      {"ls", "32Mb/s"},   {"limit-speed", "32Mb/s"},
      {"tb", "1024Mb/s"}, {"total-bandwidth", "1024Mb/s"},
      {"sb", "128Mb/s"},  {"single-bandwidth", "128Mb/s"}};
  for (const auto& [command, value] : defaults) {
    auto answer = co_await owner.at_relay(command);
    lab.verdict("ADM-08", answer, SaysLine(value));
  }
}

// From any other host there is no console, whatever is sent.
CASE(console_for_strangers, "console/strangers", checks("ADM-01"), after("console/rendezvous/help"),
     takes(10s), does(Effect::reads)) {
  lab.needs({"rendezvous.udp"});
  const net::Endpoint home = lab.home();
  if (home.address.is_loopback())
    lab.not_applicable(
        "every address of loopback is the operator's: this needs one that is not, as in virtual "
        "time");
  for (const net::Endpoint& console : {lab.target().nat, lab.target().relay}) {
    for (const char* command : {"h", "h\n", "aur", "sb", "rs"}) {
      auto connection = co_await lab.connect("stranger", home, console);
      (void)co_await connection.send_bytes(command, lab.within(5s));
      auto said = co_await connection.receive_bytes(lab.within(1s));
      const auto answer = lab.answer(std::move(said), "what a stranger is told");
      lab.verdict("ADM-01", answer, IsNoConsole());
    }
  }
  co_await still_serves(lab, "ADM-01");
}

// People who open a console and say nothing: it closes after a second, and nobody waits for them.
CASE(silent_operator, "console/silent", checks("ADM-10"), after("console/rendezvous/help"),
     takes(8s), does(Effect::reads)) {
  constexpr int kSilent = 8;  // one after the other they would take longer than the deadline below
  LabOperator owner(lab);
  const net::Endpoint here{boost::asio::ip::address_v4::loopback(), 0};
  for (const net::Endpoint& console : {lab.target().nat, lab.target().relay}) {
    std::vector<sim::MessageStream> silent;
    for (int i = 0; i < kSilent; ++i) {
      auto connection = co_await lab.connect("silent", here, console);
      silent.push_back(std::move(connection));
    }
    auto meanwhile = co_await owner.say(console, "h", lab.within(5s));
    lab.verdict("ADM-10", meanwhile, Arrives<std::string>(testing::Not(testing::IsEmpty())));
    for (auto& connection : silent) {
      auto end = co_await end_of(lab, connection, lab.within(3s));
      if (!lab.verdict("ADM-10", end, Arrived())) co_return;
    }
  }
}

// Slips of the operator's fingers.
CASE(console_nonsense, "console/nonsense", checks("ADM-11"), after("console/rendezvous/help"),
     does(Effect::reads)) {
  lab.needs({"rendezvous.udp"});
  LabOperator owner(lab);
  const std::vector<std::string> nonsense = {
      "quit",     "relay-server", "ib ib ib ib", "pr -1 -1", "pr 99999999999999999999 1",
      "ic 5 6 7", "tb x",         "dt -1",       "t 0",      std::string(1000, 'h'),
      "h h"};
  for (const net::Endpoint& console : {lab.target().nat, lab.target().relay})
    for (const auto& line : nonsense) {
      auto answer = co_await owner.say(console, line + "\n", lab.within(5s));
      if (!lab.verdict("ADM-11", answer, Arrived())) co_return;  // whatever it says, it ends
    }
  auto unknown = co_await owner.at_rendezvous("quit");
  lab.verdict("ADM-11", unknown, SaysNothing());
  // No text at all: a server that serves clients of its own host may take it for a client's.
  for (const char* binary : {"h \xC3\x28\n", "\xC3\x28\n", "h\xFF\n"}) {
    auto answer = co_await owner.say(lab.target().nat, binary, lab.within(1s));
    lab.verdict("ADM-11", answer, testing::AnyOf(SaysNothing(), StaysSilent()));
  }
  auto help = co_await owner.at_rendezvous("h");
  lab.verdict("ADM-11", help, ListsCommands(kRendezvousCommands));
  co_await still_serves(lab, "ADM-11");
}

}  // namespace deskcheck::conformance
