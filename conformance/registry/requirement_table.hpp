// Requirements from their tables: one row each, ids unique over all tables.
#pragma once

#include "conformance/registry/requirement.hpp"
#include "conformance/registry/source_text.hpp"

#include <span>
#include <vector>

namespace deskcheck::conformance {

DataResult<std::vector<Requirement>> parse_requirements(std::span<const SourceText> sources);

}  // namespace deskcheck::conformance
