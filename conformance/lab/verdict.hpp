// The words of a verdict: status, who is to blame, and the event that every check emits.
#pragma once

#include "proto/net/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

enum class Status {
  pass,
  fail,
  expected_failure,  // fails, and the baseline says so
  unexpected_pass,   // passes, and the baseline says that it fails
  blocked,           // could not be judged: something that it builds on did not work
  not_applicable,    // the target does not claim it, or the set-up cannot show it
  not_run,           // left out by a filter, an interrupt or a time budget
  harness_error,     // the suite itself is wrong
  known_flaky,       // failed this time, and the baseline says that it does now and then
};
// Who is to blame for a status other than pass.
enum class Blame { none, target, prerequisite, environment, harness };

// In which way a check fails: what a baseline entry pins, so that it never excuses another failure.
enum class FailureKind {
  wrong_value,       // something came, and it is not right
  no_answer,         // nothing came in time
  connection_ended,  // instead of an answer
  blocked,           // it could not be judged
};

// "pass", "expected failure", ...
std::string_view to_string(Status status);
std::string_view to_string(Blame blame);
// "wrong value", "no answer", "connection ended", "blocked"
std::string_view to_string(FailureKind kind);
// The one of the two that a summary has to show: harness error before fail before blocked ...
Status worse(Status a, Status b);

// One requirement judged once. Only Lab::verdict makes them.
struct Check {
  std::string requirement;
  Status status = Status::pass;
  std::string expected;
  std::string actual;
  FailureKind kind = FailureKind::wrong_value;  // of one that fails
  net::Duration at{};                           // since the case began
};

}  // namespace deskcheck::conformance
