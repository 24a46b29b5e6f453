#include "conformance/report/json.hpp"
#include "conformance/report/junit.hpp"
#include "conformance/report/profiles.hpp"
#include "conformance/report/text.hpp"
#include "conformance/report/verdict.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "python/binding/outcome.hpp"
#include "python/binding/text.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::Check;
using conformance::RunReport;

template <class Status>
py::str word(Status status) {
  return text(to_string(status));
}

std::vector<Outcome> cases_of(const Report& report) {
  auto head = std::make_shared<RunReport>(report.report);
  auto results = std::exchange(head->results, {});
  std::vector<Outcome> list;
  for (auto& result : results)
    list.push_back({std::move(result), head, report.registry, report.baseline});
  return list;
}

py::dict requirements_of(const Report& report) {
  py::dict verdicts;
  for (const auto& [id, status] : judge_requirements(report.report))
    verdicts[id.c_str()] = word(status);
  return verdicts;
}

py::dict profiles_of(const Report& report) {
  py::dict verdicts;
  for (const auto& one : conformance::judge_profiles(report.report, *report.registry))
    if (one.in_run)
      verdicts[one.name.c_str()] = py::make_tuple(word(one.core.state), word(one.extended.state));
  return verdicts;
}

std::vector<std::string> complaints_of(const Report& report) {
  std::vector<std::string> lines;
  for (const auto& one : report.report.baseline.complaints())
    lines.push_back(fmt::format("{}: {}: {}", one.where, one.entry, one.text));
  return lines;
}

py::dict counts_of(const Report& report) {
  py::dict counts;
  for (const auto& [status, count] : count_cases(report.report)) counts[word(status)] = count;
  return counts;
}

void bind_check(py::module_& m) {
  py::class_<Check>(m, "Check", "One requirement judged once.")
      .def_readonly("requirement", &Check::requirement, "Its id.")
      .def_property_readonly(
          "status", [](const Check& c) { return word(c.status); },
          "\"pass\", \"fail\", \"blocked\", ...")
      .def_property_readonly(
          "expected", [](const Check& c) { return text(c.expected); },
          "What was expected, in words.")
      .def_property_readonly(
          "actual", [](const Check& c) { return text(c.actual); }, "What came, in words.")
      .def_property_readonly(
          "at", [](const Check& c) { return to_seconds(c.at); }, "Seconds since the case began.")
      .def("__repr__", [](const Check& c) {
        return fmt::format("<deskcheck.Check {} {}>", c.requirement, to_string(c.status));
      });
}

void bind_case_result(py::module_& m) {
  py::class_<Outcome>(m, "CaseResult", "What one case has found out.")
      .def_property_readonly(
          "id", [](const Outcome& o) { return o.result.id; }, "The id of the case.")
      .def_property_readonly(
          "repetition", [](const Outcome& o) { return o.result.repetition; }, "From 0.")
      .def_property_readonly(
          "status", [](const Outcome& o) { return word(o.result.status); },
          "\"pass\", \"fail\", \"expected failure\", \"known flaky\", \"unexpected pass\", "
          "\"blocked\", \"not "
          "applicable\", \"not run\" or \"harness error\".")
      .def_property_readonly(
          "blame", [](const Outcome& o) { return word(o.result.blame); },
          "\"none\", \"target\", \"prerequisite\", \"environment\" or \"harness\".")
      .def_property_readonly(
          "why", [](const Outcome& o) { return text(o.result.why); },
          "The reason of a status that checks alone do not explain.")
      .def_property_readonly(
          "checks", [](const Outcome& o) { return o.result.checks; }, "In the order of judgement.")
      .def_property_readonly(
          "seconds", [](const Outcome& o) { return to_seconds(o.result.took); },
          "How long it took, in the time of its world.")
      .def_property_readonly(
          "conversation", [](const Outcome& o) { return text(sim::render(o.result.conversation)); },
          "What was said, decoded; empty for cases that passed or are not applicable.")
      .def_property_readonly(
          "beyond_effects", [](const Outcome& o) { return o.result.beyond_effects; },
          "Not run, because it does more to the target than was allowed.")
      .def_property_readonly(
          "unexpected", [](const Outcome& o) { return o.result.unexpected(); },
          "Not what a user of the suite wants to see: makes the run fail.")
      .def_property_readonly(
          "reasons", [](const Outcome& o) { return text(reasons(o)); },
          "What the baseline says about this case, one reason a line.")
      .def_property_readonly(
          "final", &is_final,
          "Nothing that happens later in its run changes what the baseline makes "
          "of it.")
      .def_property_readonly(
          "reproduce", [](const Outcome& o) { return reproduce_line(o.result, *o.head); },
          "The command that runs this case again.")
      .def_property_readonly(
          "evidence",
          [](const Outcome& o) { return text(evidence(o.result, *o.head, *o.registry, {})); },
          "Requirement, expected, actual, harm, conversation, how to reproduce; empty for expected "
          "results.")
      .def("__repr__", [](const Outcome& o) {
        return fmt::format("<deskcheck.CaseResult {} {}>", o.result.id, to_string(o.result.status));
      });
}

}  // namespace

void bind_report(py::module_& m) {
  bind_check(m);
  bind_case_result(m);
  py::class_<Report>(m, "Report", "A whole run.")
      .def_property_readonly("cases", &cases_of, "Every case and repetition, in order.")
      .def_property_readonly(
          "exit_code", [](const Report& r) { return static_cast<int>(exit_code(r.report)); },
          "What `deskcheck run` would end with: 0 as expected, 1 unexpected failures, ...")
      .def_property_readonly(
          "verdict", [](const Report& r) { return verdict(r.report, *r.registry).text; },
          "What the run proves about its target, in one sentence.")
      .def_property_readonly("counts", &counts_of, "How many cases have which status.")
      .def_property_readonly(
          "complaints", &complaints_of,
          "Entries of the baseline that have to go or to be renewed, a line each.")
      .def_property_readonly("profiles", &profiles_of,
                             "Core and extended verdict of each profile that belonged to the run: "
                             "\"passed\", \"failed\", \"not proven\" or \"not claimed\".")
      .def_property_readonly("requirements", &requirements_of,
                             "The worst status of each requirement, by id.")
      .def_property_readonly(
          "seed", [](const Report& r) { return r.report.seed; }, "Repeats the random choices.")
      .def_property_readonly(
          "target", [](const Report& r) { return r.report.target; }, "The name of the target.")
      .def_property_readonly(
          "world", [](const Report& r) { return r.report.world; }, "\"real\" or \"virtual\".")
      .def_property_readonly(
          "seconds", [](const Report& r) { return to_seconds(r.report.took); },
          "How long it took, in the time of its world.")
      .def_property_readonly(
          "interrupted", [](const Report& r) { return r.report.interrupted; },
          "It was stopped early.")
      .def(
          "to_json", [](const Report& r) { return to_json(r.report, *r.registry); },
          "The report as JSON; its fields are in docs/report-json.md.")
      .def(
          "junit", [](const Report& r) { return text(to_junit(r.report, *r.registry)); },
          "The report as JUnit XML.")
      .def(
          "table", [](const Report& r) { return text(verdict_table(r.report, *r.registry, {})); },
          "Areas with their counts, totals, and the verdict in one line.")
      .def("__repr__", [](const Report& r) {
        return fmt::format("<deskcheck.Report {}: {} cases, exit code {}>", r.report.target,
                           r.report.results.size(), static_cast<int>(exit_code(r.report)));
      });
}

}  // namespace deskcheck::python
