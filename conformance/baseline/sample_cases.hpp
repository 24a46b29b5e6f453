// Cases and results that the tests of this folder share.
#pragma once

#include "conformance/baseline/apply.hpp"

namespace deskcheck::conformance::samples {

inline Case make_case(std::string id, std::vector<std::string> requirements,
                      std::string control = {}) {
  Case c;
  c.id = std::move(id);
  c.requirements = std::move(requirements);
  c.control = std::move(control);
  return c;
}

// Three cases of one group, the second behind the first, and one of another.
inline KnownCases known() {
  static const Registry registry = Registry::built_in();
  static const std::vector<Case> cases{
      make_case("punch/control", {"RDV-REGPEER-01"}),
      make_case("punch/behind", {"RDV-REGPEER-02"}, "punch/control"),
      make_case("punch/two", {"RDV-REGPEER-03", "RDV-REGPEER-04"}),
      make_case("relay/one", {"RDV-REGPEER-01"})};
  KnownCases all{{}, registry};
  for (const auto& c : cases) all.cases.push_back(&c);
  return all;
}

inline Check check(std::string requirement, Status status, std::string actual = {},
                   FailureKind kind = FailureKind::wrong_value) {
  Check made;
  made.requirement = std::move(requirement);
  made.status = status;
  made.actual = std::move(actual);
  made.kind = kind;
  return made;
}

inline CaseResult result(std::string id, std::vector<Check> checks) {
  CaseResult made;
  made.id = std::move(id);
  made.checks = std::move(checks);
  made.status = made.checks.front().status;
  for (const auto& one : made.checks) made.status = worse(made.status, one.status);
  if (made.status == Status::fail) made.blame = Blame::target;
  if (made.status == Status::blocked) made.blame = Blame::prerequisite;
  return made;
}

// Everything passes.
inline RunReport all_pass() {
  RunReport report;
  for (const Case* c : known().cases) {
    std::vector<Check> checks;
    for (const auto& id : c->requirements) checks.push_back(check(id, Status::pass));
    report.results.push_back(result(c->id, std::move(checks)));
  }
  return report;
}

inline CaseResult& of(RunReport& report, const std::string& id) {
  for (auto& one : report.results)
    if (one.id == id) return one;
  throw std::out_of_range(id);
}

inline BaselineEntry entry(std::string case_id, std::string requirement,
                           FailureKind kind = FailureKind::wrong_value, std::string actual = {}) {
  BaselineEntry made;
  made.case_id = std::move(case_id);
  made.requirement = std::move(requirement);
  made.kind = kind;
  made.actual = std::move(actual);
  made.reason = "a test";
  made.line = 12;
  return made;
}

}  // namespace deskcheck::conformance::samples
