// What a run from Python can take: the cases of the suite, and the scenarios of a folder.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "conformance/runner/plan.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace deskcheck::python {

struct Suite {
  // `folder`: empty for none. Throws UsageError with every mistake in its files.
  explicit Suite(const std::string& folder);

  const conformance::Registry registry;
  const std::vector<conformance::Case> cases;
  conformance::KnownCases known() const { return conformance::known_cases(cases, registry); }
};

// What a caller asks of it.
struct SuiteChoice {
  std::vector<std::string> filters;
  std::string level = "may";
  std::pair<int, int> shard{1, 1};  // index from 1, count
  std::vector<std::string> profiles;
};

// Throws UsageError.
conformance::Level level_named(const std::string& name);
// Pointers into the suite, in the order of a run. Throws UsageError.
std::vector<const conformance::Case*> choose(const Suite& suite, const SuiteChoice& choice);
// `path`: empty for none. Throws UsageError.
std::shared_ptr<const conformance::Baseline> load_baseline(const std::string& path,
                                                           const Suite& suite);

}  // namespace deskcheck::python
