// The verdict, or that of the one profile that the run was limited to, as a badge: what the
// "endpoint" badge of shields.io reads. https://shields.io/badges/endpoint-badge
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

std::string to_badge(const RunReport& report, const Registry& registry);

}  // namespace deskcheck::conformance
