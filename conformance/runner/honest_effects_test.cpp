// A case cannot say that it reads only, and do more.
#include "conformance/lab/case.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/lab.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/target/control.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

CaseResult result_of(Case c) {
  const auto registry = Registry::built_in();
  c.requirements = {"RDV-REGPEER-01"};
  RunOptions options;
  options.cases = {&c};
  auto report = run_in_virtual_time(registry, options);
  return report.results.at(0);
}

Task<void> registers(Lab& lab) {
  auto device = lab.device();
  auto answer = co_await device.register_pk(lab.within(5s));
  lab.verdict("RDV-REGPEER-01", answer, Arrived());
}

Task<void> asks(Lab& lab) {
  auto device = lab.device();
  auto answer = co_await device.register_peer(lab.within(5s));
  lab.verdict("RDV-REGPEER-01", answer, Arrived());
}

TEST(HonestEffects, WhoeverRegistersADeviceDoesNotOnlyRead) {
  const auto result = result_of(make_case("test/registers", registers, does(Effect::reads)));
  EXPECT_EQ(result.status, Status::harness_error);
  EXPECT_THAT(result.why, HasSubstr("says does(Effect::reads), but the device dc"));
  EXPECT_EQ(result_of(make_case("test/registers", registers)).status, Status::pass);
}

TEST(HonestEffects, WhoeverAsksMaySaySo) {
  EXPECT_EQ(result_of(make_case("test/asks", asks, does(Effect::reads))).status, Status::pass);
}

Task<void> has_its_own_server(Lab& lab) {
  co_await lab.own_server(ServerSetup());
  co_await asks(lab);
}

TEST(HonestEffects, WhoeverSetsUpAServerHasToSaySo) {
  const auto silent = result_of(make_case("test/server", has_its_own_server));
  EXPECT_EQ(silent.status, Status::harness_error);
  EXPECT_THAT(silent.why, HasSubstr("does(Effect::restarts)"));
  const auto says = make_case("test/server", has_its_own_server, does(Effect::restarts));
  EXPECT_EQ(result_of(says).status, Status::pass);
}

Task<void> has_a_server_restarted(Lab& lab) {
  co_await lab.server_to_restart();
  co_await asks(lab);
  co_await lab.restart_server();
}

TEST(HonestEffects, WhoeverRestartsAServerHasToSaySo) {
  const auto silent = result_of(make_case("test/restart", has_a_server_restarted));
  EXPECT_EQ(silent.status, Status::harness_error);
  EXPECT_THAT(silent.why, HasSubstr("does(Effect::restarts)"));
  const auto says = make_case("test/restart", has_a_server_restarted, restarts_target());
  EXPECT_EQ(result_of(says).status, Status::pass);
}

// --- what is not allowed

RunReport run(const std::vector<Case>& cases, Effects allowed) {
  const auto registry = Registry::built_in();
  RunOptions options;
  for (const auto& c : cases) options.cases.push_back(&c);
  options.effects = std::move(allowed);
  return run_in_virtual_time(registry, options);
}

template <class... Option>
Case judging(std::string id, Option... option) {
  return make_case(std::move(id), asks, checks("RDV-REGPEER-01"), option...);
}

TEST(Allowed, MoreIsNotRunAndSaysWhy) {
  const std::vector<Case> cases{judging("a"), judging("b", does(Effect::limits)),
                                judging("c", after("b"), does(Effect::limits))};
  const auto report = run(cases, {Effect::reads, Effect::creates});
  ASSERT_EQ(report.results.size(), 3U);
  EXPECT_EQ(report.results[0].status, Status::pass);
  EXPECT_EQ(report.results[1].status, Status::not_run);
  EXPECT_EQ(report.results[1].why, "does MORE than --effects allows: limits");
  EXPECT_EQ(report.results[2].status, Status::not_run);
  EXPECT_EQ(report.results[2].why, "its control b: not run");
  EXPECT_EQ(count_beyond_effects(report), 2);
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
}

TEST(Allowed, EverythingRuns) {
  const std::vector<Case> cases{judging("a"), judging("b", does(Effect::limits))};
  const auto report = run(cases, all_effects());
  EXPECT_EQ(count_beyond_effects(report), 0);
  for (const auto& result : report.results) EXPECT_EQ(result.status, Status::pass) << result.id;
}

TEST(Allowed, NobodyRestartsSomebodyElsesServer) {
  RunOptions options;
  options.effects = {Effect::reads, Effect::creates};
  const Case c = judging("a", does(Effect::restarts, Effect::load));
  EXPECT_EQ(more_than_allowed(c, options), (Effects{Effect::load, Effect::restarts}));
  options.target = Target();
  EXPECT_EQ(more_than_allowed(c, options), (Effects{Effect::load}));
}

TEST(Allowed, SomebodyElsesServerIsRestartedIfItMayBe) {
  RunOptions options;
  options.effects = {Effect::reads, Effect::creates};
  options.target = Target();
  const Case c = judging("a", restarts_target());
  EXPECT_EQ(more_than_allowed(c, options), Effects());  // it does not apply
  Control control;
  control.hooks["restart"] = Hook(HookCall());
  options.target->control = std::make_shared<const Control>(control);
  EXPECT_EQ(more_than_allowed(c, options), (Effects{Effect::restarts}));
  EXPECT_EQ(more_than_allowed(judging("b", does(Effect::restarts)), options), Effects());
  options.effects.insert(Effect::restarts);
  EXPECT_EQ(more_than_allowed(c, options), Effects());
}

TEST(Allowed, OnAnotherMachineWhatLeavesDataOfItsOwn) {
  EXPECT_EQ(effects_named({}, std::nullopt), all_effects());
  Target target;
  target.rendezvous = net::endpoint("127.0.0.1", 21116);
  EXPECT_EQ(effects_named({}, target), all_effects());
  target.rendezvous = net::endpoint("192.0.2.7", 21116);
  EXPECT_EQ(effects_named({}, target), (Effects{Effect::reads, Effect::creates}));
  EXPECT_EQ(effects_named({"load"}, target), (Effects{Effect::reads, Effect::load}));
  EXPECT_EQ(effects_named({"all"}, target), all_effects());
  EXPECT_THROW(effects_named({"lots"}, target), UsageError);
}

}  // namespace
}  // namespace deskcheck::conformance
