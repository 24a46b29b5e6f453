#include "conformance/baseline/apply.hpp"

#include "conformance/baseline/use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace deskcheck::conformance {

namespace {

// Of a case that has failed or was blocked, after some of its checks have become expected.
void conclude_again(CaseResult& result) {
  if (result.status != Status::fail && result.status != Status::blocked) return;
  result.status = Status::pass;
  for (const auto& check : result.checks) result.status = worse(result.status, check.status);
}

bool is_known(Status status) {
  return status == Status::expected_failure || status == Status::known_flaky;
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
        if (control == results.end() || !is_known(control->second->status)) continue;
        result->status = control->second->status;
        result->why = fmt::format("its control {}: {}", c->control, to_string(result->status));
        for (auto& check : result->checks)
          if (check.status == Status::blocked) check.status = result->status;
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
                           is_known(check.status) || check.status == Status::not_run;
  }
  seen.something_else |= !any || result.status == Status::harness_error;
  return seen;
}

std::string plural(int count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string is_or_are(int count) { return fmt::format("{} {}", count, count == 1 ? "is" : "are"); }

std::string place_of(const BaselineEntry& entry, const std::string& file) {
  return fmt::format("{}:{}", file, entry.line);
}

BaselineComplaint complaint(const BaselineEntry& entry, const std::string& file, std::string text) {
  if (!entry.owner.empty()) text += fmt::format(" (owner: {})", entry.owner);
  return {place_of(entry, file), entry.name(), std::move(text)};
}

BaselineUse shown(const BaselineEntry& entry, const EntryUse& use, const std::string& file) {
  return {place_of(entry, file),
          entry.name(),
          entry.owner,
          entry.reason,
          entry.expires ? to_text(*entry.expires) : std::string(),
          entry.flaky,
          entry.at_most.value_or(0),
          use.failures,
          use.failed,
          use.judged};
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
  for (auto& check : result.checks) {
    const auto known = [&](bool flaky) {
      return std::any_of(baseline.entries.begin(), baseline.entries.end(),
                         [&](const BaselineEntry& entry) {
                           return entry.flaky == flaky && excuses(entry, result, check);
                         });
    };
    if (known(false))
      check.status = Status::expected_failure;
    else if (known(true))
      check.status = Status::known_flaky;
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
      if (!entry.covers(c->id, requirement)) continue;
      if (below(known.registry, requirement, level)) return false;
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
                         Level level, Date today, Ratchet ratchet) {
  report.baseline.file = baseline.file;
  std::vector<EntryUse> uses;
  Baseline within_limits{baseline.file, {}};
  for (const auto& entry : baseline.entries) {
    uses.push_back(use_of(entry, report, known, level));
    report.baseline.entries.push_back(shown(entry, uses.back(), baseline.file));
    if (uses.back().exceeds(entry))
      report.baseline.exceeded.push_back(
          complaint(entry, baseline.file,
                    fmt::format("may excuse {}, and {} are like that: find out what is new",
                                plural(*entry.at_most, "failure"), uses.back().failures)));
    else
      within_limits.entries.push_back(entry);
  }
  Results results;
  for (auto& result : report.results) {
    result = excuse(std::move(result), within_limits);
    results.emplace(std::pair(result.repetition, result.id), &result);
  }
  excuse_what_controls_block(results, known);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const auto& entry = baseline.entries[i];
    const auto complain = [&](const std::string& text) {
      return complaint(entry, baseline.file, text);
    };
    if (is_stale(entry, report, known, level)) {
      mark_unexpected_passes(report, entry, place_of(entry, baseline.file));
      report.baseline.stale.push_back(complain("is stale: it passes now; remove the entry"));
    } else if (entry.expires && *entry.expires < today) {
      report.baseline.expired.push_back(complain("has expired on " + to_text(*entry.expires) +
                                                 ": mend the server, or renew the date"));
    } else if (ratchet == Ratchet::on && uses[i].has_slack(entry)) {
      report.baseline.stale.push_back(
          complain(fmt::format("may excuse {}, and {} left: lower at-most to that",
                               plural(*entry.at_most, "failure"), is_or_are(uses[i].failures))));
    }
  }
  return report;
}

}  // namespace deskcheck::conformance
