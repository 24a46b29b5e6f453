#include "conformance/runner/ledger.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Case make(std::string id, std::string control = {}, bool heavy = false) {
  Case c;
  c.id = std::move(id);
  c.requirements = {"FRM-HDR-01"};
  c.control = std::move(control);
  c.alone = heavy;
  return c;
}

class LedgerTest : public testing::Test {
 protected:
  Ledger ledger(int repeat = 1) {
    for (const Case& c : cases_) options_.cases.push_back(&c);
    options_.repeat = repeat;
    return Ledger(options_);
  }
  static std::vector<std::string> begin_all(Ledger& ledger, std::vector<Job>& begun) {
    std::vector<std::string> ids;
    while (const auto job = ledger.next()) {
      ids.push_back(job->which->id);
      begun.push_back(*job);
    }
    return ids;
  }
  static void finish(Ledger& ledger, const Job& job, Status status = Status::pass) {
    CaseResult result;
    result.id = job.which->id;
    result.status = status;
    ledger.finished(job, std::move(result));
  }
  static std::vector<Status> statuses(Ledger ledger) {
    std::vector<Status> list;
    for (const auto& result : std::move(ledger).results()) list.push_back(result.status);
    return list;
  }

  std::vector<Case> cases_;
  RunOptions options_;
  std::vector<Job> begun_;
};

// What a case builds on has to hold; what else its control has found does not matter.
TEST_F(LedgerTest, AControlCarriesThoseWhoseNeedsHold) {
  cases_ = {make("a"), make("all", "a"), make("held", "a"), make("lost", "a"), make("open", "a")};
  cases_[2].needed = {"FRM-HDR-01"};
  cases_[3].needed = {"FRM-HDR-01", "FRM-HDR-02"};
  cases_[4].needed = {"FRM-HDR-03"};
  auto l = ledger();
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("a"));
  CaseResult result;
  result.id = "a";
  result.status = Status::fail;
  for (const auto& [id, status] : {std::pair("FRM-HDR-01", Status::pass),
                                   {"FRM-HDR-02", Status::pass},
                                   {"FRM-HDR-02", Status::fail},
                                   {"FRM-HDR-03", Status::blocked}}) {
    Check check;
    check.requirement = id;
    check.status = status;
    result.checks.push_back(std::move(check));
  }
  l.finished(begun_.at(0), std::move(result));
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("held"));
  finish(l, begun_.at(1));
  EXPECT_THAT(statuses(std::move(l)), ElementsAre(Status::fail, Status::blocked, Status::pass,
                                                  Status::blocked, Status::blocked));
}

TEST_F(LedgerTest, AControlComesBeforeThoseThatNeedIt) {
  cases_ = {make("a"), make("b", "a"), make("c", "b"), make("d")};
  auto l = ledger();
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("a", "d"));
  finish(l, begun_.at(0));
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("b"));
  finish(l, begun_.at(2));
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("c"));
}

TEST_F(LedgerTest, AFailedControlBlocksAllThatBuildOnIt) {
  cases_ = {make("a"), make("b", "a"), make("c", "b")};
  auto l = ledger();
  begin_all(l, begun_);
  finish(l, begun_.at(0), Status::fail);
  EXPECT_THAT(begin_all(l, begun_), IsEmpty());
  EXPECT_THAT(statuses(std::move(l)), ElementsAre(Status::fail, Status::blocked, Status::blocked));
}

TEST_F(LedgerTest, EachRepetitionHasItsOwnControl) {
  cases_ = {make("a"), make("b", "a")};
  auto l = ledger(2);
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("a", "a"));
  finish(l, begun_.at(1));
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("b"));
  EXPECT_EQ(begun_.back().repetition, 1);
}

TEST_F(LedgerTest, HeavyCasesRunOneAtATimeAndHoldNobodyElseUp) {
  cases_ = {make("heavy 1", "", true), make("heavy 2", "", true), make("light")};
  auto l = ledger();
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("heavy 1", "light"));
  finish(l, begun_.at(1));
  EXPECT_THAT(begin_all(l, begun_), IsEmpty());
  finish(l, begun_.at(0));
  EXPECT_THAT(begin_all(l, begun_), ElementsAre("heavy 2"));
}

TEST_F(LedgerTest, WhatHasNotBegunAtAStopIsNotRun) {
  cases_ = {make("a"), make("b", "a"), make("heavy 1", "", true), make("heavy 2", "", true)};
  auto l = ledger();
  begin_all(l, begun_);
  l.stop();
  EXPECT_THAT(begin_all(l, begun_), ElementsAre());
  finish(l, begun_.at(0));
  finish(l, begun_.at(1));
  EXPECT_THAT(statuses(std::move(l)),
              ElementsAre(Status::pass, Status::not_run, Status::pass, Status::not_run));
}

TEST_F(LedgerTest, WhatIsLeftOutTakesAlongWhatBuildsOnIt) {
  cases_ = {make("a"), make("b", "a"), make("c")};
  options_.until_failure = true;  // to leave out is no failure
  auto l = ledger();
  begin_all(l, begun_);
  l.left_out(begun_.at(0), "no time");
  EXPECT_THAT(begin_all(l, begun_), IsEmpty());
  finish(l, begun_.at(1));
  EXPECT_THAT(statuses(std::move(l)), ElementsAre(Status::not_run, Status::not_run, Status::pass));
}

TEST_F(LedgerTest, UntilFailureStopsAtTheFirst) {
  cases_ = {make("a"), make("b", "a"), make("c")};
  options_.until_failure = true;
  auto l = ledger();
  begin_all(l, begun_);
  finish(l, begun_.at(1), Status::fail);
  finish(l, begun_.at(0));
  EXPECT_THAT(begin_all(l, begun_), IsEmpty());
  EXPECT_THAT(statuses(std::move(l)), ElementsAre(Status::pass, Status::not_run, Status::fail));
}

}  // namespace
}  // namespace deskcheck::conformance
