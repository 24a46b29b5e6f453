#include "conformance/baseline/sample_cases.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace samples;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Date kToday = 2026y / 11 / 25;

RunReport judge(RunReport report, std::vector<BaselineEntry> entries, Level level = Level::may,
                Ratchet ratchet = Ratchet::off) {
  return apply_baseline(std::move(report), {"known.yaml", std::move(entries)}, known(), level,
                        kToday, ratchet);
}

RunReport with(CaseResult one) {
  auto report = all_pass();
  of(report, one.id) = std::move(one);
  return report;
}

CaseResult control_fails(FailureKind kind = FailureKind::no_answer) {
  return result("punch/control",
                {check("RDV-REGPEER-01", Status::fail, "no answer in time", kind)});
}

TEST(ApplyBaseline, ListedFailureIsExpected) {
  auto report = judge(with(control_fails()), {entry("punch/control", "", FailureKind::no_answer)});
  EXPECT_EQ(of(report, "punch/control").status, Status::expected_failure);
  EXPECT_EQ(of(report, "punch/control").checks.at(0).status, Status::expected_failure);
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
  EXPECT_EQ(report.baseline.file, "known.yaml");
}

TEST(ApplyBaseline, AnotherFailureOfTheSameCaseIsNot) {
  auto report =
      judge(with(control_fails()), {entry("punch/control", "", FailureKind::wrong_value)});
  EXPECT_EQ(of(report, "punch/control").status, Status::fail);
  EXPECT_EQ(exit_code(report), ExitCode::unexpected_failures);
  EXPECT_THAT(report.baseline.stale, IsEmpty());
  const std::vector other{entry("punch/control", "", FailureKind::no_answer, "something else")};
  EXPECT_EQ(exit_code(judge(with(control_fails()), other)), ExitCode::unexpected_failures);
  const std::vector same{entry("punch/control", "", FailureKind::no_answer, "no answer")};
  EXPECT_EQ(exit_code(judge(with(control_fails()), same)), ExitCode::as_expected);
}

TEST(ApplyBaseline, OneListedFailureDoesNotExcuseTheOther) {
  const auto both = result(
      "punch/two", {check("RDV-REGPEER-03", Status::fail), check("RDV-REGPEER-04", Status::fail)});
  auto report = judge(with(both), {entry("punch/two", "RDV-REGPEER-03")});
  EXPECT_EQ(of(report, "punch/two").status, Status::fail);
  EXPECT_EQ(of(report, "punch/two").checks.at(0).status, Status::expected_failure);
  EXPECT_EQ(of(report, "punch/two").checks.at(1).status, Status::fail);
}

TEST(ApplyBaseline, WhatStandsBehindAListedControlIsExpected) {
  auto given = with(control_fails());
  of(given, "punch/behind") = result("punch/behind", {check("RDV-REGPEER-02", Status::blocked)});
  EXPECT_EQ(exit_code(judge(given, {})), ExitCode::unexpected_failures);
  auto report = judge(given, {entry("punch/control", "", FailureKind::no_answer)});
  EXPECT_EQ(of(report, "punch/behind").status, Status::expected_failure);
  EXPECT_THAT(of(report, "punch/behind").why, HasSubstr("punch/control: expected failure"));
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
}

TEST(ApplyBaseline, BlockedForAReasonOfItsOwnNeedsAnEntry) {
  auto blocked = result("relay/one", {check("RDV-REGPEER-01", Status::blocked)});
  blocked.why = "connecting to TCP: needed a connection, got Connection refused";
  EXPECT_EQ(exit_code(judge(with(blocked), {entry("relay/one", "")})),
            ExitCode::unexpected_failures);
  EXPECT_EQ(
      exit_code(judge(with(blocked), {entry("relay/one", "", FailureKind::blocked, "refused")})),
      ExitCode::as_expected);
}

TEST(ApplyBaseline, TheSuitesOwnErrorsAreNeverExcused) {
  auto own = result("relay/one", {check("RDV-REGPEER-01", Status::blocked)});
  own.blame = Blame::harness;
  const std::vector entries{entry("relay/*", "", FailureKind::blocked)};
  EXPECT_EQ(exit_code(judge(with(own), entries)), ExitCode::unexpected_failures);
  own.status = Status::harness_error;
  EXPECT_EQ(exit_code(judge(with(own), entries)), ExitCode::harness_error);
}

TEST(ApplyBaseline, EntryWithoutFailureIsStale) {
  auto report = judge(all_pass(), {entry("punch/two", "RDV-REGPEER-03")});
  ASSERT_THAT(report.baseline.stale, SizeIs(1));
  EXPECT_EQ(report.baseline.stale[0].where, "known.yaml:12");
  EXPECT_EQ(report.baseline.stale[0].entry, "punch/two RDV-REGPEER-03 (wrong value)");
  EXPECT_EQ(of(report, "punch/two").status, Status::unexpected_pass);
  EXPECT_EQ(of(report, "punch/two").checks.at(0).status, Status::unexpected_pass);
  EXPECT_EQ(of(report, "punch/two").checks.at(1).status, Status::pass);
  EXPECT_EQ(exit_code(report), ExitCode::stale_baseline);
}

TEST(ApplyBaseline, GlobIsStaleOnlyWhenNothingOfItFails) {
  const std::vector entries{entry("punch/*", "", FailureKind::no_answer)};
  auto report = judge(with(control_fails()), entries);
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
  EXPECT_EQ(of(report, "punch/two").status, Status::pass);
  EXPECT_EQ(exit_code(judge(all_pass(), entries)), ExitCode::stale_baseline);
}

TEST(ApplyBaseline, WhatDidNotRunProvesNothing) {
  const std::vector entries{entry("punch/*", "")};
  auto filtered = all_pass();
  filtered.results.pop_back();  // not of the entry
  EXPECT_THAT(judge(filtered, entries).baseline.stale, SizeIs(1));
  filtered.results.erase(filtered.results.begin());
  EXPECT_THAT(judge(filtered, entries).baseline.stale, IsEmpty());
  auto interrupted = all_pass();
  interrupted.interrupted = true;
  EXPECT_THAT(judge(interrupted, entries).baseline.stale, IsEmpty());
  const auto not_run = with(result("punch/two", {check("RDV-REGPEER-03", Status::not_run),
                                                 check("RDV-REGPEER-04", Status::not_run)}));
  EXPECT_THAT(judge(not_run, entries).baseline.stale, IsEmpty());
}

TEST(ApplyBaseline, WhatDoesNotApplyProvesNothing) {
  const auto inapplicable = result("relay/one", {check("RDV-REGPEER-01", Status::not_applicable)});
  EXPECT_THAT(judge(with(inapplicable), {entry("relay/one", "")}).baseline.stale, IsEmpty());
}

TEST(ApplyBaseline, RequirementsBelowTheLevelWereNotJudged) {
  const auto* should = known().registry.find("RDV-REGPEER-01");
  ASSERT_NE(should, nullptr);
  ASSERT_EQ(should->level, Level::must);
  const auto a_should =
      *std::find_if(known().registry.all().begin(), known().registry.all().end(),
                    [](const Requirement& one) { return one.level == Level::should; });
  const auto c = make_case("x/y", {a_should.id});
  const KnownCases cases{{&c}, known().registry};
  RunReport report;
  report.results = {result("x/y", {check(a_should.id, Status::pass)})};
  const auto listed = entry("x/y", "");
  EXPECT_TRUE(is_stale(listed, report, cases, Level::should));
  EXPECT_FALSE(is_stale(listed, report, cases, Level::must));
}

TEST(ApplyBaseline, FailingNowAndThenIsNotStale) {
  auto report = with(control_fails());
  report.results.push_back(result("punch/control", {check("RDV-REGPEER-01", Status::pass)}));
  report.results.back().repetition = 1;
  const std::vector entries{entry("punch/control", "", FailureKind::no_answer)};
  EXPECT_EQ(exit_code(judge(report, entries)), ExitCode::as_expected);
}

BaselineEntry flaky_control() {
  auto flaky = entry("punch/control", "", FailureKind::no_answer);
  flaky.flaky = true;
  return flaky;
}

TEST(ApplyBaseline, FlakyEntriesMayPass) {
  EXPECT_EQ(exit_code(judge(all_pass(), {flaky_control()})), ExitCode::as_expected);
  auto report = judge(with(control_fails()), {flaky_control()});
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
  EXPECT_EQ(of(report, "punch/control").status, Status::known_flaky);
  EXPECT_EQ(of(report, "punch/control").checks.at(0).status, Status::known_flaky);
  EXPECT_FALSE(of(report, "punch/control").unexpected());
}

TEST(ApplyBaseline, WhatStandsBehindAFlakyControlIsFlaky) {
  auto given = with(control_fails());
  of(given, "punch/behind") = result("punch/behind", {check("RDV-REGPEER-02", Status::blocked)});
  auto report = judge(given, {flaky_control()});
  EXPECT_EQ(of(report, "punch/behind").status, Status::known_flaky);
  EXPECT_EQ(of(report, "punch/behind").why, "its control punch/control: known flaky");
}

TEST(ApplyBaseline, WhatAlwaysFailsIsNotFlaky) {
  auto report = judge(with(control_fails()),
                      {flaky_control(), entry("punch/*", "", FailureKind::no_answer, "no answer")});
  EXPECT_EQ(of(report, "punch/control").status, Status::expected_failure);
}

TEST(ApplyBaseline, CountsHowOftenAnEntryFailed) {
  auto report = all_pass();
  for (int repetition = 1; repetition < 5; ++repetition) {
    report.results.push_back(control_fails());
    report.results.back().repetition = repetition;
  }
  auto flaky = flaky_control();
  flaky.owner = "ann";
  report = judge(std::move(report), {flaky});
  ASSERT_THAT(report.baseline.entries, SizeIs(1));
  const auto& use = report.baseline.entries[0];
  EXPECT_EQ(use.where, "known.yaml:12");
  EXPECT_EQ(use.owner, "ann");
  EXPECT_TRUE(use.flaky);
  EXPECT_EQ(use.failures, 1);
  EXPECT_EQ(use.failed, 4);
  EXPECT_EQ(use.judged, 5);
}

// --- limits

RunReport three_fail() {
  auto report = with(control_fails(FailureKind::wrong_value));
  of(report, "punch/two") = result(
      "punch/two", {check("RDV-REGPEER-03", Status::fail), check("RDV-REGPEER-04", Status::fail)});
  return report;
}

BaselineEntry pattern(int at_most) {
  auto limited = entry("punch/*", "");
  limited.at_most = at_most;
  limited.owner = "ann";
  return limited;
}

TEST(ApplyBaseline, PatternsExcuseAsManyAsTheySay) {
  auto repeated = three_fail();
  for (const auto& one : three_fail().results) {
    repeated.results.push_back(one);
    repeated.results.back().repetition = 1;
  }
  for (const auto& report : {three_fail(), repeated}) {
    EXPECT_EQ(exit_code(judge(report, {pattern(3)})), ExitCode::as_expected);
    EXPECT_EQ(exit_code(judge(report, {pattern(4)})), ExitCode::as_expected);
  }
}

TEST(ApplyBaseline, OneFailureMoreAndAllAreToldAgain) {
  auto report = judge(three_fail(), {pattern(2)});
  EXPECT_EQ(of(report, "punch/control").status, Status::fail);
  EXPECT_EQ(of(report, "punch/two").status, Status::fail);
  ASSERT_THAT(report.baseline.exceeded, SizeIs(1));
  EXPECT_EQ(report.baseline.exceeded[0].text,
            "may excuse 2 failures, and 3 are like that: find out what is new (owner: ann)");
  EXPECT_EQ(exit_code(report), ExitCode::unexpected_failures);
}

TEST(ApplyBaseline, AnExceededLimitIsNewEvenIfOtherEntriesExcuseAll) {
  const auto report =
      judge(three_fail(), {pattern(2), entry("punch/control", ""), entry("punch/two", "")});
  EXPECT_EQ(count_cases(report).at(Status::fail), 0);
  EXPECT_EQ(exit_code(report), ExitCode::unexpected_failures);
}

TEST(ApplyBaseline, BlockedCasesCountOnce) {
  auto two = result("punch/two", {check("RDV-REGPEER-03", Status::blocked),
                                  check("RDV-REGPEER-04", Status::blocked)});
  auto limited = entry("punch/*", "", FailureKind::blocked);
  limited.at_most = 1;
  EXPECT_EQ(exit_code(judge(with(two), {limited})), ExitCode::as_expected);
}

TEST(ApplyBaseline, TheRatchetWantsLimitsAsLowAsTheyCanBe) {
  const auto slack = judge(three_fail(), {pattern(5)}, Level::may, Ratchet::on);
  ASSERT_THAT(slack.baseline.stale, SizeIs(1));
  EXPECT_EQ(slack.baseline.stale[0].text,
            "may excuse 5 failures, and 3 are left: lower at-most to that (owner: ann)");
  EXPECT_EQ(exit_code(slack), ExitCode::stale_baseline);
  EXPECT_EQ(exit_code(judge(three_fail(), {pattern(3)}, Level::may, Ratchet::on)),
            ExitCode::as_expected);
}

TEST(ApplyBaseline, TheRatchetKnowsNothingOfWhatDidNotRun) {
  auto partial = three_fail();
  partial.results.erase(partial.results.begin() + 1);
  const auto report = judge(partial, {pattern(5)}, Level::may, Ratchet::on);
  EXPECT_THAT(report.baseline.stale, IsEmpty());
  auto flaky = pattern(5);
  flaky.flaky = true;
  EXPECT_THAT(judge(three_fail(), {flaky}, Level::may, Ratchet::on).baseline.stale, IsEmpty());
}

TEST(ApplyBaseline, ExpiredEntryStillExcusesButIsTold) {
  auto dated = entry("punch/control", "", FailureKind::no_answer);
  dated.expires = kToday;
  EXPECT_EQ(exit_code(judge(with(control_fails()), {dated})), ExitCode::as_expected);
  dated.expires = 2026y / 11 / 24;
  auto report = judge(with(control_fails()), {dated});
  EXPECT_EQ(of(report, "punch/control").status, Status::expected_failure);
  ASSERT_THAT(report.baseline.expired, SizeIs(1));
  EXPECT_THAT(report.baseline.expired[0].text, HasSubstr("2026-11-24"));
  EXPECT_EQ(exit_code(report), ExitCode::stale_baseline);
}

TEST(ApplyBaseline, NewFailuresComeBeforeStaleEntries) {
  const auto report = judge(with(control_fails()), {entry("relay/one", "")});
  EXPECT_THAT(report.baseline.stale, SizeIs(1));
  EXPECT_EQ(exit_code(report), ExitCode::unexpected_failures);
}

}  // namespace
}  // namespace deskcheck::conformance
