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
    baseline = parse_baseline(text, "b.yaml", known(), Purpose::to_rewrite).value();
  auto update = update_baseline(text, baseline, report, known(), reason).value();
  // Whatever is written can be read, and makes the run expected.
  const auto again = parse_baseline(update.text, "b.yaml", known(), Purpose::to_rewrite);
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

// Whatever the file looks like, an update without news gives it back byte for byte.
TEST(UpdateBaseline, WithoutNewsNothingChanges) {
  const std::string entries =
      "  # Above.\n"
      "  - case: punch/control  # beside\n"
      "    # between two keys\n"
      "    fails: no answer\n"
      "    reason: |\n"
      "      Several lines,\n"
      "      # one of which looks like a comment.\n"
      "  # Above the second.\n"
      "  - {case: punch/two, requirement: RDV-REGPEER-03, fails: wrong value, reason: x} # beside\n"
      "  - {case: punch/two, fails: blocked, reason: x}\n";
  for (const std::string head : {"", "# Head.\n\n", "\n", "# Head.\n---\n"})
    for (const std::string key : {"known-failures:\n", "known-failures: # beside the key\n"})
      for (const std::string tail : {"", "\n", "# Tail.\n", "\n\n# Tail.\n\n", "...\n"}) {
        const auto text = head + key + entries + tail;
        EXPECT_EQ(update(text, some_fail()).text, text);
        const auto cut = text.substr(0, text.size() - 1);
        EXPECT_EQ(update(cut, some_fail()).text, cut);
      }
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

TEST(UpdateBaseline, LinesEndAsTheyDid) {
  for (const auto& report : {some_fail(), all_pass()})
    EXPECT_EQ(update(with_crlf(kWritten), report).text, with_crlf(update(kWritten, report).text));
}

TEST(UpdateBaseline, AFileWithoutAFinalLineEndGetsEntriesInLinesOfTheirOwn) {
  const std::string text =
      "known-failures:\n  - case: punch/control\n    fails: no answer\n    reason: x";
  for (const auto& given : {text, with_crlf(text)}) {
    const std::string end = given == text ? "\n" : "\r\n";
    EXPECT_THAT(update(given, some_fail()).text,
                StartsWith(given + end + "  - case: punch/two" + end + "    fails: blocked" + end));
  }
}

TEST(UpdateBaseline, AnEmptiedFileKeepsItsComments) {
  const std::string entry = "- case: relay/one\n  fails: no answer\n  reason: x\n  # deeper\n";
  EXPECT_EQ(update("# Head.\nknown-failures:   # beside\n# Of the entry.\n" + entry + "# Tail.",
                   all_pass())
                .text,
            "# Head.\nknown-failures: []  # beside\n# Tail.");
}

TEST(UpdateBaseline, AFilledListKeepsTheCommentBesideIt) {
  for (const char* head :
       {"known-failures: # none", "known-failures: []  # none", "known-failures: null # none"})
    EXPECT_THAT(update(head, some_fail()).text,
                StartsWith("known-failures:  # none\n  - case: punch/control\n"));
}

TEST(UpdateBaseline, CommentsBelongToTheEntryBelowUnlessTheyStandDeeper) {
  const auto made = update(
      "known-failures:\n"
      "  - case: punch/control\n"
      "    fails: no answer\n"
      "    reason: x\n"
      "    # Of the first.\n"
      "  # Of the second.\n"
      "  - case: relay/one\n"
      "    fails: no answer\n"
      "    reason: y\n"
      "    # Of the second, too.\n"
      "# Of nobody.\n",
      some_fail());
  EXPECT_THAT(made.text, StartsWith("known-failures:\n"
                                    "  - case: punch/control\n"
                                    "    fails: no answer\n"
                                    "    reason: x\n"
                                    "    # Of the first.\n"
                                    "  - case: punch/two\n"));
  EXPECT_THAT(made.text, Not(HasSubstr("Of the second")));
  EXPECT_THAT(made.text, testing::EndsWith("\n# Of nobody.\n"));
}

TEST(UpdateBaseline, ListsInOneLineCannotBeFilled) {
  for (const char* text :
       {"{known-failures: []}\n", "known-failures: [\n]\n", "\"known-failures\": []\n"}) {
    const auto baseline = parse_baseline(text, "b.yaml", known());
    ASSERT_TRUE(baseline) << text;
    const auto refused = update_baseline(text, *baseline, some_fail(), known(), "");
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(to_string(refused.error().at(0)), HasSubstr("this list cannot be edited"));
  }
}

// --- limits and the ratchet

TEST(UpdateBaseline, LimitsBecomeWhatFails) {
  auto report = some_fail();
  of(report, "punch/behind") = result("punch/behind", {check("RDV-REGPEER-02", Status::pass)});
  of(report, "punch/two") = result(
      "punch/two", {check("RDV-REGPEER-03", Status::fail), check("RDV-REGPEER-04", Status::fail)});
  const auto text = [](const std::string& limit) {
    return "known-failures:\n"
           "  - case: punch/*\n"
           "    requirement: RDV-REGPEER-*\n" +
           limit +
           "    fails: wrong value\n"
           "    reason: x\n"
           "  - {requirement: RDV-REGPEER-01, fails: no answer, reason: y}\n";
  };
  const auto right = text("    at-most: 2\n");
  for (const char* limit : {"", "    at-most: 7\n", "    at-most: 1\n"}) {
    const auto made = update(text(limit), report);
    EXPECT_EQ(made.text, right);
    EXPECT_EQ(made.limits, 1);
  }
  EXPECT_EQ(update(right, report).limits, 0);
  EXPECT_EQ(update(text("    at-most:   7  # some\n"), report).text,
            text("    at-most:   2  # some\n"));
}

TEST(UpdateBaseline, LimitsAreWrittenWhereverTheKeysStand) {
  EXPECT_THAT(
      update("known-failures:\n  - {case: punch/*, fails: no answer, reason: x} # c\n", some_fail())
          .text,
      HasSubstr("  - {case: punch/*, at-most: 1, fails: no answer, reason: x} # c\n"));
  EXPECT_THAT(
      update("known-failures:\n- fails: no answer\n  case: punch/*\n  reason: x\n", some_fail())
          .text,
      HasSubstr("\n- at-most: 1\n  fails: no answer\n  case: punch/*\n"));
  EXPECT_THAT(
      update("known-failures:\n  - {case: punch/con*, at-most: 9, fails: no answer, reason: x}\n",
             some_fail())
          .text,
      HasSubstr("at-most: 1, fails"));
}

TEST(UpdateBaseline, LimitsOfWhatWasNotJudgedStay) {
  const std::string text =
      "known-failures:\n  - {case: punch/*, at-most: 4, fails: wrong value, reason: x}\n";
  EXPECT_THAT(update(text, some_fail()).text, StartsWith(text));  // punch/behind is blocked
}

BaselineUpdate ratchet(const std::string& text, const RunReport& report) {
  const auto baseline = parse_baseline(text, "b.yaml", known()).value();
  return update_baseline(text, baseline, report, known(), "", Change::only_fewer).value();
}

TEST(Ratchet, TakesOutAndAddsNothing) {
  const std::string stays =
      "known-failures:\n"
      "  - {case: punch/control, fails: no answer, reason: x}\n";
  const auto made =
      ratchet(stays + "  - {case: relay/one, fails: no answer, reason: y}\n", some_fail());
  EXPECT_EQ(made.text, stays);
  EXPECT_EQ(made.removed, 1);
  EXPECT_EQ(made.added, 0);
}

TEST(Ratchet, LowersLimitsAndRaisesNone) {
  auto report = some_fail();
  of(report, "punch/two") = result(
      "punch/two", {check("RDV-REGPEER-03", Status::fail), check("RDV-REGPEER-04", Status::fail)});
  const auto text = [](int limit) {
    return "known-failures:\n  - {case: punch/two, requirement: RDV-REGPEER-*, at-most: " +
           std::to_string(limit) + ", fails: wrong value, reason: x}\n";
  };
  EXPECT_EQ(ratchet(text(3), report).text, text(2));
  EXPECT_EQ(ratchet(text(2), report).text, text(2));
  EXPECT_EQ(ratchet(text(1), report).text, text(1));
}

TEST(UpdateBaseline, FlakyEntriesAreLeftAlone) {
  const std::string text =
      "known-failures:\n"
      "  - {case: punch/*, at-most: 3, fails: wrong value, reason: x, flaky: true, expires: "
      "2027-01-31}\n";
  EXPECT_EQ(update(text, all_pass()).text, text);
}

// How something fails may vary from run to run: what is written about it stays, and what an update
// writes holds for all that was seen so far.
TEST(UpdateBaseline, WhatFailsInAnotherWayStaysBesideANewEntry) {
  const std::string text =
      "known-failures:\n"
      "# Why that is.\n"
      "- case: punch/control # beside\n"
      "  fails: connection ended\n"
      "  actual: 'reset by peer'\n"
      "  reason: x\n";
  const auto made = update(text, some_fail());
  EXPECT_EQ(made.removed, 0);
  EXPECT_THAT(made.text, StartsWith(text + "- case: punch/control\n  requirement: RDV-REGPEER-01\n"
                                           "  fails: no answer\n  reason"));
  auto ended = some_fail();
  auto& check = of(ended, "punch/control").checks[0];
  check.kind = FailureKind::connection_ended;
  for (const char* words : {"reset by peer", "reset by peer, late"}) {
    check.actual = words;
    EXPECT_EQ(update(made.text, ended).text, made.text);
  }
  EXPECT_EQ(update(made.text, some_fail()).text, made.text);
  EXPECT_THAT(update(made.text, all_pass()).text, StartsWith("known-failures: []"));
}

TEST(UpdateBaseline, WhatCanBeJudgedAtLastIsBlockedNoMore) {
  auto report = all_pass();
  of(report, "punch/two") = result("punch/two", {samples::check("RDV-REGPEER-03", Status::fail),
                                                 samples::check("RDV-REGPEER-04", Status::pass)});
  const auto made =
      update("known-failures:\n- {case: punch/two, fails: blocked, reason: x}\n", report);
  EXPECT_EQ(made.removed, 1);
  EXPECT_EQ(made.added, 1);
}

RunReport fails_with(const std::string& actual) {
  auto report = all_pass();
  of(report, "relay/one") =
      result("relay/one",
             {samples::check(of(report, "relay/one").checks[0].requirement, Status::fail, actual)});
  return report;
}

TEST(UpdateBaseline, WordsThatVaryArePinnedOnceAndNotAgain) {
  const auto first = update("", fails_with("one thing"));
  EXPECT_THAT(first.text, HasSubstr("    actual: \"one thing\"\n"));
  const auto second = update(first.text, fails_with("another thing"));
  EXPECT_THAT(second.text, StartsWith(first.text));
  EXPECT_EQ(second.added, 1);
  EXPECT_THAT(second.text, Not(HasSubstr("another thing")));
  for (const char* words : {"one thing", "another thing", "a third thing"})
    EXPECT_EQ(update(second.text, fails_with(words)).text, second.text);
}

TEST(UpdateBaseline, ConnectionEndedIsNotPinnedByItsWords) {
  auto report = fails_with("end of the connection");
  of(report, "relay/one").checks[0].kind = FailureKind::connection_ended;
  EXPECT_THAT(update("", report).text, Not(HasSubstr("actual")));
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
