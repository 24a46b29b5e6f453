// A server that wants fewer heartbeats than stories send is asked again when it says so, and is not
// judged for it.
#include "conformance/cases/strategy/agent.hpp"
#include "conformance/runner/run.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

RunReport run(std::vector<const Case*> cases) {
  RunOptions options;
  options.cases = std::move(cases);
  options.faults.policies.every_second_heartbeat_is_refused = true;
  return run_in_virtual_time(Registry::built_in(), options);
}

TEST(LimitedHeartbeats, NoVerdictComesOfThem) {
  std::vector<const Case*> cases;
  for (const auto& one : all_cases())
    if (one.id.starts_with("api/strategy/") || one.id.starts_with("api/heartbeat/") ||
        one.id.starts_with("api/sysinfo/"))
      cases.push_back(&one);
  ASSERT_GT(cases.size(), 20U);
  int waited = 0;
  for (const auto& result : run(cases).results) {
    EXPECT_EQ(result.status, Status::pass) << result.id << ": " << result.why;
    EXPECT_THAT(result.why, Not(HasSubstr("the server limits heartbeats"))) << result.id;
    if (result.took > 3s) ++waited;
  }
  EXPECT_GT(waited, 10);  // which nobody has to when nothing is limited
}

Task<void> beats_three_times(Lab& lab) {
  ApiClient client(lab);
  for (int time = 0; time < 3; ++time) {
    const auto answer = co_await client.heartbeat();
    if (time < 2)
      answer.ignore();
    else
      lab.verdict("HTTP-HB-02", answer, AnswersObject());
  }
}

TEST(LimitedHeartbeats, WhoHasNoTimeForThatIsBlockedAndTheServerIsNotToBlame) {
  Case hasty;
  hasty.id = "test/hasty";
  hasty.requirements = {"HTTP-HB-02"};
  hasty.body = beats_three_times;
  hasty.takes = 5s;
  const auto result = run({&hasty}).results.at(0);
  EXPECT_EQ(result.status, Status::blocked);
  EXPECT_EQ(result.blame, Blame::environment);
  EXPECT_THAT(result.why, HasSubstr("the server limits heartbeats"));
  hasty.takes = 7s;
  EXPECT_EQ(run({&hasty}).results.at(0).status, Status::pass);
}

}  // namespace
}  // namespace deskcheck::conformance
