// What the suite does with cases that are right, wrong, forgetful or stuck: run_case and the lab,
// over a reference server in a simulated world.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/lab/meanwhile.hpp"
#include "conformance/lab/scripted_server.hpp"
#include "conformance/lab/simulated.hpp"
#include "conformance/runner/run.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::Eq;
using testing::HasSubstr;
using testing::StartsWith;

Task<void> passes(Lab& lab) {
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  co_return;
}
Task<void> fails(Lab& lab) {
  lab.verdict("FRM-HDR-01", 1, Eq(2));
  co_return;
}
Task<void> judges_nothing(Lab&) { co_return; }
Task<void> judges_another(Lab& lab) {
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  lab.verdict("FRM-HDR-02", 1, Eq(1));
  co_return;
}
Task<void> needs_what_is_not(Lab& lab) {
  lab.require("one is two", 1, Eq(2));
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  co_return;
}
Task<void> fails_then_needs(Lab& lab) {
  lab.verdict("FRM-HDR-01", 1, Eq(2));
  lab.require("one is two", 1, Eq(2));
  co_return;
}
Task<void> does_not_apply(Lab& lab) {
  lab.not_applicable("no such thing here");
  co_return;
}
Task<void> throws(Lab&) {
  throw std::runtime_error("a mistake of the case");
  co_return;
}
Task<void> never_ends(Lab& lab) {
  co_await lab.wait(24h);
  lab.verdict("FRM-HDR-01", 1, Eq(1));
}
Task<void> waits_for_nobody(Lab& lab) {
  auto device = lab.device();
  auto datagram = co_await device.channel().next(net::never(lab.world().clock));
  lab.verdict("FRM-HDR-01", datagram.has_value(), Eq(true));
}
Task<void> forgets_an_answer(Lab& lab) {
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  auto device = lab.device();
  auto answer = co_await device.register_pk(lab.within(2s));
}
Task<void> uses_a_missing_answer(Lab& lab) {
  auto device = lab.device();
  device.identity().id.clear();  // not answered
  auto answer = co_await device.register_peer(lab.within(1s));
  lab.verdict("FRM-HDR-01", answer->request_pk(), Eq(true));
}
Task<void> is_told_in_time(Lab& lab) {
  co_await lab.wait(59s);
  lab.verdict("FRM-HDR-01", 1, Eq(1));
}
Task<void> tells_of_a_device(Lab& lab) {
  auto device = co_await lab.registered_device();
  lab.verdict("FRM-HDR-01", device.id(), Eq("somebody else"));
}
Task<void> binds_what_is_taken(Lab& lab) {
  const auto first = lab.world().network.listen(lab.home());
  const auto second = lab.world().network.listen(first->local());
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  co_return;
}
Task<void> judges_a_shortage(Lab& lab) {
  net::Result<int> nothing = make_error_code(boost::system::errc::too_many_files_open);
  const auto answer = lab.answer(std::move(nothing), "a connection");
  lab.verdict("FRM-HDR-01", answer, Arrived());
  co_return;
}
Task<void> asks_in_vain(Lab& lab) {
  auto device = lab.device();
  device.identity().id.clear();  // not answered
  for (int i = 0; i < 20; ++i) {
    auto answer = co_await device.register_peer(lab.within(2s));
    answer.ignore();
  }
  lab.verdict("FRM-HDR-01", 1, Eq(1));
}
Task<void> cannot_clear_away(Lab& lab) {
  auto device = std::make_shared<sim::Device>(
      lab.world(), device_options(lab, lab.target().rendezvous), lab.recorder("device"));
  lab.at_end([device]() -> Task<void> { return device->stop(); });
  lab.at_end([&lab]() -> Task<void> {
    lab.environment("the hook fails");
    co_return;
  });
  device->start();
  lab.verdict("FRM-HDR-01", 1, Eq(1));
  co_return;
}
Task<void> waits(Lab& lab) { co_await lab.wait(20s); }
Task<void> works_while_the_story_ends(Lab& lab) {
  auto work = waits(lab);
  auto story = needs_what_is_not(lab);
  co_await meanwhile(lab, std::move(work), std::move(story));
}
Task<void> works_while_it_is_cut_off(Lab& lab) {
  auto work = waits(lab);
  auto story = never_ends(lab);
  co_await meanwhile(lab, std::move(work), std::move(story));
}
// The first free port of every new address is the same, and taken for datagrams.
Task<void> plays_a_server_where_ports_are_taken(Lab& lab) {
  auto& network = lab.world().network;
  const auto port = network.bind_udp(lab.home())->local().port;
  const auto neighbour = network.bind_udp({boost::asio::ip::address_v4::any(), port});
  lab.require("the port", network.listen(lab.home())->local().port, Eq(port));
  const ScriptedServer server(lab);
  lab.verdict("FRM-HDR-01", server.address().port, testing::Ne(port));
  co_return;
}

Case make(std::function<Task<void>(Lab&)> body, net::Duration takes_time = {}) {
  Case c;
  c.id = "test/case";
  c.requirements = {"FRM-HDR-01"};
  c.body = std::move(body);
  c.takes = takes_time;
  return c;
}

RunReport run(const std::vector<Case>& cases, RunOptions options = {}) {
  for (const auto& c : cases) options.cases.push_back(&c);
  return run_in_virtual_time(Registry::built_in(), options);
}

CaseResult result_of(Task<void> (*body)(Lab&), net::Duration takes_time = {}) {
  return run({make(body, takes_time)}).results.at(0);
}

TEST(RunCase, PassesAndFails) {
  EXPECT_EQ(result_of(passes).status, Status::pass);
  const auto failed = result_of(fails);
  EXPECT_EQ(failed.status, Status::fail);
  EXPECT_EQ(failed.blame, Blame::target);
  EXPECT_EQ(failed.checks.at(0).expected, "is equal to 2");
  EXPECT_EQ(failed.checks.at(0).actual, "1");
}

TEST(RunCase, RequirementThatWasNotJudgedIsBlockedNotGreen) {
  const auto result = result_of(judges_nothing);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::harness);
  EXPECT_EQ(result.checks.at(0).status, Status::blocked);
}

TEST(RunCase, UndeclaredRequirementIsAHarnessError) {
  const auto result = result_of(judges_another);
  EXPECT_EQ(result.status, Status::harness_error);
  EXPECT_THAT(result.why, HasSubstr("FRM-HDR-02"));
}

TEST(RunCase, WhatItBuildsOnBlocks) {
  const auto result = result_of(needs_what_is_not);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::prerequisite);
  EXPECT_EQ(result.why, "one is two: needed is equal to 2, got 1");
}

TEST(RunCase, AFailureBeforeABlockStaysAFailure) {
  EXPECT_EQ(result_of(fails_then_needs).status, Status::fail);
}

TEST(RunCase, NotApplicableSaysWhy) {
  const auto result = result_of(does_not_apply);
  EXPECT_EQ(result.status, Status::not_applicable);
  EXPECT_EQ(result.why, "no such thing here");
}

TEST(RunCase, ExceptionsAndMissingAnswersAreHarnessErrors) {
  EXPECT_THAT(result_of(throws).why, HasSubstr("a mistake of the case"));
  const auto result = result_of(uses_a_missing_answer);
  EXPECT_EQ(result.status, Status::harness_error);
  EXPECT_THAT(result.why, HasSubstr("the answer to RegisterPeer"));
}

TEST(RunCase, WhatThisMachineLacksIsNobodysFailure) {
  for (auto* body : {binds_what_is_taken, judges_a_shortage}) {
    const auto result = result_of(body);
    EXPECT_EQ(result.status, Status::blocked);
    EXPECT_EQ(result.blame, Blame::environment);
    EXPECT_EQ(result.checks.at(0).status, Status::blocked);
    EXPECT_THAT(result.why, StartsWith("this machine lacks what the case needs: "));
  }
  EXPECT_THAT(result_of(binds_what_is_taken).why, HasSubstr("in use"));
}

// What goes on beside a story ends with it, however that ends.
TEST(Meanwhile, EndsAsTheStoryDoes) {
  const auto blocked = result_of(works_while_the_story_ends);
  EXPECT_EQ(blocked.why, "one is two: needed is equal to 2, got 1");
  EXPECT_EQ(blocked.took, net::Duration());
  EXPECT_EQ(result_of(works_while_it_is_cut_off).status, Status::harness_error);
}

// Every wait had a limit, and together they took too long: that is the target's slowness.
TEST(RunCase, ManyLateAnswersBlock) {
  const auto result = result_of(asks_in_vain);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::prerequisite);
  EXPECT_THAT(result.why, StartsWith("not over after 30 s"));
  EXPECT_EQ(result_of(asks_in_vain, 20s).status, Status::pass);
}

// The device would end the process if nobody stopped it.
TEST(RunCase, WhatCannotBeClearedAwayKeepsNothingElseFromIt) {
  EXPECT_EQ(result_of(cannot_clear_away).status, Status::pass);
}

TEST(ScriptedServer, TakesAPortThatIsFreeForDatagramsToo) {
  const auto result = result_of(plays_a_server_where_ports_are_taken);
  EXPECT_EQ(result.status, Status::pass) << result.why;
}

TEST(RunCase, AnAnswerThatNobodyLooksAtIsAHarnessError) {
  const auto result = result_of(forgets_an_answer);
  EXPECT_EQ(result.status, Status::harness_error);
  EXPECT_THAT(result.why, HasSubstr("nobody looked at the answer to RegisterPk"));
}

TEST(RunCase, IsCutOffAfterItsTime) {
  EXPECT_EQ(result_of(is_told_in_time, 59s).status, Status::pass);
  EXPECT_EQ(result_of(is_told_in_time).status, Status::harness_error);
  EXPECT_EQ(result_of(never_ends).status, Status::harness_error);
  EXPECT_EQ(result_of(waits_for_nobody).status, Status::harness_error);
}

TEST(RunCase, ShowsTheConversationOfAFailure) {
  const auto result = result_of(tells_of_a_device);
  const auto text = sim::render(result.conversation);
  EXPECT_THAT(text, HasSubstr("register_pk {id:"));
  EXPECT_THAT(text, HasSubstr("register_pk_response {result: OK}"));
  EXPECT_TRUE(result_of(passes).conversation.empty());
}

TEST(RunCase, AMayThatIsNotUsedDoesNotFail) {
  Case c = make([](Lab& lab) -> Task<void> {
    lab.verdict("FRM-BIG-02", 1, Eq(2));
    co_return;
  });
  c.requirements = {"FRM-BIG-02"};
  const auto report = run({c});
  const auto& result = report.results.at(0);
  EXPECT_EQ(result.status, Status::not_applicable);
  EXPECT_EQ(result.why, "optional, and not met");
}

TEST(RunCase, UndeclaredCapabilitiesAndLowerLevelsDoNotApply) {
  RunOptions options;
  options.level = Level::must;
  const auto judge = [&](int seen) {
    Case c = make([seen](Lab& lab) -> Task<void> {
      lab.verdict("RDV-REGPK-04", seen, Eq(2));
      co_return;
    });
    c.requirements = {"RDV-REGPK-04"};  // a SHOULD
    return run({c}, options).results.at(0);
  };
  EXPECT_EQ(judge(1).status, Status::not_applicable);
  EXPECT_EQ(judge(1).why, "below the level of this run");
  EXPECT_EQ(judge(2).status, Status::not_applicable);
  EXPECT_EQ(judge(2).why, "below the level of this run; it does what is judged here all the same");
}

// What the target does not claim is no reason to call anything blocked.
TEST(RunCase, WhatDoesNotApplyIsNotBlocked) {
  RunOptions options;
  options.level = Level::must;
  Case c = make([](Lab& lab) -> Task<void> {
    lab.require("one is two", 1, Eq(2));
    co_return;
  });
  c.requirements = {"RDV-REGPK-04"};  // a SHOULD
  const auto whole = run({c}, options).results.at(0);
  EXPECT_EQ(whole.status, Status::not_applicable);
  EXPECT_EQ(whole.why, "below the level of this run");
  c.requirements = {"RDV-REGPK-04", "FRM-HDR-01"};
  const auto result = run({c}, options).results.at(0);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.checks.at(0).status, Status::not_applicable);
  EXPECT_EQ(result.checks.at(1).status, Status::blocked);
}

// A story stands on what is not claimed, but where it stopped is not hidden.
TEST(RunCase, TellsWhereACaseStoppedThatIsAboutMoreThanIsClaimed) {
  RunOptions options;
  options.lack.without = {"rendezvous.rate-limits"};
  Case c = make([](Lab& lab) -> Task<void> {
    lab.require("one is two", 1, Eq(2));
    co_return;
  });
  c.requirements = {"RDV-REGPK-10", "FRM-HDR-01"};
  const auto result = run({c}, options).results.at(0);
  EXPECT_EQ(result.status, Status::not_applicable);
  EXPECT_THAT(result.why, StartsWith("the target does not claim rendezvous.rate-limits; "));
  EXPECT_THAT(result.why, HasSubstr("one is two"));
}

TEST(Show, BytesAreShownAsTextWhereTheyAreOne) {
  EXPECT_EQ(show_bytes("<p>\r\n\tno\\</p>\n"), "\"<p>\\r\\n\\tno\\</p>\\n\"");
  EXPECT_EQ(show_bytes("設備"), "\"設備\"");
  EXPECT_EQ(show_bytes(""), "\"\"");
  EXPECT_EQ(show_bytes(std::string("a\0", 2)), "2 bytes: 6100");
  EXPECT_EQ(show_bytes("\xff\x1b[2J"), "5 bytes: ff1b5b324a");
  EXPECT_EQ(show_bytes(std::string(200, 'x')), '"' + std::string(100, 'x') + "\"...");
}

TEST(Run, CasesComeAfterTheirControl) {
  Case control = make(fails), other = make(passes), third = make(passes);
  control.id = "test/control";
  other.control = "test/control";
  third.id = "test/third";
  third.control = "test/case";
  const auto results = run({third, other, control}).results;
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].status, Status::blocked);  // test/case
  EXPECT_EQ(results[0].blame, Blame::prerequisite);
  EXPECT_EQ(results[1].status, Status::fail);  // test/control
  EXPECT_EQ(results[2].status, Status::blocked);
}

TEST(Run, RepeatsAndStopsAtTheFirstFailure) {
  RunOptions options;
  options.repeat = 3;
  EXPECT_EQ(run({make(passes)}, options).results.size(), 3U);
  options.until_failure = true;
  const auto results = run({make(fails)}, options).results;
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].status, Status::fail);
  EXPECT_EQ(results[1].status, Status::not_run);
}

TEST(Run, AnInterruptLeavesTheRestNotRun) {
  RunOptions options;
  options.repeat = 3;
  int asked = 0;
  options.interrupted = [&asked] { return ++asked > 1; };
  const auto report = run({make(passes)}, options);
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(report.results.at(0).status, Status::pass);
  EXPECT_EQ(report.results.at(2).status, Status::not_run);
  EXPECT_EQ(exit_code(report), ExitCode::unexpected_failures);
}

TEST(Run, EqualSeedsGiveEqualConversations) {
  RunOptions options;
  options.seed = 7;
  const auto conversation = [&] {
    return sim::render(run({make(tells_of_a_device)}, options).results.at(0).conversation);
  };
  const auto first = conversation();
  EXPECT_EQ(first, conversation());
  options.seed = 8;
  EXPECT_NE(first, conversation());
}

TEST(Run, RealTimeGivesTheSameResults) {
  RunOptions options;
  const auto good = make(passes), bad = make(tells_of_a_device);
  options.cases = {&good};
  EXPECT_EQ(run_in_real_time(Registry::built_in(), options).results.at(0).status, Status::pass);
  options.cases = {&bad};
  EXPECT_EQ(run_in_real_time(Registry::built_in(), options).results.at(0).status, Status::fail);
}

TEST(ExitCodes, FollowTheWorstStatus) {
  RunReport report;
  auto with = [&report](Status status) {
    CaseResult result;
    result.status = status;
    report.results.push_back(result);
    return exit_code(report);
  };
  EXPECT_EQ(with(Status::pass), ExitCode::as_expected);
  EXPECT_EQ(with(Status::not_applicable), ExitCode::as_expected);
  EXPECT_EQ(with(Status::expected_failure), ExitCode::as_expected);
  EXPECT_EQ(with(Status::blocked), ExitCode::unexpected_failures);
  EXPECT_EQ(with(Status::harness_error), ExitCode::harness_error);
}

}  // namespace
}  // namespace deskcheck::conformance
