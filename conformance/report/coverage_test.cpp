// What a run has judged: from its report, with requirements of this suite.
#include "conformance/report/coverage.hpp"

#include <boost/json.hpp>

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using Kind = Coverage::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kRequirements =
    "id\tlevel\tarea\tcapability\ttext\tevidence\toss\tharm_class\tharm\tfirst_release\t"
    "last_release\tserver_versions\teffect\ttransports\ttestable\tbasis\n"
    "A-01\tMUST\ta\tcap.a\tOne\tsource\tyes\tslow\tHarm\t-\t-\t-\tread-only\tudp\tany\treading\n"
    "A-02\tMAY\ta\tcap.a\tTwo\tsource\tyes\tslow\tHarm\t-\t-\t-\tread-only\tudp\tany\treading\n"
    "B-01\tMUST\tb\tcap.b\tThree\tsource\tyes\tslow\tHarm\t-\t-\t-\tread-only\tudp\tany\treading\n"
    "HTTP-B-02\tMUST\tb\tcap.b\tFour\tsource\tyes\tslow\tHarm\t-\t-\t-\tread-"
    "only\tudp\tany\treading\n";

Registry registry() {
  const SourceText requirements[] = {{"requirements.tsv", kRequirements}};
  const auto parsed = Registry::parse(
      requirements, {"exclusions.tsv", "pattern\treason\nB-01\tnobody can see it\n"});
  if (!parsed) throw std::runtime_error("the requirements of this test do not parse");
  return *parsed;
}

boost::json::object report() {
  return boost::json::parse(R"({
    "requirements": [{"id": "A-01", "status": "pass"}, {"id": "A-02", "status": "not applicable"}],
    "cases": [{"id": "x/one", "checks": [{"requirement": "A-01"}, {"requirement": "A-01"}]},
              {"id": "x/two", "checks": [{"requirement": "A-01"}, {"requirement": "A-02"}]}]
  })")
      .as_object();
}

TEST(Coverage, EachRequirementIsJudgedOrNotOrExcludedOrMissing) {
  const auto known = registry();
  const auto covered = coverage(report(), known, {}, {});
  ASSERT_EQ(covered.rows.size(), 4U);
  EXPECT_EQ(covered.rows[0].kind, Kind::judged);
  EXPECT_THAT(covered.rows[0].cases, ElementsAre("x/one", "x/two"));
  EXPECT_EQ(covered.rows[1].kind, Kind::not_judged);
  EXPECT_EQ(covered.rows[2].kind, Kind::excluded);
  EXPECT_EQ(covered.rows[3].kind, Kind::missing);
  EXPECT_FALSE(covered.complete());
}

TEST(Coverage, GlobsChooseByIdAreaAndCapability) {
  const auto known = registry();
  EXPECT_EQ(coverage(report(), known, {}, {"A-*"}).rows.size(), 2U);
  EXPECT_EQ(coverage(report(), known, {}, {"b"}).rows.size(), 2U);
  EXPECT_EQ(coverage(report(), known, {}, {"cap.a", "B-01"}).rows.size(), 3U);
  EXPECT_TRUE(coverage(report(), known, {}, {"A-*", "B-01"}).complete());
}

TEST(Coverage, TheTextSaysWhyAndCounts) {
  const auto known = registry();
  const auto text = to_text(coverage(report(), known, {}, {}));
  EXPECT_THAT(text, HasSubstr("A-01              MUST    pass              x/one and 1 more\n"));
  EXPECT_THAT(text,
              HasSubstr("B-01              MUST    excluded          because nobody can see it\n"));
  EXPECT_THAT(text,
              HasSubstr("HTTP-B-02         MUST    MISSING           has no case and no reason\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "a                             2           1           1           .           .\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "rendezvous and relay          3           1           1           1           .\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "HTTP API                      1           .           .           .           1\n"));
}

// A report of a part of the suite: what others judge is not missing.
TEST(Coverage, WhatTheReportLeavesOutIsNotRun) {
  const auto known = registry();
  const auto covered = coverage({}, known, {"A-01"}, {"A-*"});
  EXPECT_EQ(covered.rows[0].kind, Kind::not_judged);
  EXPECT_EQ(covered.rows[0].status, "not run");
  EXPECT_EQ(covered.rows[1].kind, Kind::missing);
}

// A report of another program: nothing of it is believed.
TEST(Coverage, AReportWithoutAnythingCoversNothing) {
  const auto known = registry();
  const auto covered = coverage({}, known, {}, {"A-*"});
  ASSERT_EQ(covered.rows.size(), 2U);
  EXPECT_EQ(covered.rows[0].kind, Kind::missing);
}

}  // namespace
}  // namespace deskcheck::conformance
