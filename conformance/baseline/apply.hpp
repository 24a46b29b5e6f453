// A run seen through a baseline: what is known to fail is expected, and what the baseline says
// without need is told.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "conformance/runner/result.hpp"

namespace deskcheck::conformance {

// One result with its known failures marked as expected, or as known to be flaky. It can tell
// nothing of a case that its control has blocked, and nothing of limits: see apply_baseline.
CaseResult excuse(CaseResult result, const Baseline& baseline);

enum class Ratchet {
  off,
  on,  // limits that are higher than needed are stale, too
};

// Marks known failures as expected or as known to be flaky, cases that cannot be judged because
// their control is one of them likewise, and passes that a stale entry names as unexpected; fills
// in report.baseline.
//   exceeded more fails than the entry may excuse. Which of that is new nobody can tell, so it
//            excuses nothing.
//   stale    everything that the entry names was judged, and nothing of it fails any more. What did
//            not run (filter, level, interrupt), is blocked or fails in another way proves nothing.
//   expired  its last day lies before `today`. It still excuses: who reads the exit code learns
//            that nothing new is broken.
// `level`: requirements below it were not judged.
RunReport apply_baseline(RunReport report, const Baseline& baseline, const KnownCases& known,
                         Level level, Date today, Ratchet ratchet = Ratchet::off);

// Whether the report, with known failures marked, proves the entry to be stale.
bool is_stale(const BaselineEntry& entry, const RunReport& report, const KnownCases& known,
              Level level);

}  // namespace deskcheck::conformance
