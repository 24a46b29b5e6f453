// What a probe has found out, for people and for programs.
#pragma once

#include "conformance/probe/finding.hpp"

#include <string>

namespace deskcheck::probe {

// A line per capability, then what there are of each.
std::string as_text(const Findings& findings);
// One object, in one line.
std::string as_json(const Findings& findings);

}  // namespace deskcheck::probe
