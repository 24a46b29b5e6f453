#include "conformance/selftest/selftest.hpp"

#include "conformance/lab/device.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>

namespace deskcheck::conformance {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

SelftestReport prove(std::vector<const Case*> cases, std::vector<const server::Fault*> faults) {
  SelftestOptions options;
  options.cases = std::move(cases);
  options.faults = std::move(faults);
  return selftest(Registry::built_in(), options);
}

TEST(Selftest, EveryFaultBreaksAnExistingRequirement) {
  const auto registry = Registry::built_in();
  for (const auto& fault : server::declared_faults())
    EXPECT_NE(registry.find(fault.requirement), nullptr) << fault.id;
  EXPECT_GE(faults_to_kill(registry).size(), 30U);
}

TEST(Selftest, FaultThatNoCaseJudgesSurvives) {
  const auto* fault = server::find_fault("accepts-foreign-uuid");
  ASSERT_NE(fault, nullptr);
  const auto blind =
      prove(select(all_cases(), Registry::built_in(), {{"framing/*"}, Level::may}), {fault});
  EXPECT_FALSE(blind.faults.at(0).killed());
  EXPECT_FALSE(blind.proven());
  EXPECT_THAT(to_text(blind), HasSubstr("NOBODY"));
}

// A case that waits longer than its time when the fault is on: its verdict may be right, but on a
// real server it would be an error of the suite.
Task<void> asks_forever(Lab& lab) {
  auto owner = co_await lab.registered_device();
  auto thief = lab.device(owner.id());
  thief.move_to(owner.home());  // from elsewhere another rule refuses it
  auto answer = co_await thief.register_pk(lab.within(std::chrono::seconds(5)));
  const bool refused = answer && answer->result() == hbb::RegisterPkResponse::UUID_MISMATCH;
  lab.verdict("RDV-REGPK-05", refused, testing::IsTrue());
  if (!refused) co_await lab.wait(std::chrono::hours(1));
}

TEST(Selftest, AFaultThatLeadsACaseIntoAnErrorLeavesTheSuiteUnproven) {
  Case c;
  c.id = "test/asks-forever";
  c.requirements = {"RDV-REGPK-05"};
  c.body = asks_forever;
  const auto report = prove({&c}, {server::find_fault("accepts-foreign-uuid")});
  EXPECT_TRUE(report.faults.at(0).killed());
  EXPECT_FALSE(report.proven());
  EXPECT_THAT(to_text(report), HasSubstr("error of the suite: test/asks-forever"));
}

TEST(Selftest, SeveralThreadsFindWhatOneFinds) {
  SelftestOptions options;
  options.cases =
      select(all_cases(), Registry::built_in(), {{"rendezvous/register-pk/*"}, Level::may});
  ASSERT_FALSE(options.cases.empty());
  for (const auto* id : {"accepts-foreign-uuid", "forgets-request-pk"}) {
    options.faults.push_back(server::find_fault(id));
    ASSERT_NE(options.faults.back(), nullptr) << id;
  }
  std::vector<std::size_t> counted;
  options.on_fault = [&](const FaultResult&, std::size_t done, std::size_t) {
    counted.push_back(done);
  };
  const auto alone = to_text(selftest(Registry::built_in(), options));
  options.threads = 3;
  EXPECT_EQ(to_text(selftest(Registry::built_in(), options)), alone);
  EXPECT_THAT(counted, testing::ElementsAre(1, 2, 1, 2));
}

TEST(Selftest, AQuickOneTakesTheCasesThatJudgeAFaultAndTheirControls) {
  static std::map<std::string, int> runs;
  runs.clear();
  const auto named = [](std::string id, std::string judges, std::string control) {
    Case c;
    c.id = id;
    c.requirements = {judges};
    c.control = std::move(control);
    c.body = [id, judges](Lab& lab) -> Task<void> {
      ++runs[id];
      lab.verdict(judges, true, testing::IsTrue());
      co_return;
    };
    return c;
  };
  const auto control = named("test/control", "RDV-REGPK-01", "");
  const auto judge = named("test/judge", "RDV-REGPK-05", "test/control");
  const auto other = named("test/other", "RDV-REGPK-02", "");
  SelftestOptions options;
  options.cases = {&control, &judge, &other};
  options.faults = {2, server::find_fault("accepts-foreign-uuid")};
  options.quick = true;
  const auto report = selftest(Registry::built_in(), options);
  // Without a fault, the first fault, the second.
  EXPECT_THAT(runs, testing::UnorderedElementsAre(testing::Pair("test/control", 3),
                                                  testing::Pair("test/judge", 3),
                                                  testing::Pair("test/other", 2)));
  EXPECT_TRUE(report.faults.at(0).by_all_cases);
  EXPECT_FALSE(report.faults.at(1).by_all_cases);
}

TEST(Selftest, InterruptedInTheMiddleItKeepsWhatItHas) {
  SelftestOptions options;
  options.cases = select(all_cases(), Registry::built_in(), {{"RDV-REGPK-05"}, Level::may});
  options.faults = {4, server::find_fault("accepts-foreign-uuid")};
  options.threads = 2;
  bool stop = false;
  options.on_fault = [&](const FaultResult&, std::size_t, std::size_t) { stop = true; };
  options.interrupted = [&] { return stop; };
  const auto report = selftest(Registry::built_in(), options);
  EXPECT_GE(report.faults.size(), 1U);
  EXPECT_LT(report.faults.size(), 4U);
  EXPECT_FALSE(report.proven());
  EXPECT_THAT(to_text(report), HasSubstr("faults were not judged"));
}

TEST(Selftest, FaultIsKilledByTheCaseOfItsRequirement) {
  const auto* fault = server::find_fault("accepts-foreign-uuid");
  ASSERT_NE(fault, nullptr);
  const auto report =
      prove(select(all_cases(), Registry::built_in(), {{fault->requirement}, Level::may}), {fault});
  EXPECT_TRUE(report.faults.at(0).killed());
  EXPECT_THAT(report.fail_without_fault, IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
