// What the user names, found or refused with the nearest names that exist. Refusals name the flags
// of the command: whoever calls from elsewhere names his parameters alike.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/registry/usage_error.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/target/target.hpp"
#include "reference-server/faults/faults.hpp"

#include <string>
#include <vector>

namespace deskcheck::conformance {

// Each filter has to match something, each profile has to exist. Throws UsageError. `cases` must
// outlive the result.
std::vector<const Case*> select_cases(const std::vector<Case>& cases, const Registry& registry,
                                      const std::vector<std::string>& filters, Level level,
                                      Shard shard = {},
                                      const std::vector<std::string>& profiles = {});
// Of the cases that are linked in.
std::vector<const Case*> select_cases(const Registry& registry,
                                      const std::vector<std::string>& filters, Level level);
// Throws UsageError.
std::vector<Profile> profiles_named(const std::vector<std::string>& names);
// A server with all faults that the globs match. Throws UsageError if one matches none, and if two
// faults exclude each other.
server::FaultPlan faults_named(const std::vector<std::string>& globs);
// "reads", "creates", ... or "all". Without names: everything on this machine and on the suite's
// own server; on another machine what leaves nothing but data of its own. Throws UsageError.
Effects effects_named(const std::vector<std::string>& names, const std::optional<Target>& target);
// ", did you mean A or B?", or an empty text.
std::string did_you_mean(const std::string& unknown, const std::vector<std::string>& known);
// Ids of requirements and of these cases.
std::vector<std::string> known_ids(const std::vector<Case>& cases, const Registry& registry);

}  // namespace deskcheck::conformance
