// An id means the same requirement for ever: reports and baselines of others refer to it. So every
// id that was ever issued stays listed, and the id of a removed requirement is never used again.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/registry/source_text.hpp"

#include <string>
#include <vector>

namespace deskcheck::conformance {

// `issued`: lines "ID" or "retired ID reason", sorted by id. One line of text per broken rule:
// each requirement is listed and not retired, each listed id is a requirement or retired.
std::vector<std::string> issued_id_problems(const Registry& registry, SourceText issued);

}  // namespace deskcheck::conformance
