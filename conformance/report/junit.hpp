// A run as JUnit XML, as build servers read it: a suite per area, a test per case and repetition.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

// Failures are the target's; errors are those of harness, environment and prerequisites.
std::string to_junit(const RunReport& report, const Registry& registry);

}  // namespace deskcheck::conformance
