// All requirements that a server for RustDesk clients (or the simulated client) can be held to.
// Decides what counts as well-formed requirement data and which requirements must have a case;
// must not know cases, targets or verdicts.
#pragma once

#include "conformance/registry/requirement.hpp"
#include "conformance/registry/source_text.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

class Registry {
 public:
  // The data compiled into this program. Throws std::runtime_error when they are malformed, which
  // the tests of this folder rule out.
  static Registry built_in();

  // The first thing wrong is the error: a malformed table, an unknown level or mark, an id that
  // occurs twice, an exclusion that matches nothing or what another exclusion matches already.
  static DataResult<Registry> parse(std::span<const SourceText> requirements,
                                    SourceText exclusions);

  // Null when there is no such id; ids are compared exactly.
  const Requirement* find(std::string_view id) const;

  // In the order of the data files.
  std::span<const Requirement> all() const { return requirements_; }

  // Those whose id, area or capability matches `glob` (see glob.hpp).
  std::vector<const Requirement*> matching(std::string_view glob) const;

  // Those that are not excluded: each of them must have a case.
  std::vector<const Requirement*> to_cover() const;

  // For "did you mean": the ids most like an unknown one, best first (see proto/text).
  std::vector<std::string> nearest_ids(std::string_view unknown, std::size_t at_most = 3) const;

 private:
  explicit Registry(std::vector<Requirement> requirements);

  std::vector<Requirement> requirements_;
  std::vector<std::size_t> by_id_;  // positions in requirements_, sorted by id
};

}  // namespace deskcheck::conformance
