// Addresses that the relay refuses or slows down, as its operator says.
#include "conformance/cases/console/console.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/relay_party.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

struct ListCommands {
  const char *add, *remove, *query;
};
constexpr std::array kLists = {
    ListCommands{"ba", "br", "b"}, ListCommands{"blacklist-add", "blacklist-remove", "blacklist"},
    ListCommands{"Ba", "Br", "B"}, ListCommands{"blocklist-add", "blocklist-remove", "blocklist"}};

MATCHER_P(SaysTheseLines, lines, "these lines in any order: " + testing::PrintToString(lines)) {
  if (!arg.arrived()) return false;
  auto said = lines_of(arg.value());
  auto wanted = lines;
  std::sort(said.begin(), said.end());
  std::sort(wanted.begin(), wanted.end());
  return said == wanted;
}

// Everything that one list can be told.
Task<void> judge_list(Lab& lab, LabOperator& owner, ListCommands list) {
  const std::string add = std::string(list.add) + " ", remove = std::string(list.remove) + " ",
                    query = list.query, ask = query + " ";
  const std::vector<std::pair<std::string, std::vector<std::string>>> story = {
      {query, {}},
      {add + "192.0.2.7", {}},
      {add + "192.0.2.8|192.0.2.9", {}},
      {ask + "192.0.2.7", {"true"}},
      {ask + "192.0.2.9", {"true"}},
      {ask + "192.0.2.10", {"false"}},
      {query, {"192.0.2.7", "192.0.2.8", "192.0.2.9"}},
      {remove + "192.0.2.7|192.0.2.9", {}},
      {ask + "192.0.2.7", {"false"}},
      {query, {"192.0.2.8"}},
      {remove + "all", {}},
      {query, {}}};
  for (const auto& [command, lines] : story) {
    auto answer = co_await owner.at_relay(command);
    lab.verdict("ADM-09", answer, SaysTheseLines(lines));
  }
}

// Joined and heard; blocked if that fails.
Task<void> meet(Lab& lab, LabRelayParty& first, LabRelayParty& second) {
  const std::string session = fresh_session(lab);
  co_await first.join(session);
  co_await second.join(session);
  co_await second.say("hello");
  auto met = co_await first.hear(lab.within(5s));
  lab.require("the two hear each other", met, Hears("hello"));
}

}  // namespace

// Both lists, by the short and the long names of their commands.
CASE(relay_lists, "console/relay/lists", checks("ADM-09"), after("console/relay/help"),
     does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  for (const auto& list : kLists) co_await judge_list(lab, owner, list);
}

// A banned address gets no further than the door; when the ban is lifted, it does.
CASE(banned_newcomer, "relay/lists/newcomer", checks("RLY-BLK-01"), after("console/relay/lists"),
     does(Effect::restarts)) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  const net::Endpoint banned = lab.home();
  auto ban = co_await owner.at_relay("Ba " + banned.address.to_string());
  lab.require("the ban is taken", ban, Arrived());
  auto refused = co_await relay_party(lab, "banned", banned);
  co_await refused.try_to_request(refused.request_for(fresh_session(lab)));
  auto end = co_await refused.hear(lab.within(5s));
  lab.verdict("RLY-BLK-01", end, Ends());

  auto lifted = co_await owner.at_relay("Br all");
  lab.require("the ban is lifted", lifted, Arrived());
  auto first = co_await relay_party(lab, "first", banned);
  auto second = co_await relay_party(lab, "second", lab.home());
  co_await meet(lab, first, second);
}

// A running session of a banned address ends while it is in use: whichever of the two he is.
CASE(banned_in_session, "relay/lists/in-session", checks("RLY-BLK-02"),
     after("relay/lists/newcomer"), takes(10s), does(Effect::restarts)) {
  for (const bool first_is_banned : {false, true}) {
    ServerSetup setup;
    co_await lab.own_server(std::move(setup));
    LabOperator owner(lab);
    const net::Endpoint banned = lab.home(), other = lab.home();
    const net::Endpoint first_home = first_is_banned ? banned : other;
    const net::Endpoint second_home = first_is_banned ? other : banned;
    auto first = co_await relay_party(lab, "first", first_home);
    auto second = co_await relay_party(lab, "second", second_home);
    co_await meet(lab, first, second);
    auto ban = co_await owner.at_relay("Ba " + banned.address.to_string());
    lab.require("the ban is taken", ban, Arrived());
    // Servers look once in a second, and only while something passes.
    for (int i = 0; i < 8; ++i) {
      co_await lab.wait(500ms);
      co_await second.try_to_say("still here");
    }
    auto end = co_await second.hear(lab.within(2s));
    lab.verdict("RLY-BLK-02", end, Ends());
  }
}

}  // namespace deskcheck::conformance
