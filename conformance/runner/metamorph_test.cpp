// Which verdicts depend on the network.
#include "conformance/runner/metamorph.hpp"

#include "conformance/runner/selection.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

RunReport run(Transformation transformation, const char* filter, const char* fault = nullptr) {
  const auto registry = Registry::built_in();
  RunOptions options;
  options.cases = select_cases(registry, {filter}, Level::may);
  options.seed = 1;
  options.transformation = transformation;
  if (fault) options.faults = faults_named({fault});
  return run_in_virtual_time(registry, options);
}

CaseResult result(std::string id, std::vector<std::pair<std::string, Status>> checks,
                  Status status) {
  CaseResult result;
  result.id = std::move(id);
  result.status = status;
  for (auto& [requirement, judged] : checks) {
    Check check;
    check.requirement = requirement;
    check.status = judged;
    result.checks.push_back(std::move(check));
  }
  return result;
}

RunReport report(CaseResult result) {
  RunReport report;
  report.results.push_back(std::move(result));
  return report;
}

TEST(Metamorph, EqualVerdictsDoNotDiffer) {
  const auto plain =
      report(result("a/b", {{"X-1", Status::pass}, {"X-1", Status::fail}}, Status::fail));
  const auto other = report(result("a/b", {{"X-1", Status::fail}}, Status::fail));
  EXPECT_THAT(differences(plain, other), IsEmpty());
}

TEST(Metamorph, OneRequirementDiffers) {
  const auto plain =
      report(result("a/b", {{"X-1", Status::pass}, {"X-2", Status::pass}}, Status::pass));
  const auto other =
      report(result("a/b", {{"X-1", Status::pass}, {"X-2", Status::fail}}, Status::fail));
  const auto found = differences(plain, other);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].requirement, "X-2");
  EXPECT_EQ(to_text(found, Transformation::single_bytes),
            "a/b                                                 X-2               pass, with "
            "streams cut into single bytes: fail\n");
}

TEST(Metamorph, AnErrorOfTheSuiteDiffers) {
  const auto plain = report(result("a/b", {{"X-1", Status::pass}}, Status::pass));
  const auto other = report(result("a/b", {{"X-1", Status::pass}}, Status::harness_error));
  EXPECT_THAT(differences(plain, other), SizeIs(1));
}

TEST(Metamorph, WhatWasNotRunHasNoVerdict) {
  const auto plain = report(result("a/b", {{"X-1", Status::pass}}, Status::pass));
  const auto other = report(result("a/b", {{"X-1", Status::not_run}}, Status::not_run));
  EXPECT_THAT(differences(plain, other), IsEmpty());
}

// The fault of a server that takes what it reads at once for a whole frame.
TEST(Metamorph, AFaultThatOnlyShowsWhenStreamsAreCut) {
  constexpr const char* kCases = "punch/sent/*";
  constexpr const char* kFault = "one-segment-one-frame";
  const auto plain = run(Transformation::none, kCases, kFault);
  EXPECT_EQ(exit_code(plain), ExitCode::as_expected);
  const auto cut = run(Transformation::single_bytes, kCases, kFault);
  EXPECT_THAT(differences(plain, cut), testing::Not(IsEmpty()));
  const auto right = run(Transformation::single_bytes, kCases);
  EXPECT_THAT(differences(plain, right), IsEmpty());
  const auto shuffled = run(Transformation::shuffled_datagrams, kCases);
  EXPECT_THAT(differences(plain, shuffled), IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
