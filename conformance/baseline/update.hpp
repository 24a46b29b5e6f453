// A baseline rewritten from a run: what fails is in it, what does not fail any more is not. Edits
// the text, so that comments, order and reasons of all other entries stay as they were written.
#pragma once

#include "conformance/baseline/apply.hpp"
#include "proto/document/mistake.hpp"

#include <boost/system/result.hpp>

namespace deskcheck::conformance {

struct BaselineUpdate {
  std::string text;
  int kept = 0, removed = 0, added = 0;
  int limits = 0;  // of those kept, with another limit
};

enum class Change {
  anything,
  only_fewer,  // --ratchet: no entry is added, no limit raised
};

// `text`: the file as it is, which `baseline` was read from; empty: a new file. `report`: of a
// whole run, as it came, without a baseline applied. `reason`: for the new entries; empty: to be
// filled in by hand, until then nobody can use the file.
// Errors are of the file's form: entries that do not begin in lines of their own.
//
// Removed: entries of which all that they name was judged and nothing fails any more. One that
// fails in another way now, in other words or without an answer, stays as it was written: that may
// vary from run to run. The comment directly above an entry belongs to it; one that an empty line
// follows stays. Flaky entries are left alone.
// Limits: become what fails now, if all that the entry names was judged or more fails than before.
// Added: an entry for each failing requirement of a case, and one for each case that could not be
// judged for a reason of its own. `actual` is pinned where it says more than the kind of failure,
// in a text without ids, numbers and the like, which differ from run to run, and if the file does
// not say other words of the same failure.
boost::system::result<BaselineUpdate, document::Mistakes> update_baseline(
    const std::string& text, const Baseline& baseline, const RunReport& report,
    const KnownCases& known, const std::string& reason, Change change = Change::anything);

}  // namespace deskcheck::conformance
