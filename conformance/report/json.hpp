// A run as JSON: everything that was found out, for other programs. Described in
// docs/report-json.md.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

// Raised when a reader of the old form would misread the new one.
inline constexpr int kJsonVersion = 2;

std::string to_json(const RunReport& report, const Registry& registry);

}  // namespace deskcheck::conformance
