#include "conformance/baseline/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace deskcheck::conformance {

namespace {

bool excuses(const BaselineEntry& entry, const CaseResult& result, const Check& check) {
  if (!entry.covers(result.id, check.requirement)) return false;
  if (check.status == Status::blocked)
    return entry.kind == FailureKind::blocked && result.why.find(entry.actual) != std::string::npos;
  return check.status == Status::fail && entry.kind == check.kind &&
         check.actual.find(entry.actual) != std::string::npos;
}

// Of a case that has failed or was blocked, after some of its checks have become expected.
void conclude_again(CaseResult& result) {
  if (result.status != Status::fail && result.status != Status::blocked) return;
  result.status = Status::pass;
  for (const auto& check : result.checks) result.status = worse(result.status, check.status);
}

// (repetition, case id) -> result
using Results = std::map<std::pair<int, std::string>, CaseResult*>;

// Entries of controls speak for what builds on them: it cannot be judged until they are mended.
void excuse_what_controls_block(Results& results, const KnownCases& known) {
  bool changed = true;
  while (changed) {  // each round settles one result for good
    changed = false;
    for (const Case* c : known.cases)
      for (auto& [key, result] : results) {
        if (key.second != c->id || c->control.empty() || result->status != Status::blocked)
          continue;
        const auto control = results.find({key.first, c->control});
        if (control == results.end() || control->second->status != Status::expected_failure)
          continue;
        result->status = Status::expected_failure;
        result->why = "its control " + c->control + ": expected failure";
        for (auto& check : result->checks)
          if (check.status == Status::blocked) check.status = Status::expected_failure;
        changed = true;
      }
  }
}

struct Seen {
  bool passed = false;
  bool something_else = false;
};

Seen look(const CaseResult& result, const std::string& requirement) {
  Seen seen;
  bool any = false;
  for (const auto& check : result.checks) {
    if (check.requirement != requirement) continue;
    any = true;
    seen.passed |= check.status == Status::pass || check.status == Status::unexpected_pass;
    seen.something_else |= check.status == Status::fail || check.status == Status::blocked ||
                           check.status == Status::expected_failure ||
                           check.status == Status::not_run;
  }
  seen.something_else |= !any || result.status == Status::harness_error;
  return seen;
}

bool below(const Registry& registry, const std::string& requirement, Level level) {
  const auto* found = registry.find(requirement);
  return found && found->level > level;
}

void mark_unexpected_passes(RunReport& report, const BaselineEntry& entry,
                            const std::string& where) {
  for (auto& result : report.results)
    for (auto& check : result.checks) {
      if (check.status != Status::pass || !entry.covers(result.id, check.requirement)) continue;
      check.status = Status::unexpected_pass;
      if (result.status != Status::pass) continue;
      result.status = Status::unexpected_pass;
      result.why = "passes, but " + where + " lists it as failing";
    }
}

}  // namespace

CaseResult excuse(CaseResult result, const Baseline& baseline) {
  if (result.status == Status::blocked && result.blame == Blame::harness) return result;
  for (auto& check : result.checks) {
    const bool known =
        std::any_of(baseline.entries.begin(), baseline.entries.end(),
                    [&](const BaselineEntry& entry) { return excuses(entry, result, check); });
    if (known) check.status = Status::expected_failure;
  }
  conclude_again(result);
  return result;
}

bool is_stale(const BaselineEntry& entry, const RunReport& report, const KnownCases& known,
              Level level) {
  if (entry.flaky || report.interrupted) return false;
  std::multimap<std::string, const CaseResult*> results;
  for (const auto& result : report.results) results.emplace(result.id, &result);
  bool passed = false;
  for (const Case* c : known.cases)
    for (const auto& requirement : c->requirements) {
      if (!entry.covers(c->id, requirement) || below(known.registry, requirement, level)) continue;
      const auto [first, last] = results.equal_range(c->id);
      if (first == last) return false;
      for (auto one = first; one != last; ++one) {
        const Seen seen = look(*one->second, requirement);
        if (seen.something_else) return false;
        passed |= seen.passed;
      }
    }
  return passed;
}

RunReport apply_baseline(RunReport report, const Baseline& baseline, const KnownCases& known,
                         Level level, Date today) {
  report.baseline.file = baseline.file;
  Results results;
  for (auto& result : report.results) {
    result = excuse(std::move(result), baseline);
    results.emplace(std::pair(result.repetition, result.id), &result);
  }
  excuse_what_controls_block(results, known);
  for (const auto& entry : baseline.entries) {
    const std::string where = fmt::format("{}:{}", baseline.file, entry.line);
    if (is_stale(entry, report, known, level)) {
      mark_unexpected_passes(report, entry, where);
      report.baseline.stale.push_back(
          {where, entry.name(), "is stale: it passes now; remove the entry"});
    } else if (entry.expires && *entry.expires < today) {
      const Date day = *entry.expires;
      report.baseline.expired.push_back(
          {where, entry.name(),
           fmt::format("has expired on {:04}-{:02}-{:02}: mend the server, or renew the date",
                       static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()))});
    }
  }
  return report;
}

}  // namespace deskcheck::conformance
