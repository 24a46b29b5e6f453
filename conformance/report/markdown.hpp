// A run as Markdown, for a page of a build server or a comment: the verdict, what needs attention,
// counts. Whatever a peer sent stands in it as text, never as markup.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

// At most 50 failures in full; below a quarter of the mebibyte that a step summary may have.
std::string to_markdown(const RunReport& report, const Registry& registry);

}  // namespace deskcheck::conformance
