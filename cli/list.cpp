// `deskcheck list`: what there is.
#include "cli/commands.hpp"
#include "conformance/registry/glob.hpp"
#include "conformance/registry/profiles.hpp"
#include "conformance/runner/selection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::cli {

namespace {

using namespace conformance;

bool wanted(const std::vector<std::string>& globs, std::initializer_list<std::string_view> names) {
  if (globs.empty()) return true;
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return glob_matches(glob, name); });
  });
}

// By its id, or by what it does to the target.
bool wanted_case(const std::vector<std::string>& globs, const Case& one) {
  return wanted(globs, {one.id}) || std::ranges::any_of(one.effects, [&](Effect effect) {
           return wanted(globs, {to_string(effect)});
         });
}

int list_cases(const ListCommand& c) {
  int shown = 0;
  for (const auto& one : all_cases()) {
    if (!wanted_case(c.globs, one)) continue;
    fmt::print("{:<52}{:<18}{}\n", one.id, to_string(one.effects),
               fmt::join(one.requirements, " "));
    ++shown;
  }
  return shown;
}

int list_faults(const ListCommand& c) {
  int shown = 0;
  for (const auto& fault : server::declared_faults()) {
    if (!wanted(c.globs, {fault.id, fault.requirement})) continue;
    fmt::print("{:<44}{:<20}{}\n", fault.id, fault.requirement, fault.text);
    ++shown;
  }
  return shown;
}

int list_requirements(const ListCommand& c) {
  const auto registry = Registry::built_in();
  int shown = 0;
  for (const auto& r : registry.all()) {
    if (!wanted(c.globs, {r.id, r.area, r.capability})) continue;
    fmt::print("{:<20}{:<8}{:<26}{:<8}{}\n", r.id, to_string(r.level), r.capability,
               r.excluded_because ? "-" : "checked", r.text);
    ++shown;
  }
  return shown;
}

int list_profiles(const ListCommand& c) {
  const auto registry = Registry::built_in();
  int shown = 0;
  for (const auto& profile : built_in_profiles()) {
    if (!wanted(c.globs, {profile.name})) continue;
    const auto capabilities = capabilities_of(profile, registry);
    fmt::print("{:<16}{:>3} core, {:>2} extended capabilities: {}\n", profile.name,
               capabilities.core.size(), capabilities.extended.size(), profile.text);
    ++shown;
  }
  return shown;
}

}  // namespace

int execute(const ListCommand& c) {
  if (c.coverage) return show_coverage(c);
  const int shown = c.cases      ? list_cases(c)
                    : c.faults   ? list_faults(c)
                    : c.profiles ? list_profiles(c)
                                 : list_requirements(c);
  if (shown == 0) throw UsageError(fmt::format("nothing matches {}", fmt::join(c.globs, " ")));
  return 0;
}

}  // namespace deskcheck::cli
