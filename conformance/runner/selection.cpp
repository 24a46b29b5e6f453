#include "conformance/runner/selection.hpp"

#include "conformance/registry/glob.hpp"
#include "conformance/runner/preflight.hpp"
#include "proto/text/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::conformance {

std::string did_you_mean(const std::string& unknown, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto near = text::nearest(unknown, names, 3);
  if (near.empty()) return {};
  return fmt::format(", did you mean {}?", fmt::join(near, " or "));
}

std::vector<std::string> known_ids(const std::vector<Case>& cases, const Registry& registry) {
  std::vector<std::string> ids;
  for (const auto& c : cases) ids.push_back(c.id);
  for (const auto& requirement : registry.all()) ids.push_back(requirement.id);
  return ids;
}

std::vector<const Case*> select_cases(const std::vector<Case>& cases, const Registry& registry,
                                      const std::vector<std::string>& filters, Level level,
                                      Shard shard, const std::vector<std::string>& profiles) {
  for (const auto& filter : filters) {
    if (!select(cases, registry, {{filter}, Level::may}).empty()) continue;
    if (const auto* requirement = registry.find(filter);
        requirement && requirement->excluded_because)
      throw UsageError(fmt::format("--filter {}: this requirement has no case: {}", filter,
                                   *requirement->excluded_because));
    throw UsageError(fmt::format(
        "--filter '{}' matches no case and no checked requirement{}; see deskcheck list --cases",
        filter, did_you_mean(filter, known_ids(cases, registry))));
  }
  auto selected = select(cases, registry, {filters, level, shard, profiles_named(profiles)});
  if (selected.empty() && shard.count > 1)
    throw UsageError("no case is left for this shard; make fewer of them");
  if (selected.empty())
    throw UsageError(profiles.empty()
                         ? "no case is left; lower --level or widen --filter"
                         : "no case is left; lower --level, widen --filter or name other "
                           "profiles");
  return selected;
}

std::vector<const Case*> select_cases(const Registry& registry,
                                      const std::vector<std::string>& filters, Level level) {
  return select_cases(all_cases(), registry, filters, level);
}

std::vector<Profile> profiles_named(const std::vector<std::string>& names) {
  const auto all = built_in_profiles();
  std::vector<Profile> named;
  for (const auto& name : names) {
    const auto* found = find_profile(all, name);
    if (!found) {
      std::vector<std::string> known;
      for (const auto& profile : all) known.push_back(profile.name);
      throw UsageError(fmt::format("--profile {}: no such profile{}; see deskcheck list --profiles",
                                   name, did_you_mean(name, known)));
    }
    if (!find_profile(named, name)) named.push_back(*found);
  }
  return named;
}

Effects effects_named(const std::vector<std::string>& names, const std::optional<Target>& target) {
  if (names.empty() && target && !is_on_this_machine(target->rendezvous.address))
    return {Effect::reads, Effect::creates};
  if (names.empty()) return all_effects();
  Effects effects{Effect::reads};
  for (const auto& name : names) {
    if (name == "all") return all_effects();
    const auto effect = parse_effect(name);
    if (!effect)
      throw UsageError(fmt::format("--effects {}: no such effect; there are {}, and all", name,
                                   to_string(all_effects())));
    effects.insert(*effect);
  }
  return effects;
}

server::FaultPlan faults_named(const std::vector<std::string>& globs) {
  std::vector<const server::Fault*> faults;
  std::vector<std::string> ids;
  for (const auto& fault : server::declared_faults()) ids.push_back(fault.id);
  for (const auto& glob : globs) {
    bool matches = false;
    for (const auto& fault : server::declared_faults()) {
      if (!glob_matches(glob, fault.id)) continue;
      matches = true;
      if (std::find(faults.begin(), faults.end(), &fault) == faults.end()) faults.push_back(&fault);
    }
    if (!matches)
      throw UsageError(fmt::format("--fault {}: no such fault{}; see deskcheck list --faults", glob,
                                   did_you_mean(glob, ids)));
  }
  try {
    return server::combine(faults);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--fault: {}", error.what()));
  }
}

}  // namespace deskcheck::conformance
