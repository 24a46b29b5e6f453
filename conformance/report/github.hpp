// A run as annotations of GitHub Actions: workflow commands on standard output.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

// One `::error` for each unexpected case and for each entry of the baseline that has to go, the
// latter at its line. GitHub shows ten of a step: the tenth says how many more there are.
std::string to_github_annotations(const RunReport& report, const Registry& registry);

}  // namespace deskcheck::conformance
