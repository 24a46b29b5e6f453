// A server that dies under the suite: the run ends, and nobody is accused in its place.
#include "conformance/report/verdict.hpp"
#include "conformance/runner/run.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/stream.hpp"
#include "proto/net/task_group.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

// Takes connections on a free port until the first bytes come; then it is gone for good.
class MortalServer {
 public:
  MortalServer() : thread_([this] { live(); }) { target_ = ready_.get_future().get(); }
  ~MortalServer() { thread_.join(); }
  const Target& target() const { return target_; }

 private:
  void live() {
    net::RealWorld real(1);
    const auto world = real.world();
    auto life = [&]() -> Task<void> {
      auto listener = world.network.listen(net::endpoint("127.0.0.1", 0));
      Target target;
      target.name = "mortal";
      target.rendezvous = listener->local();
      target.nat = target.relay = net::endpoint("127.0.0.1", 1);
      auto random = net::Random(1);
      target.key = wire::make_key_pair(random).public_key;
      ready_.set_value(target);
      auto stream = co_await listener->accept(net::in(world.clock, 60s));
      if (stream) co_await net::read_some(*stream, 1, net::in(world.clock, 60s));
      listener.reset();  // before the stream: whoever sees its end finds nobody any more
    };
    real.run(life());
  }

  std::promise<Target> ready_;
  Target target_;
  std::thread thread_;
};

// That begin with a question over TCP.
std::vector<const Case*> some_cases() {
  std::vector<const Case*> cases;
  for (const Case& c : all_cases())
    if (c.id == "punch/failure/unknown-id" || c.id == "framing/plain") cases.push_back(&c);
  return cases;
}

RunReport run_against_a_mortal(int jobs) {
  const auto registry = Registry::built_in();
  const MortalServer server;
  RunOptions options;
  options.cases = some_cases();
  options.jobs = jobs;
  options.target = server.target();
  options.watch_signals = false;
  return run_in_real_time(registry, options);
}

TEST(LostTarget, EndsTheRunWithoutAccusingCasesThatRanTogether) {
  const auto report = run_against_a_mortal(8);
  ASSERT_EQ(report.results.size(), 2U);
  const auto counts = count_cases(report);
  EXPECT_EQ(counts.at(Status::fail), 0);
  EXPECT_EQ(counts.at(Status::blocked), 2);
  EXPECT_THAT(report.lost, AllOf(HasSubstr("took no connections any more after"),
                                 HasSubstr("punch/failure/unknown-id")));
  EXPECT_EQ(exit_code(report), ExitCode::target_unreachable);
  const auto registry = Registry::built_in();
  EXPECT_THAT(verdict(report, registry).text, HasSubstr("no verdict: the target took no"));
}

TEST(LostTarget, AccusesTheOnlyCaseThatRan) {
  const auto report = run_against_a_mortal(1);
  const auto counts = count_cases(report);
  EXPECT_EQ(counts.at(Status::fail), 1);
  EXPECT_EQ(counts.at(Status::not_run), 1);
  EXPECT_THAT(report.lost, HasSubstr("when one case ran: "));
}

}  // namespace
}  // namespace deskcheck::conformance
