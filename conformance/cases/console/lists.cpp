// Addresses that the relay refuses or slows down, as its operator says.
#include "conformance/cases/console/console.hpp"
#include "conformance/lab/matchers.hpp"

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

}  // namespace

// Both lists, by the short and the long names of their commands.
CASE(relay_lists, "console/relay/lists", checks("ADM-09"), after("console/relay/help")) {
  ServerSetup setup;
  co_await lab.own_server(std::move(setup));
  LabOperator owner(lab);
  for (const auto& list : kLists) co_await judge_list(lab, owner, list);
}

}  // namespace deskcheck::conformance
