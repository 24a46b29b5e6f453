// Which section of the failure guide (docs/failures) a requirement belongs to.
#pragma once

#include "conformance/registry/requirement.hpp"
#include "conformance/registry/source_text.hpp"

#include <optional>
#include <span>

namespace deskcheck::conformance {

// `guide`: rows of pattern (an id, or its beginning and '*'; the longest one that matches counts)
// and section (page.md#heading). Sets Requirement::guide; the first error, if any. Requirements
// without a section keep an empty one.
std::optional<DataError> apply_guide(SourceText guide, std::span<Requirement> requirements);

}  // namespace deskcheck::conformance
