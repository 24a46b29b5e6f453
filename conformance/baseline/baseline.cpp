#include "conformance/baseline/baseline.hpp"

#include "conformance/registry/glob.hpp"
#include "proto/text/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace deskcheck::conformance {

namespace {

// How far a glob over ids is written out, as against the ids that it matches.
enum class Width {
  everything,  // not even the first part
  area,        // the first part, and there are groups below it
  group,       // all of one group, or of an area that has none
  one,
};

Width width_of(const std::string& glob, char separator, const std::set<std::string_view>& names) {
  const auto star = glob.find('*');
  if (star == glob.npos) return Width::one;
  const auto written =
      std::count(glob.begin(), glob.begin() + static_cast<std::ptrdiff_t>(star), separator);
  if (written == 0) return Width::everything;
  const bool has_groups = std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return glob_matches(glob, name) && std::count(name.begin(), name.end(), separator) > 1;
  });
  return written == 1 && has_groups ? Width::area : Width::group;
}

bool matches_any(const std::string& glob, const std::set<std::string_view>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return glob_matches(glob, name); });
}

std::string unknown(const std::string& name, const char* what,
                    const std::set<std::string_view>& names) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = text::nearest(name, known, 3);
  return fmt::format(
      "'{}' is no {}{}", name, what,
      near.empty() ? std::string() : fmt::format(", did you mean {}?", fmt::join(near, " or ")));
}

}  // namespace

std::string to_text(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

bool BaselineEntry::covers(const std::string& a_case, const std::string& a_requirement) const {
  return (case_id.empty() || glob_matches(case_id, a_case)) &&
         (requirement.empty() || glob_matches(requirement, a_requirement));
}

bool BaselineEntry::has_pattern() const {
  return (case_id + requirement).find('*') != std::string::npos;
}

std::string BaselineEntry::name() const {
  std::string names = case_id;
  if (!names.empty() && !requirement.empty()) names += ' ';
  return fmt::format("{}{} ({})", names, requirement, to_string(kind));
}

KnownCases known_cases(const std::vector<Case>& cases, const Registry& registry) {
  KnownCases known{{}, registry};
  for (const auto& c : cases) known.cases.push_back(&c);
  return known;
}

KnownCases built_in_cases(const Registry& registry) { return known_cases(all_cases(), registry); }

namespace {

// A glob has to name the group that it is about; beside a narrow one the area is enough.
std::optional<NameMistake> find_too_wide(const BaselineEntry& entry,
                                         const std::set<std::string_view>& cases,
                                         const std::set<std::string_view>& requirements) {
  const auto too_wide = [](const char* key, const std::string& glob, const char* example) {
    return NameMistake{
        key, fmt::format("'{}' is too wide; write its group out, as in '{}'", glob, example)};
  };
  const auto of_case = width_of(entry.case_id, '/', cases);
  const auto of_requirement = width_of(entry.requirement, '-', requirements);
  const bool narrow = (!entry.case_id.empty() && of_case >= Width::group) ||
                      (!entry.requirement.empty() && of_requirement >= Width::group);
  const auto least = narrow ? Width::area : Width::group;
  if (of_case < least) return too_wide("case", entry.case_id, "rendezvous/register-peer/*");
  if (of_requirement < least) return too_wide("requirement", entry.requirement, "RDV-REGPEER-*");
  return std::nullopt;
}

}  // namespace

std::optional<NameMistake> find_name_mistake(const BaselineEntry& entry, const KnownCases& known) {
  std::set<std::string_view> cases, requirements, together;
  for (const Case* c : known.cases) {
    cases.insert(c->id);
    for (const auto& id : c->requirements) {
      requirements.insert(id);
      if (entry.case_id.empty() || glob_matches(entry.case_id, c->id)) together.insert(id);
    }
  }
  if (auto mistake = find_too_wide(entry, cases, requirements)) return mistake;
  if (!entry.case_id.empty() && !matches_any(entry.case_id, cases))
    return NameMistake{"case", unknown(entry.case_id, "case", cases)};
  if (!entry.requirement.empty() && !matches_any(entry.requirement, requirements))
    return NameMistake{"requirement",
                       unknown(entry.requirement, "requirement that a case judges", requirements)};
  if (!entry.requirement.empty() && !matches_any(entry.requirement, together))
    return NameMistake{"requirement", fmt::format("{} does not judge '{}', only {}", entry.case_id,
                                                  entry.requirement, fmt::join(together, ", "))};
  return std::nullopt;
}

}  // namespace deskcheck::conformance
