#include "conformance/baseline/baseline_file.hpp"

#include "conformance/baseline/sample_cases.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace samples;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> mistakes(const std::string& entries, Purpose purpose = Purpose::to_use) {
  std::vector<std::string> lines;
  const auto baseline = parse_baseline("known-failures:\n" + entries, "b.yaml", known(), purpose);
  if (!baseline)
    for (const auto& mistake : baseline.error()) lines.push_back(to_string(mistake));
  return lines;
}

TEST(BaselineFile, ReadsEveryKey) {
  const auto baseline = parse_baseline(
      "# a comment\n"
      "known-failures:\n"
      "  - case: punch/two\n"
      "    requirement: RDV-REGPEER-03\n"
      "    fails: no answer\n"
      "    actual: 'no: answer'\n"
      "    reason: issue 12\n"
      "    owner: ann\n"
      "    expires: 2027-01-31\n"
      "    flaky: true\n"
      "  - {requirement: RDV-REGPEER-0*, fails: blocked, reason: later, at-most: 3}\n",
      "b.yaml", known());
  ASSERT_TRUE(baseline) << render(baseline.error());
  ASSERT_EQ(baseline->entries.size(), 2U);
  const auto& first = baseline->entries[0];
  EXPECT_EQ(first.case_id, "punch/two");
  EXPECT_EQ(first.requirement, "RDV-REGPEER-03");
  EXPECT_EQ(first.kind, FailureKind::no_answer);
  EXPECT_EQ(first.actual, "no: answer");
  EXPECT_EQ(first.reason, "issue 12");
  EXPECT_EQ(first.expires, 2027y / 1 / 31);
  EXPECT_TRUE(first.flaky);
  EXPECT_EQ(first.owner, "ann");
  EXPECT_FALSE(first.at_most);
  EXPECT_EQ(first.line, 3);
  EXPECT_EQ(baseline->entries[1].kind, FailureKind::blocked);
  EXPECT_EQ(baseline->entries[1].owner, "");
  EXPECT_EQ(baseline->entries[1].at_most, 3);
  EXPECT_EQ(baseline->entries[1].line, 11);
}

TEST(BaselineFile, MayBeEmpty) {
  for (const char* text : {"known-failures:\n", "known-failures: []\n"}) {
    const auto baseline = parse_baseline(text, "b.yaml", known());
    ASSERT_TRUE(baseline);
    EXPECT_THAT(baseline->entries, IsEmpty());
  }
}

TEST(BaselineFile, MistakesOfForm) {
  EXPECT_THAT(mistakes("  - case: punch/two\n    fails: timeout\n    reason: x\n"),
              ElementsAre(HasSubstr("b.yaml:3:12: 'fails' cannot be 'timeout'")));
  EXPECT_THAT(mistakes("  - case: punch/two\n    fails: no answer\n"),
              ElementsAre(HasSubstr("the key 'reason' is missing; it must be why")));
  EXPECT_THAT(mistakes("  - cases: punch/two\n    fails: blocked\n    reason: x\n"),
              ElementsAre(HasSubstr("unknown key 'cases'; did you mean 'case'?")));
}

TEST(BaselineFile, MistakesOfMeaningAreAllTold) {
  EXPECT_THAT(
      mistakes("  - {fails: blocked, reason: x}\n"
               "  - {case: punch/twoo, fails: blocked, reason: x}\n"
               "  - {case: '*', fails: blocked, reason: x}\n"
               "  - {case: punch/two, fails: blocked, reason: x, expires: 2027-02-30}\n"
               "  - {case: relay/one, fails: blocked, reason: x, flaky: true}\n"
               "  - {case: punch/two, fails: no answer, reason: ' '}\n"
               "  - {case: punch/two, fails: no answer, reason: y}\n"),
      ElementsAre(
          "b.yaml:2:5: this entry names neither a case nor a requirement; write 'case', "
          "'requirement' or both",
          "b.yaml:3:12: 'punch/twoo' is no case, did you mean punch/two?",
          HasSubstr("b.yaml:4:12: '*' is too wide"),
          "b.yaml:5:59: '2027-02-30' is no date; write year, month and day as in 2027-01-31",
          HasSubstr("b.yaml:6:50: an entry that may pass as well never gets stale"),
          "b.yaml:7:49: the reason is empty; say why this failure is accepted for now",
          "b.yaml:8:5: this entry says the same as the one in line 7; remove one of them"));
}

TEST(BaselineFile, PatternsNeedALimit) {
  EXPECT_THAT(
      mistakes("  - {case: punch/*, fails: blocked, reason: x}\n"
               "  - {case: punch/two, requirement: RDV-REGPEER-*, fails: blocked, reason: x}\n"
               "  - {case: punch/*, fails: no answer, reason: x, at-most: 0}\n"),
      ElementsAre(HasSubstr("b.yaml:4:")));
  EXPECT_THAT(
      mistakes("  - {case: punch/*, fails: blocked, reason: x}\n"
               "  - {case: punch/two, requirement: RDV-REGPEER-*, fails: blocked, reason: x}\n"
               "  - {case: punch/two, fails: no answer, reason: x, at-most: 1}\n"),
      ElementsAre(
          "b.yaml:2:12: this pattern has no limit; add 'at-most: N', the number of failures "
          "that it may excuse; --update-baseline counts them",
          HasSubstr("b.yaml:3:36: this pattern has no limit")));
}

TEST(BaselineFile, BeforeARewriteLimitsMayBeMissing) {
  EXPECT_THAT(mistakes("  - {case: punch/*, fails: no answer, reason: x}\n", Purpose::to_rewrite),
              IsEmpty());
}

TEST(BaselineFile, BeforeARewriteReasonsMayBeMissing) {
  EXPECT_THAT(
      mistakes("  - {case: punch/two, fails: no answer, reason: ''}\n", Purpose::to_rewrite),
      IsEmpty());
}

TEST(BaselineFile, SchemaIsJson) {
  EXPECT_EQ(boost::json::parse(baseline_schema()).at("title").as_string().subview(0, 18),
            "deskcheck baseline");
}

}  // namespace
}  // namespace deskcheck::conformance
