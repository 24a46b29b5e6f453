// Globs over names: '*' stands for any text, also none; every other character for itself.
#pragma once

#include <string_view>

namespace deskcheck::conformance {

bool glob_matches(std::string_view glob, std::string_view name);

}  // namespace deskcheck::conformance
