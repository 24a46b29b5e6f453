// `deskcheck explain`: one requirement, case or profile, for people.
#include "conformance/registry/explain.hpp"

#include "cli/commands.hpp"
#include "conformance/runner/selection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::cli {

namespace {

using namespace conformance;

void explain_case(const Case& c, const Registry& registry) {
  fmt::print("{}\n", c.id);
  if (!c.control.empty()) fmt::print("  runs after {}\n", c.control);
  if (c.takes > net::Duration::zero())
    fmt::print("  takes {} s of protocol time\n", std::chrono::duration<double>(c.takes).count());
  for (const Effect effect : c.effects)
    fmt::print("  {}: {}\n", to_string(effect), describe(effect));
  if (c.restarts_target)
    fmt::print("  restarts the target, which needs a hook `restart` or --spawn; it runs last\n");
  for (const auto& id : c.requirements)
    if (const auto* requirement = registry.find(id)) fmt::print("\n{}", explain(*requirement));
}

void explain_requirement(const Requirement& requirement) {
  fmt::print("{}", explain(requirement));
  std::string cases, faults, profiles;
  for (const auto& profile : built_in_profiles())
    if (profile.contains(requirement))
      profiles += fmt::format("{}{}{}", profiles.empty() ? "" : ", ", profile.name,
                              profile.is_core(requirement.capability) ? " (core)" : "");
  fmt::print("{:<12}{}\n", "Profiles", profiles);
  for (const auto& c : all_cases())
    if (std::count(c.requirements.begin(), c.requirements.end(), requirement.id))
      cases += "  " + c.id + "\n";
  for (const auto& fault : server::declared_faults())
    if (fault.requirement == requirement.id)
      faults += fmt::format("  {}: {}\n", fault.id, fault.text);
  if (!cases.empty()) fmt::print("\nJudged by\n{}", cases);
  if (!faults.empty()) fmt::print("\nFaults of the reference server that break it\n{}", faults);
}

}  // namespace

int execute(const ExplainCommand& c) {
  const auto registry = Registry::built_in();
  if (const auto* requirement = registry.find(c.id)) {
    explain_requirement(*requirement);
    return 0;
  }
  const auto profiles = built_in_profiles();
  if (const auto* profile = find_profile(profiles, c.id)) {
    fmt::print("{}", explain(*profile, registry));
    return 0;
  }
  for (const auto& one : all_cases())
    if (one.id == c.id) {
      explain_case(one, registry);
      return 0;
    }
  auto known = known_ids(all_cases(), registry);
  for (const auto& profile : profiles) known.push_back(profile.name);
  throw UsageError(
      fmt::format("{} is neither a requirement nor a case nor a profile{}; see deskcheck list",
                  c.id, did_you_mean(c.id, known)));
}

}  // namespace deskcheck::cli
