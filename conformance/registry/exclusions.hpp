// Requirements without a case: the only way is an exclusion with its reason.
#pragma once

#include "conformance/registry/requirement.hpp"
#include "conformance/registry/source_text.hpp"

#include <optional>
#include <span>

namespace deskcheck::conformance {

// `exclusions`: rows of pattern (an id, or its beginning and '*') and reason (ends the sentence
// "excluded, because ..."). Sets excluded_because of what they match; the first error, if any.
std::optional<DataError> apply_exclusions(SourceText exclusions,
                                          std::span<Requirement> requirements);

}  // namespace deskcheck::conformance
