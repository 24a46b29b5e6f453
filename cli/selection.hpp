// What the user names, found or refused with the nearest names that exist.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/plan.hpp"
#include "reference-server/faults/faults.hpp"

#include <string>
#include <vector>

namespace deskcheck::cli {

// Each filter has to match something. Throws UsageError.
std::vector<const conformance::Case*> select_cases(const conformance::Registry& registry,
                                                   const std::vector<std::string>& filters,
                                                   conformance::Level level);
// A server with all faults that the globs match. Throws UsageError if one matches none, and if two
// faults exclude each other.
server::FaultPlan faults_named(const std::vector<std::string>& globs);
// ", did you mean A or B?", or an empty text.
std::string did_you_mean(const std::string& unknown, const std::vector<std::string>& known);
// Ids of requirements and cases.
std::vector<std::string> known_ids(const conformance::Registry& registry);

}  // namespace deskcheck::cli
