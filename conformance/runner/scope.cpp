#include "conformance/runner/scope.hpp"

#include "conformance/registry/client_releases.hpp"

namespace deskcheck::conformance {

namespace {

const std::string kNotClaimed = "the target does not claim ";

}  // namespace

std::string not_claimed(const Case& c, const Inapplicable& inapplicable) {
  for (const auto& id : c.requirements)
    if (const auto reason = inapplicable.find(id);
        reason != inapplicable.end() && reason->second.starts_with(kNotClaimed))
      return reason->second;
  return {};
}

Scope::Scope(const Registry& registry, const RunOptions& options) {
  for (const auto& requirement : registry.all()) {
    const bool undeclared =
        options.target
            ? (requirement.full ? !options.target->claims(requirement.capability)
                                : options.target->without.contains(requirement.capability))
            : options.lack.admits(requirement.capability);
    if (undeclared)
      inapplicable_[requirement.id] = kNotClaimed + requirement.capability;
    else if (options.target && options.target->api.empty() &&
             requirement.capability.starts_with("api."))
      inapplicable_[requirement.id] = "the URL of the target's HTTP API is not known";
    else if (requirement.level > options.level)
      inapplicable_[requirement.id] = "below the level of this run";
    else if (options.client && !concerns(requirement, *options.client))
      inapplicable_[requirement.id] =
          "does not concern clients of release " + std::string(name_of_release(*options.client));
    if (requirement.capability == "api.general") of_every_route_.insert(requirement.id);
    if (requirement.level == Level::may && !options.strict) optional_.insert(requirement.id);
  }
}

LabSetup Scope::setup_for(const Case& c, net::World world) const {
  LabSetup setup{.which = &c,
                 .world = std::move(world),
                 .target = {},
                 .addresses = nullptr,
                 .servers = nullptr,
                 .mailbox = nullptr,
                 .inapplicable = inapplicable_,
                 .optional = optional_,
                 .inventory = nullptr,
                 .restarts = nullptr,
                 .spawned = nullptr};
  // What holds for every route is not judged at one that the target does not claim.
  const auto lacking = not_claimed(c, inapplicable_);
  if (lacking.empty()) return setup;
  for (const auto& id : c.requirements)
    if (of_every_route_.contains(id)) setup.inapplicable.try_emplace(id, lacking);
  return setup;
}

}  // namespace deskcheck::conformance
