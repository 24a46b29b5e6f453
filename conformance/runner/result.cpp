#include "conformance/runner/result.hpp"

namespace deskcheck::conformance {

bool CaseResult::unexpected() const {
  return status != Status::pass && status != Status::expected_failure &&
         status != Status::known_flaky && status != Status::not_applicable;
}

std::vector<BaselineComplaint> BaselineOutcome::complaints() const {
  std::vector<BaselineComplaint> all = exceeded;
  all.insert(all.end(), stale.begin(), stale.end());
  all.insert(all.end(), expired.begin(), expired.end());
  return all;
}

std::map<Status, int> count_cases(const RunReport& report) {
  std::map<Status, int> counts;
  for (int s = 0; s <= static_cast<int>(Status::known_flaky); ++s)
    counts[static_cast<Status>(s)] = 0;
  for (const auto& result : report.results) ++counts[result.status];
  return counts;
}

std::map<std::string, Status> judge_requirements(const RunReport& report) {
  std::map<std::string, Status> verdicts;
  for (const auto& result : report.results)
    for (const auto& check : result.checks) {
      const auto [place, is_new] = verdicts.emplace(check.requirement, check.status);
      if (!is_new) place->second = worse(place->second, check.status);
    }
  return verdicts;
}

ExitCode exit_code(const RunReport& report) {
  const auto counts = count_cases(report);
  if (counts.at(Status::harness_error) > 0) return ExitCode::harness_error;
  if (!report.lost.empty()) return ExitCode::target_unreachable;
  if (counts.at(Status::fail) + counts.at(Status::blocked) > 0 || !report.baseline.exceeded.empty())
    return ExitCode::unexpected_failures;
  // A run that was cut short proves nothing about what it left out. A budget was the user's wish.
  if (counts.at(Status::not_run) > report.beyond_budget) return ExitCode::unexpected_failures;
  if (!report.baseline.stale.empty() || !report.baseline.expired.empty())
    return ExitCode::stale_baseline;
  return ExitCode::as_expected;
}

}  // namespace deskcheck::conformance
