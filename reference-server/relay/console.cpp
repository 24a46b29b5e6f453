// The operator's commands at the relay: rendezvous.md section 6.2.
#include "reference-server/relay/relay.hpp"
#include "reference-server/rendezvous/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace deskcheck::server {

namespace {

constexpr const char* kHelp =
    "blacklist-add(ba) <ip>\n"
    "blacklist-remove(br) <ip>\n"
    "blacklist(b) <ip>\n"
    "blocklist-add(Ba) <ip>\n"
    "blocklist-remove(Br) <ip>\n"
    "blocklist(B) <ip>\n"
    "downgrade-threshold(dt) [value]\n"
    "downgrade-start-check(t) [value(second)]\n"
    "limit-speed(ls) [value(Mb/s)]\n"
    "total-bandwidth(tb) [value(Mb/s)]\n"
    "single-bandwidth(sb) [value(Mb/s)]\n"
    "usage(u)\n";

template <class Number>
std::optional<Number> positive(std::string_view word) {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool whole = error == std::errc() && end == word.data() + word.size();
  if (!whole || !(number > 0) || !(number < 1e12)) return std::nullopt;
  return number;
}

// Without argument the value with its unit; a number above 0 replaces it; else nothing happens.
std::string value(double& value, Words arguments, const char* unit) {
  const auto word = arguments.next();
  if (!word) return fmt::format("{}{}\n", value, unit);
  if (const auto number = positive<double>(*word)) value = *number;
  return {};
}

std::string start_check(net::Duration& after, Words arguments) {
  const auto word = arguments.next();
  if (!word) return fmt::format("{}s\n", after / std::chrono::seconds(1));
  if (const auto number = positive<int>(*word)) after = std::chrono::seconds(*number);
  return {};
}

template <class Do>
void each_of(std::string_view list, Do action) {
  for (;;) {
    const auto bar = list.find('|');
    action(list.substr(0, bar));
    if (bar == std::string_view::npos) return;
    list.remove_prefix(bar + 1);
  }
}

std::string show(const AddressList& list, Words arguments) {
  if (const auto entry = arguments.next()) return fmt::format("{}\n", list.has(*entry));
  std::string lines;
  for (const auto& entry : list.all()) lines += entry + '\n';
  return lines;
}

std::string usage(std::vector<RelayMeter::Usage> sessions) {
  std::sort(sessions.begin(), sessions.end(),
            [](const auto& a, const auto& b) { return a.bits > b.bits; });
  std::string lines;
  for (const auto& s : sessions)
    if (s.age >= std::chrono::seconds(1))
      lines += fmt::format("{}: {}s {:.2f}MB {:.0f}kb/s {:.0f}kb/s {:.0f}kb/s\n",
                           net::to_string(s.party), s.age / std::chrono::seconds(1),
                           s.bits / 8 / 1024 / 1024, s.highest, s.average, s.current);
  return lines;
}

}  // namespace

std::string Relay::command(std::string_view command, std::vector<RelayMeter::Usage> sessions) {
  if (console_stopped_) return {};
  Words words(command);
  const auto name = words.next().value_or("");
  const auto is = [&](std::string_view full, std::string_view brief) {
    return name == full || name == brief;
  };
  if (name == "h") return kHelp;
  if (is("blacklist-add", "ba")) return add(settings_.blacklist, words);
  if (is("blacklist-remove", "br")) return remove(settings_.blacklist, words);
  if (is("blacklist", "b")) return show(settings_.blacklist, words);
  if (is("blocklist-add", "Ba")) return add(settings_.blocklist, words);
  if (is("blocklist-remove", "Br")) return remove(settings_.blocklist, words);
  if (is("blocklist", "B")) return show(settings_.blocklist, words);
  RelayLimits& limits = settings_.limits;
  const char* unit = wrong_.console_without_units ? "" : "Mb/s";
  if (is("downgrade-threshold", "dt")) return value(limits.downgrade_at, words, "");
  if (is("downgrade-start-check", "t")) return start_check(limits.downgrade_after, words);
  if (is("limit-speed", "ls")) return value(limits.slow, words, unit);
  if (is("total-bandwidth", "tb")) return value(limits.total, words, unit);
  if (is("single-bandwidth", "sb")) return value(limits.session, words, unit);
  if (is("usage", "u")) return usage(std::move(sessions));
  console_stopped_ = wrong_.bad_command_stops_console;
  return {};
}

std::string Relay::add(AddressList& list, Words arguments) const {
  const auto entries = arguments.next();
  if (!entries) return {};
  if (wrong_.console_takes_one_address)
    list.add(entries->substr(0, entries->find('|')));
  else
    each_of(*entries, [&](std::string_view entry) { list.add(entry); });
  return {};
}

std::string Relay::remove(AddressList& list, Words arguments) const {
  const auto entries = arguments.next();
  if (!entries) return {};
  if (*entries == "all")
    list.clear();
  else
    each_of(*entries, [&](std::string_view entry) { list.remove(entry); });
  return {};
}

}  // namespace deskcheck::server
