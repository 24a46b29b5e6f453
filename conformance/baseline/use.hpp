// What a run says about one entry of a baseline: how many failures it excuses, and whether all that
// it names was judged.
#pragma once

#include "conformance/baseline/baseline.hpp"
#include "conformance/runner/result.hpp"

namespace deskcheck::conformance {

// Whether the entry is about this check, which failed or was blocked, in this way. The suite's own
// errors are nobody's to excuse.
bool excuses(const BaselineEntry& entry, const CaseResult& result, const Check& check);

struct EntryUse {
  // Different failures that it excuses, whether another entry does so, too: a requirement of a case
  // is one, a case that could not be judged is one. Repetitions count once.
  int failures = 0;
  int failed = 0, judged = 0;    // results of cases, every repetition counted
  bool complete = false;         // something of it was judged, and nothing is left that was not
  bool fails_otherwise = false;  // something of it fails in another way than the entry says;
                                 // of an entry for what could not be judged, nothing does

  // More than it may excuse; nobody can tell which of them is new.
  bool exceeds(const BaselineEntry& entry) const;
  // A limit that is higher than needed.
  bool has_slack(const BaselineEntry& entry) const;
};

// `report` as it came, without a baseline applied; requirements below `level` were not judged.
EntryUse use_of(const BaselineEntry& entry, const RunReport& report, const KnownCases& known,
                Level level);

}  // namespace deskcheck::conformance
