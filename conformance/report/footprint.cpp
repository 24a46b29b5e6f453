#include "conformance/report/footprint.hpp"

#include "conformance/report/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json/object.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostNames = 1000;    // of a thing, in the JSON report
constexpr std::size_t kMostForgotten = 10;  // in the text

std::string counted(std::size_t count, Thing thing) {
  std::string name(to_string(thing));
  if (count != 1) {
    if (name.ends_with('y')) name.replace(name.size() - 1, 1, "ie");
    name += 's';
  }
  return fmt::format("{} {}", count, name);
}

}  // namespace

FootprintTotals totals_of(const Footprint& footprint) {
  FootprintTotals all;
  for (const auto& [thing, count] : footprint.things) {
    all.created += count.created;
    all.removed += count.removed;
    all.left += count.left.size();
  }
  return all;
}

std::string effects_line(const RunReport& report) {
  const int cases = count_beyond_effects(report);
  if (cases == 0) return {};
  Effects wanted;
  for (const auto& result : report.results) wanted.merge(beyond(result.effects, report.allowed));
  return fmt::format(
      "{} cases were not run: they do MORE to the target than --effects {} allows ({}); "
      "--effects all allows everything\n",
      cases, to_string(report.allowed), to_string(wanted));
}

std::string footprint_lines(const Footprint& footprint) {
  if (footprint.prefix.empty()) return {};
  std::vector<std::string> kinds, stays;
  for (const auto& [thing, count] : footprint.things) {
    kinds.push_back(counted(count.created, thing));
    const auto why = footprint.why_it_stays(thing);
    if (!count.left.empty())
      stays.push_back(counted(count.left.size(), thing) + (why.empty() ? "" : " (" + why + ")"));
  }
  if (kinds.empty()) return "on the target: nothing was created\n";
  const auto all = totals_of(footprint);
  std::string out = fmt::format("on the target: created {} ({}; names carry {}), removed {}",
                                all.created, fmt::join(kinds, ", "), footprint.prefix, all.removed);
  out += stays.empty() ? ", left nothing\n"
                       : fmt::format(", left {}: {}\n", all.left, fmt::join(stays, "; "));
  const auto forgotten = footprint.forgotten();
  std::size_t shown = 0;
  for (const auto& name : forgotten) {
    if (++shown > kMostForgotten) break;
    out += fmt::format("left behind by the suite or its environment, not by the target: {}\n",
                       for_terminal(name));
  }
  if (forgotten.size() > kMostForgotten)
    out += fmt::format("and {} more, see --json\n", forgotten.size() - kMostForgotten);
  for (const auto& note : footprint.notes)
    out += fmt::format("what is left could not be checked: {}\n", for_terminal(note));
  return out;
}

json::array effects_json(const Effects& effects) {
  json::array list;
  for (const Effect effect : effects) list.emplace_back(to_string(effect));
  return list;
}

json::value footprint_json(const Footprint& footprint) {
  if (footprint.prefix.empty()) return nullptr;
  json::array things, notes;
  for (const auto& [thing, count] : footprint.things) {
    json::array names;
    for (const auto& name : count.left) {
      if (names.size() == kMostNames) break;
      names.emplace_back(to_utf8(name));
    }
    things.push_back(json::object{{"thing", to_string(thing)},
                                  {"created", count.created},
                                  {"removed", count.removed},
                                  {"left", count.left.size()},
                                  {"names", std::move(names)},
                                  {"why", to_utf8(footprint.why_it_stays(thing))}});
  }
  for (const auto& note : footprint.notes) notes.emplace_back(to_utf8(note));
  const auto all = totals_of(footprint);
  return json::object{{"prefix", footprint.prefix},  {"created", all.created},
                      {"removed", all.removed},      {"left", all.left},
                      {"things", std::move(things)}, {"notes", std::move(notes)}};
}

}  // namespace deskcheck::conformance
