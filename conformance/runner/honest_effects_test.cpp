// A case cannot say that it reads only, and do more.
#include "conformance/lab/case.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/lab.hpp"
#include "conformance/lab/matchers.hpp"
#include "conformance/runner/run.hpp"

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

}  // namespace
}  // namespace deskcheck::conformance
