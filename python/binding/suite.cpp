#include "python/binding/suite.hpp"

#include "conformance/baseline/baseline_file.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "python/binding/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace deskcheck::python {

using namespace conformance;

namespace {

std::vector<Case> cases_with(const std::string& folder, const Registry& registry) {
  std::vector<Case> cases = all_cases();
  if (folder.empty()) return cases;
  auto scenarios = load_cases(folder, registry, cases);
  if (!scenarios) refuse(scenarios.error());
  std::ranges::move(*scenarios, std::back_inserter(cases));
  return cases;
}

}  // namespace

Suite::Suite(const std::string& folder)
    : registry(Registry::built_in()), cases(cases_with(folder, registry)) {}

Level level_named(const std::string& name) {
  if (name == "must") return Level::must;
  if (name == "should") return Level::should;
  if (name == "may") return Level::may;
  throw UsageError(fmt::format("level '{}': give must, should or may", name));
}

std::vector<const Case*> choose(const Suite& suite, const SuiteChoice& choice) {
  const auto [index, count] = choice.shard;
  if (index < 1 || index > count)
    throw UsageError(
        fmt::format("shard {} of {}: give the second of four as (2, 4)", index, count));
  const Shard shard{static_cast<std::size_t>(index), static_cast<std::size_t>(count)};
  return select_cases(suite.cases, suite.registry, choice.filters, level_named(choice.level), shard,
                      choice.profiles);
}

std::shared_ptr<const Baseline> load_baseline(const std::string& path, const Suite& suite) {
  if (path.empty()) return std::make_shared<Baseline>();
  const auto text = read_file(path, "the baseline");
  auto baseline = parse_baseline(text, path, suite.known());
  if (!baseline) refuse(baseline.error());
  return std::make_shared<Baseline>(std::move(*baseline));
}

}  // namespace deskcheck::python
