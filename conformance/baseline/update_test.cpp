#include "conformance/baseline/update.hpp"

#include "conformance/baseline/baseline_file.hpp"
#include "conformance/baseline/sample_cases.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

BaselineUpdate update(const std::string& text, const RunReport& report,
                      const std::string& reason = "new") {
  Baseline baseline{"b.yaml", {}};
  if (!text.empty())
    baseline = parse_baseline(text, "b.yaml", known(), Reasons::may_be_empty).value();
  auto update = update_baseline(text, baseline, report, known(), reason).value();
  // Whatever is written can be read, and makes the run expected.
  const auto again = parse_baseline(update.text, "b.yaml", known(), Reasons::may_be_empty);
  EXPECT_TRUE(again) << render(again.error()) << update.text;
  const auto judged = apply_baseline(report, *again, known(), Level::may, {});
  EXPECT_EQ(exit_code(judged), ExitCode::as_expected) << update.text;
  return update;
}

RunReport some_fail() {
  auto report = all_pass();
  of(report, "punch/control") =
      result("punch/control",
             {check("RDV-REGPEER-01", Status::fail, "no answer in time", FailureKind::no_answer)});
  of(report, "punch/behind") = result("punch/behind", {check("RDV-REGPEER-02", Status::blocked)});
  of(report, "punch/two") =
      result("punch/two", {check("RDV-REGPEER-03", Status::fail, "id \"dc123\""),
                           check("RDV-REGPEER-04", Status::blocked)});
  of(report, "punch/two").why = "registering: needed OK, got TOO_FREQUENT";
  return report;
}

TEST(UpdateBaseline, NewFileListsWhatFails) {
  const auto made = update("", some_fail(), "first \"run\"");
  EXPECT_EQ(made.added, 3);
  EXPECT_THAT(made.text, StartsWith("# What is known to fail"));
  EXPECT_THAT(made.text, HasSubstr("known-failures:\n"
                                   "  - case: punch/control\n"
                                   "    requirement: RDV-REGPEER-01\n"
                                   "    fails: no answer\n"
                                   "    actual: \"no answer in time\"\n"
                                   "    reason: \"first \\\"run\\\"\"\n"
                                   "  - case: punch/two\n"
                                   "    fails: blocked\n"
                                   "    actual: \"registering: needed OK, got TOO_FREQUENT\"\n"
                                   "    reason: \"first \\\"run\\\"\"\n"
                                   "  - case: punch/two\n"
                                   "    requirement: RDV-REGPEER-03\n"
                                   "    fails: wrong value\n"
                                   "    reason: \"first \\\"run\\\"\"\n"));
  EXPECT_THAT(made.text, Not(HasSubstr("punch/behind")));
}

TEST(UpdateBaseline, AnotherRunChangesNothing) {
  const auto once = update("", some_fail());
  const auto twice = update(once.text, some_fail());
  EXPECT_EQ(twice.text, once.text);
  EXPECT_EQ(twice.kept, 3);
  EXPECT_EQ(twice.added + twice.removed, 0);
}

constexpr const char* kWritten =
    "# The head stays.\n"
    "\n"
    "known-failures:\n"
    "  # Of the first.\n"
    "  - case: punch/two   # beside it\n"
    "    requirement: RDV-REGPEER-03\n"
    "    fails: wrong value\n"
    "    reason: >\n"
    "      Two\n"
    "\n"
    "      lines.\n"
    "\n"
    "  # A group, which stays.\n"
    "\n"
    "  # Of the second.\n"
    "  - requirement: RDV-REGPEER-01\n"
    "    fails: no answer\n"
    "    reason: issue 7\n"
    "# The end.\n";

TEST(UpdateBaseline, MendedEntriesGoWithTheirComment) {
  const auto made = update(kWritten, all_pass());
  EXPECT_EQ(made.removed, 2);
  EXPECT_EQ(made.text,
            "# The head stays.\n\nknown-failures: []\n\n  # A group, which stays.\n\n# The end.\n");
}

TEST(UpdateBaseline, SurvivorsStayAsTheyWereWritten) {
  const auto made = update(kWritten, some_fail());
  EXPECT_EQ(made.kept, 2);
  EXPECT_EQ(made.added, 1);
  const std::string end = "# The end.\n";
  const std::string written = kWritten;
  EXPECT_EQ(made.text, written.substr(0, written.size() - end.size()) +
                           "  - case: punch/two\n"
                           "    fails: blocked\n"
                           "    actual: \"registering: needed OK, got TOO_FREQUENT\"\n"
                           "    reason: \"new\"\n" +
                           end);
}

TEST(UpdateBaseline, AnotherFailureReplacesAnEntry) {
  const auto made = update(
      "known-failures:\n- case: punch/control\n  fails: wrong value\n  reason: x\n", some_fail());
  EXPECT_EQ(made.removed, 1);
  EXPECT_THAT(made.text, HasSubstr("\n- case: punch/control\n  requirement: RDV-REGPEER-01\n"
                                   "  fails: no answer\n"));
}

TEST(UpdateBaseline, AnEmptyListGetsEntries) {
  EXPECT_THAT(update("known-failures: []\n", some_fail()).text,
              StartsWith("known-failures:\n  - case: punch/control\n"));
}

TEST(UpdateBaseline, WhatCouldNotBeJudgedStays) {
  const std::string text =
      "known-failures:\n  - case: punch/behind\n    fails: wrong value\n    reason: x\n";
  EXPECT_THAT(update(text, some_fail()).text, StartsWith(text));
}

TEST(UpdateBaseline, FailuresInDifferentWordsPinTheKindOnly) {
  auto report = some_fail();
  report.results.push_back(of(report, "punch/control"));
  report.results.back().repetition = 1;
  report.results.back().checks[0].actual = "no answer at all";
  EXPECT_THAT(update("", report).text, HasSubstr("fails: no answer\n    reason"));
}

TEST(UpdateBaseline, EntriesWithinALineCannotBeEdited) {
  const std::string text = "known-failures: [{case: punch/two, fails: no answer, reason: x}]\n";
  const auto baseline = parse_baseline(text, "b.yaml", known()).value();
  const auto refused = update_baseline(text, baseline, all_pass(), known(), "");
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error().at(0)), HasSubstr("b.yaml:1:1: this entry cannot be"));
}

}  // namespace
}  // namespace deskcheck::conformance
