// What a person wants to know about a requirement, as text for a terminal.
#pragma once

#include "conformance/registry/requirement.hpp"

#include <string>

namespace deskcheck::conformance {

// Several lines of at most 80 characters, unless a single word is longer; ends with a line end.
std::string explain(const Requirement& requirement);

}  // namespace deskcheck::conformance
