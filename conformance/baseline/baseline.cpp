#include "conformance/baseline/baseline.hpp"

#include "conformance/registry/glob.hpp"
#include "proto/text/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace deskcheck::conformance {

namespace {

// A glob has to name what it is about: the first part of an id is written out.
bool too_wide(const std::string& glob, char separator) {
  const auto star = glob.find('*');
  return star != glob.npos && glob.find(separator) >= star;
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

bool BaselineEntry::covers(const std::string& a_case, const std::string& a_requirement) const {
  return (case_id.empty() || glob_matches(case_id, a_case)) &&
         (requirement.empty() || glob_matches(requirement, a_requirement));
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

std::optional<NameMistake> find_name_mistake(const BaselineEntry& entry, const KnownCases& known) {
  if (too_wide(entry.case_id, '/'))
    return NameMistake{"case",
                       fmt::format("'{}' is too wide; write the first part of the name out, as in "
                                   "'rendezvous/*'",
                                   entry.case_id)};
  if (too_wide(entry.requirement, '-'))
    return NameMistake{
        "requirement",
        fmt::format("'{}' is too wide; write the first part of the id out, as in 'RDV-*'",
                    entry.requirement)};
  std::set<std::string_view> cases, requirements, together;
  for (const Case* c : known.cases) {
    cases.insert(c->id);
    for (const auto& id : c->requirements) {
      requirements.insert(id);
      if (entry.case_id.empty() || glob_matches(entry.case_id, c->id)) together.insert(id);
    }
  }
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
