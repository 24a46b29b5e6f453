#include "conformance/lab/verdict.hpp"

#include <array>

namespace deskcheck::conformance {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::pass:
      return "pass";
    case Status::fail:
      return "fail";
    case Status::expected_failure:
      return "expected failure";
    case Status::known_flaky:
      return "known flaky";
    case Status::unexpected_pass:
      return "unexpected pass";
    case Status::blocked:
      return "blocked";
    case Status::not_applicable:
      return "not applicable";
    case Status::not_run:
      return "not run";
    case Status::harness_error:
      return "harness error";
  }
  return "";
}

std::string_view to_string(Blame blame) {
  switch (blame) {
    case Blame::none:
      return "none";
    case Blame::target:
      return "target";
    case Blame::prerequisite:
      return "prerequisite";
    case Blame::environment:
      return "environment";
    case Blame::harness:
      return "harness";
  }
  return "";
}

std::string_view to_string(FailureKind kind) {
  switch (kind) {
    case FailureKind::wrong_value:
      return "wrong value";
    case FailureKind::no_answer:
      return "no answer";
    case FailureKind::connection_ended:
      return "connection ended";
    case FailureKind::blocked:
      return "blocked";
  }
  return "";
}

Status worse(Status a, Status b) {
  constexpr std::array order{Status::harness_error,
                             Status::fail,
                             Status::unexpected_pass,
                             Status::blocked,
                             Status::expected_failure,
                             Status::known_flaky,
                             Status::not_run,
                             Status::not_applicable,
                             Status::pass};
  for (Status s : order)
    if (a == s || b == s) return s;
  return a;
}

}  // namespace deskcheck::conformance
