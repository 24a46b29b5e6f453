#include "conformance/report/verdict.hpp"

#include <fmt/format.h>

namespace deskcheck::conformance {

Verdict verdict(const RunReport& report, const Registry& registry) {
  using Kind = Verdict::Kind;
  const auto failing = failing_requirements(report);
  std::map<Level, int> failed, known, flaky;
  int unjudged = 0;  // and the baseline says so
  for (const auto& [id, status] : judge_requirements(report))
    if (const auto* requirement = registry.find(id)) {
      failed[requirement->level] += status == Status::fail;
      if (status == Status::expected_failure)
        failing.contains(id) ? ++known[requirement->level] : ++unjudged;
      flaky[requirement->level] += status == Status::known_flaky;
    }
  const auto counts = count_cases(report);
  if (counts.at(Status::harness_error) > 0)
    return {Kind::none, "no verdict: the suite itself has an error"};
  if (report.interrupted) return {Kind::none, "no verdict: the run was interrupted"};
  if (!report.lost.empty()) return {Kind::none, "no verdict: " + report.lost};
  if (failed[Level::must] > 0)
    return {Kind::does_not_conform,
            fmt::format("does not conform: {} MUST and {} SHOULD requirements fail",
                        failed[Level::must], failed[Level::should])};
  if (counts.at(Status::blocked) > 0)
    return {Kind::none,
            fmt::format("no verdict: {} cases could not be judged", counts.at(Status::blocked))};
  if (failed[Level::should] > 0)
    return {Kind::conforms_with_remarks,
            fmt::format("conforms, but {} SHOULD requirements fail", failed[Level::should])};
  if (known[Level::must] > 0)
    return {Kind::does_not_conform,
            fmt::format("does not conform, as known: {} MUST and {} SHOULD requirements fail",
                        known[Level::must], known[Level::should]) +
                (unjudged > 0 ? fmt::format(", {} could not be judged", unjudged) : "")};
  if (unjudged > 0)
    return {Kind::none,
            fmt::format("no verdict: {} requirements could not be judged, as known", unjudged)};
  if (flaky[Level::must] > 0)
    return {Kind::none, fmt::format("no verdict: {} MUST requirements failed and are known to be "
                                    "flaky",
                                    flaky[Level::must])};
  if (known[Level::should] > 0)
    return {
        Kind::conforms_with_remarks,
        fmt::format("conforms, but {} SHOULD requirements fail, as known", known[Level::should])};
  if (flaky[Level::should] > 0)
    return {Kind::conforms_with_remarks,
            fmt::format("conforms, but {} SHOULD requirements failed and are known to be flaky",
                        flaky[Level::should])};
  if (report.beyond_budget > 0)
    return {Kind::conforms_with_remarks,
            fmt::format("conforms in what was judged; the time budget left out {} cases",
                        report.beyond_budget)};
  if (const int spared = count_beyond_effects(report); spared > 0)
    return {Kind::conforms_with_remarks,
            fmt::format("conforms in what was judged; --effects left out {} cases", spared)};
  return {Kind::conforms, "conforms"};
}

std::string flakiness(const BaselineUse& entry) {
  return fmt::format("is flaky: failed {} of {} times{}", entry.failed, entry.judged,
                     entry.owner.empty() ? "" : " (owner: " + entry.owner + ")");
}

}  // namespace deskcheck::conformance
