#include "conformance/runner/plan.hpp"

#include "conformance/lab/restart.hpp"
#include "conformance/registry/glob.hpp"
#include "conformance/runner/run.hpp"

#include <algorithm>
#include <set>

namespace deskcheck::conformance {

namespace {

bool wanted(const Case& c, const Selection& selection) {
  if (selection.filters.empty()) return true;
  return std::any_of(selection.filters.begin(), selection.filters.end(), [&](const auto& filter) {
    return glob_matches(filter, c.id) ||
           std::any_of(c.requirements.begin(), c.requirements.end(),
                       [&](const auto& id) { return glob_matches(filter, id); });
  });
}

bool has_level(const Case& c, const Registry& registry, Level level) {
  return std::any_of(c.requirements.begin(), c.requirements.end(), [&](const auto& id) {
    const auto* requirement = registry.find(id);
    return requirement && requirement->level <= level;
  });
}

bool in_profiles(const Case& c, const Registry& registry, const std::vector<Profile>& profiles) {
  return profiles.empty() || std::ranges::any_of(c.requirements, [&](const auto& id) {
           const auto* requirement = registry.find(id);
           return requirement && std::ranges::any_of(profiles, [&](const Profile& profile) {
                    return profile.contains(*requirement);
                  });
         });
}

const Case* find(const std::vector<Case>& cases, const std::string& id) {
  for (const auto& c : cases)
    if (c.id == id) return &c;
  return nullptr;
}

}  // namespace

std::vector<const Case*> select(const std::vector<Case>& cases, const Registry& registry,
                                const Selection& selection) {
  std::set<const Case*> taken, controls;
  std::size_t count = 0;
  for (const auto& c : cases)
    if (wanted(c, selection) && has_level(c, registry, selection.level) &&
        in_profiles(c, registry, selection.profiles) &&
        count++ % selection.shard.count == selection.shard.index - 1)
      taken.insert(&c);
  for (const Case* c : taken)
    for (const Case* control = c; !control->control.empty();) {
      control = find(cases, control->control);
      if (!control || !controls.insert(control).second) break;
    }
  taken.insert(controls.begin(), controls.end());
  std::vector<const Case*> order(taken.begin(), taken.end());
  std::sort(order.begin(), order.end(), [&](const Case* a, const Case* b) {
    const bool control_a = controls.contains(a), control_b = controls.contains(b);
    if (control_a != control_b) return control_a;
    if (control_a) return a->id < b->id;
    return a->takes != b->takes ? a->takes > b->takes : a->id < b->id;
  });
  return order;
}

bool restarts_target(const Case& c, const RunOptions& options) {
  return c.restarts_target && options.target && can_be_restarted(*options.target, options.spawned);
}

Effects effects_of(const Case& c, const RunOptions& options) {
  auto effects = c.effects;
  if (options.target && !restarts_target(c, options)) effects.erase(Effect::restarts);
  return effects;
}

Effects more_than_allowed(const Case& c, const RunOptions& options) {
  return beyond(effects_of(c, options), options.effects);
}

std::vector<std::string> find_mistakes(const std::vector<Case>& cases, const Registry& registry) {
  std::vector<std::string> mistakes;
  std::set<std::string> covered;
  for (const auto& c : cases) {
    if (c.requirements.empty()) mistakes.push_back(c.id + " judges no requirement");
    const Case* control = find(cases, c.control);
    if (!c.control.empty() && !control)
      mistakes.push_back(c.id + " comes after the unknown case " + c.control);
    const auto more = control ? beyond(control->effects, c.effects) : Effects();
    for (const Effect effect : more)
      if (effect == Effect::limits || effect == Effect::load)
        mistakes.push_back(c.id + " comes after " + c.control +
                           ", which does more: " + std::string(to_string(effect)));
    for (const auto& id : c.needed)
      if (control &&
          std::count(control->requirements.begin(), control->requirements.end(), id) == 0)
        mistakes.push_back(c.id + " needs " + id + ", which " + c.control + " does not judge");
    for (const auto& id : c.requirements) {
      covered.insert(id);
      const auto* requirement = registry.find(id);
      if (!requirement)
        mistakes.push_back(c.id + " judges the unknown requirement " + id);
      else if (requirement->excluded_because)
        mistakes.push_back(c.id + " judges " + id + ", which is excluded because " +
                           *requirement->excluded_because);
    }
  }
  for (const auto* requirement : registry.to_cover())
    if (!covered.contains(requirement->id))
      mistakes.push_back(requirement->id + " is not excluded and has no case");
  return mistakes;
}

}  // namespace deskcheck::conformance
