#include "conformance/selftest/selftest.hpp"

#include <gmock/gmock.h>

#include <algorithm>

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
