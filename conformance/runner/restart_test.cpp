// A target that is restarted for its cases: what of it has to end, and that it comes back.
#include "conformance/lab/restart.hpp"
#include "conformance/lab/lab.hpp"
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/ledger.hpp"
#include "conformance/runner/reference_host.hpp"
#include "conformance/runner/shared_restarts.hpp"
#include "conformance/target/control.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/task_group.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const auto kServer = boost::asio::ip::make_address("10.0.0.1");

// A reference server that is somebody else's to the lab.
class Spawned final : public SpawnedServer {
 public:
  enum class Does { restart, end, nothing, refuse };
  Spawned(OwnServer& server, Does does) : server_(server), does_(does) {}

  awaitable<void> start_again(net::World) override {
    ++starts;
    if (does_ == Does::refuse) throw std::runtime_error("no more processes");
    if (does_ == Does::restart) co_await server_.restart();
    if (does_ == Does::end) co_await server_.stop();
  }
  std::optional<std::string> obituary() override { return dead; }
  net::Duration patience() const override { return 30s; }

  int starts = 0;
  std::optional<std::string> dead;

 private:
  OwnServer& server_;
  Does does_;
};

Case restarting_case() {
  Case c;
  c.id = "test/restart";
  c.requirements = {"FRM-HDR-01"};
  c.restarts_target = true;
  c.effects = {Effect::creates, Effect::restarts};
  return c;
}

// Calls `story` with labs whose target is the server.
void play(Spawned::Does does, const std::function<Task<void>(Lab& one, Lab& other, Spawned& spawned,
                                                             SharedRestarts& restarts)>& story) {
  net::SimWorld sim(1);
  ReferenceHost host(kServer, {}, false, {});
  NetworkPool addresses(boost::asio::ip::make_network_v4("10.1.0.0/16"), 0, kServer);
  const Case which = restarting_case();
  auto whole = [&]() -> Task<void> {
    const auto server = host.start(sim.world(), ServerSetup());
    Spawned spawned(*server, does);
    SharedRestarts restarts(&spawned);
    const auto setup = [&] {
      LabSetup one{&which, sim.world(), server->target(), &addresses, nullptr,   nullptr,
                   {},     {},          nullptr,          nullptr,    &restarts, &spawned};
      return one;
    };
    Lab one(setup()), other(setup());
    co_await story(one, other, spawned, restarts);
    co_await one.clean_up();
    co_await other.clean_up();
    co_await server->stop();
  };
  EXPECT_EQ(sim.run(whole()), net::Ending::finished);
}

Task<void> restarted(Lab* lab, std::string* why, SharedRestarts* restarts) {
  try {
    co_await lab->server_to_restart();
    co_await lab->restart_server(Part::api);
    *why = "restarted";
  } catch (const EarlyEnd& end) {
    EXPECT_EQ(end.blame, Blame::environment);
    *why = end.why;
  }
  restarts->leave();
}

// Two cases that want a restart, and how each of them ended.
std::vector<std::string> two_restarts(Spawned::Does does, int starts,
                                      std::optional<std::string> dead = {}) {
  std::vector<std::string> why(2);
  play(does, [&](Lab& one, Lab& other, Spawned& spawned, SharedRestarts& restarts) -> Task<void> {
    spawned.dead = dead;
    net::Clock* clock = &one.world().clock;
    co_await restarts.join(clock);
    co_await restarts.join(clock);
    net::TaskGroup both(one.world().executor);
    both.spawn("one", restarted(&one, &why[0], &restarts));
    both.spawn("other", restarted(&other, &why[1], &restarts));
    co_await both.join();
    EXPECT_EQ(spawned.starts, starts);
    EXPECT_EQ(restarts.failed(), why[0] != "restarted");
  });
  return why;
}

TEST(Restart, IsOneForAllWhoWait) {
  EXPECT_THAT(two_restarts(Spawned::Does::restart, 1), ElementsAre("restarted", "restarted"));
}

TEST(Restart, OfAServerThatDoesNotComeBackIsTheEnvironmentsFault) {
  const auto is_told = AllOf(HasSubstr("the target has not come back: 30 s after"),
                             HasSubstr("does not answer at TCP 10.0.0.1:"));
  EXPECT_THAT(two_restarts(Spawned::Does::end, 1), ElementsAre(is_told, is_told));
  const auto is_dead = HasSubstr("it has ended");
  EXPECT_THAT(two_restarts(Spawned::Does::end, 1, "it has ended"), ElementsAre(is_dead, is_dead));
}

TEST(Restart, ThatEndsNothingIsNone) {
  const auto is_told = HasSubstr("has ended nothing");
  EXPECT_THAT(two_restarts(Spawned::Does::nothing, 1), ElementsAre(is_told, is_told));
}

TEST(Restart, ThatFailsIsTheEnvironmentsFault) {
  const auto is_told = HasSubstr("no more processes");
  EXPECT_THAT(two_restarts(Spawned::Does::refuse, 1), ElementsAre(is_told, is_told));
}

// What held before a restart that did not take place is no verdict.
TEST(Restart, ThatFailsLeavesNothingJudged) {
  play(Spawned::Does::nothing,
       [](Lab& one, Lab& other, Spawned&, SharedRestarts& restarts) -> Task<void> {
         const auto& world = one.world();
         co_await restarts.join(&world.clock);
         one.verdict("FRM-HDR-01", 1, testing::Eq(1));
         EXPECT_EQ(one.checks().size(), 1U);
         std::string why;
         co_await restarted(&one, &why, &restarts);
         EXPECT_THAT(why, HasSubstr("has ended nothing"));
         EXPECT_THAT(one.checks(), IsEmpty());
         EXPECT_THAT(other.checks(), IsEmpty());
       });
}

// One who is not there yet is waited for, and one who has ended is not.
TEST(Restart, WaitsForAllWhoMayWantOne) {
  play(Spawned::Does::restart,
       [](Lab& one, Lab& other, Spawned& spawned, SharedRestarts& restarts) -> Task<void> {
         const auto& world = one.world();
         std::string first, second;
         co_await restarts.join(&world.clock);
         co_await restarts.join(&world.clock);
         net::TaskGroup tasks(world.executor);
         tasks.spawn("one", restarted(&one, &first, &restarts));
         co_await net::sleep_for(world.clock, 5s);
         EXPECT_EQ(spawned.starts, 0);
         restarts.leave();
         co_await tasks.join();
         EXPECT_EQ(first, "restarted");
         co_await restarts.join(&world.clock);
         tasks.spawn("other", restarted(&other, &second, &restarts));
         co_await tasks.join();
         EXPECT_EQ(second, "restarted");
         EXPECT_EQ(spawned.starts, 2);
       });
}

// --- the order

Case case_of(std::string id, bool restarts, bool alone = false, std::string control = {}) {
  Case c;
  c.id = std::move(id);
  c.requirements = {"FRM-HDR-01"};
  c.restarts_target = restarts;
  c.alone = alone;
  c.control = std::move(control);
  return c;
}

class Order : public testing::Test {
 protected:
  Order() {
    for (const Case& c : cases_) options_.cases.push_back(&c);
    auto control = std::make_shared<Control>();
    control->hooks["restart"] = Hook(HookCall());
    options_.target.emplace();
    options_.target->control = control;
  }
  std::vector<std::string> begin_all(Ledger& ledger) {
    std::vector<std::string> ids;
    while (const auto job = ledger.next()) {
      ids.push_back(job->which->id);
      jobs_[job->which->id] = *job;
    }
    return ids;
  }
  void finish(Ledger& ledger, const std::string& id) {
    CaseResult result;
    result.id = id;
    result.status = Status::pass;
    ledger.finished(jobs_.at(id), std::move(result));
  }

  std::vector<Case> cases_{case_of("a", true),
                           case_of("b", false),
                           case_of("c", true, true),
                           case_of("d", true, true),
                           case_of("e", false, false, "a"),
                           case_of("f", false, true)};
  RunOptions options_;
  std::map<std::string, Job> jobs_;
};

TEST_F(Order, WhoRestartsTheTargetComesLastAndBesideNobodyElse) {
  Ledger ledger(options_);
  EXPECT_THAT(begin_all(ledger), ElementsAre("b", "f"));
  finish(ledger, "b");
  EXPECT_THAT(begin_all(ledger), IsEmpty());
  finish(ledger, "f");
  EXPECT_THAT(begin_all(ledger), ElementsAre("a", "c"));
  finish(ledger, "a");  // which "e" has waited for
  EXPECT_THAT(begin_all(ledger), IsEmpty());
  finish(ledger, "c");
  EXPECT_THAT(begin_all(ledger), ElementsAre("e"));
  finish(ledger, "e");
  EXPECT_THAT(begin_all(ledger), ElementsAre("d"));
}

TEST_F(Order, IsTheUsualOneWhereNobodyCan) {
  options_.target->control = nullptr;
  Ledger ledger(options_);
  EXPECT_THAT(begin_all(ledger), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace deskcheck::conformance
