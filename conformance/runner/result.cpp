#include "conformance/runner/result.hpp"

#include <algorithm>

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

int count_beyond_effects(const RunReport& report) {
  return static_cast<int>(
      std::ranges::count_if(report.results, [](const auto& one) { return one.beyond_effects; }));
}

std::string Footprint::why_it_stays(Thing thing) const {
  const auto found = reasons.find(thing);
  return found != reasons.end() ? found->second : std::string(conformance::why_it_stays(thing));
}

std::vector<std::string> Footprint::forgotten() const {
  std::vector<std::string> names;
  for (const auto& [thing, count] : things)
    if (why_it_stays(thing).empty())
      for (const auto& name : count.left)
        names.push_back(std::string(to_string(thing)) + ' ' + name);
  return names;
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

std::set<std::string> failing_requirements(const RunReport& report) {
  std::set<std::string> failing;
  for (const auto& result : report.results)
    for (const auto& check : result.checks) {
      const bool fails = check.status == Status::fail || check.status == Status::expected_failure;
      if (fails && check.kind != FailureKind::blocked) failing.insert(check.requirement);
    }
  return failing;
}

ExitCode exit_code(const RunReport& report) {
  const auto counts = count_cases(report);
  if (counts.at(Status::harness_error) > 0) return ExitCode::harness_error;
  if (!report.lost.empty()) return ExitCode::target_unreachable;
  if (counts.at(Status::fail) + counts.at(Status::blocked) > 0 || !report.baseline.exceeded.empty())
    return ExitCode::unexpected_failures;
  // A run that was cut short proves nothing about what it left out. A budget was the user's wish,
  // and so is sparing the target.
  if (counts.at(Status::not_run) > report.beyond_budget + count_beyond_effects(report))
    return ExitCode::unexpected_failures;
  if (!report.baseline.stale.empty() || !report.baseline.expired.empty())
    return ExitCode::stale_baseline;
  return ExitCode::as_expected;
}

}  // namespace deskcheck::conformance
