#include "cli/selection.hpp"

#include "cli/commands.hpp"
#include "conformance/registry/nearest.hpp"

#include <fmt/format.h>

namespace deskcheck::cli {

using namespace conformance;

std::string did_you_mean(const std::string& unknown, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto near = nearest(unknown, names, 3);
  if (near.empty()) return {};
  return fmt::format(", did you mean {}?", fmt::join(near, " or "));
}

std::vector<std::string> known_ids(const Registry& registry) {
  std::vector<std::string> ids;
  for (const auto& c : all_cases()) ids.push_back(c.id);
  for (const auto& requirement : registry.all()) ids.push_back(requirement.id);
  return ids;
}

std::vector<const Case*> select_cases(const Registry& registry,
                                      const std::vector<std::string>& filters, Level level) {
  for (const auto& filter : filters) {
    if (!select(all_cases(), registry, {{filter}, Level::may}).empty()) continue;
    if (const auto* requirement = registry.find(filter);
        requirement && requirement->excluded_because)
      throw UsageError(fmt::format("--filter {}: this requirement has no case: {}", filter,
                                   *requirement->excluded_because));
    throw UsageError(fmt::format(
        "--filter '{}' matches no case and no checked requirement{}; see deskcheck list --cases",
        filter, did_you_mean(filter, known_ids(registry))));
  }
  auto cases = select(all_cases(), registry, {filters, level});
  if (cases.empty()) throw UsageError("no case is left; lower --level or widen --filter");
  return cases;
}

const server::Fault& fault_named(const std::string& id) {
  if (const auto* fault = server::find_fault(id)) return *fault;
  std::vector<std::string> ids;
  for (const auto& fault : server::declared_faults()) ids.push_back(fault.id);
  throw UsageError(fmt::format("--fault {}: no such fault{}; see deskcheck list --faults", id,
                               did_you_mean(id, ids)));
}

}  // namespace deskcheck::cli
