#include "conformance/baseline/use.hpp"

#include <algorithm>
#include <set>

namespace deskcheck::conformance {

bool excuses(const BaselineEntry& entry, const CaseResult& result, const Check& check) {
  if (!entry.covers(result.id, check.requirement)) return false;
  if (result.status == Status::blocked && result.blame == Blame::harness) return false;
  if (check.status == Status::blocked)
    return entry.kind == FailureKind::blocked && result.why.find(entry.actual) != std::string::npos;
  return check.status == Status::fail && entry.kind == check.kind &&
         check.actual.find(entry.actual) != std::string::npos;
}

bool EntryUse::exceeds(const BaselineEntry& entry) const {
  return entry.at_most && failures > *entry.at_most;
}

bool EntryUse::has_slack(const BaselineEntry& entry) const {
  return entry.at_most && !entry.flaky && complete && failures > 0 && failures < *entry.at_most;
}

namespace {

bool ran_all(const BaselineEntry& entry, const std::set<std::string_view>& ran,
             const KnownCases& known, Level level) {
  for (const Case* c : known.cases)
    for (const auto& id : c->requirements) {
      if (!entry.covers(c->id, id)) continue;
      const auto* requirement = known.registry.find(id);
      if (!ran.contains(c->id) || (requirement && requirement->level > level)) return false;
    }
  return true;
}

}  // namespace

EntryUse use_of(const BaselineEntry& entry, const RunReport& report, const KnownCases& known,
                Level level) {
  EntryUse use;
  bool left_open = false;
  std::set<std::string_view> ran;
  std::set<std::pair<std::string_view, std::string_view>> failures;
  for (const auto& result : report.results) {
    ran.insert(result.id);
    bool failed = false, judged = false;
    for (const auto& check : result.checks) {
      if (!entry.covers(result.id, check.requirement)) continue;
      if (excuses(entry, result, check)) {
        failed = true;
        failures.emplace(result.id, entry.kind == FailureKind::blocked
                                        ? std::string_view()
                                        : std::string_view(check.requirement));
      } else if (check.status == Status::blocked || check.status == Status::not_run) {
        left_open = true;
      } else if (check.status == Status::fail && entry.kind != FailureKind::blocked) {
        use.fails_otherwise = true;
      }
      judged |= failed || check.status == Status::pass || check.status == Status::fail;
    }
    use.failed += failed;
    use.judged += judged;
  }
  use.failures = static_cast<int>(failures.size());
  use.complete =
      use.judged > 0 && !left_open && !report.interrupted && ran_all(entry, ran, known, level);
  return use;
}

}  // namespace deskcheck::conformance
