// What only the real world has: descriptors that run out, signals, addresses of the machine.
#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace deskcheck::net {
namespace {

// Lets the process open `spare` more descriptors until it is destroyed.
class ScarceDescriptors {
 public:
  explicit ScarceDescriptors(rlim_t spare) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(next);
    rlimit scarce = before_;
    scarce.rlim_cur = static_cast<rlim_t>(next) + spare;
    ::setrlimit(RLIMIT_NOFILE, &scarce);
  }
  ~ScarceDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  ScarceDescriptors(const ScarceDescriptors&) = delete;
  ScarceDescriptors& operator=(const ScarceDescriptors&) = delete;

 private:
  rlimit before_{};
};

// The undefined-behaviour sanitizer opens a pipe to look at memory: without descriptors it sees
// errors where there are none.
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
constexpr bool kSanitizerNeedsDescriptors = true;
#else
constexpr bool kSanitizerNeedsDescriptors = false;
#endif
#else
constexpr bool kSanitizerNeedsDescriptors = false;
#endif

TEST(RealWorld, AcceptWaitsForDescriptorsAndGoesOn) {
  if (kSanitizerNeedsDescriptors) GTEST_SKIP() << "see kSanitizerNeedsDescriptors";
  RealWorld real(1);
  auto scenario = [](World world) -> awaitable<void> {
    auto listener = world.network.listen(there());
    const auto deadline = in(world.clock, 5s);
    auto client = need(co_await world.network.connect(home(), listener->local(), deadline));
    std::optional<ScarceDescriptors> scarce(std::in_place, 0);
    const std::clock_t before = std::clock();
    auto starved = co_await listener->accept(in(world.clock, 200ms));
    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_EQ(error_of(starved), asio::error::timed_out);
    EXPECT_LT(busy, 0.1) << "it must pause, not spin";

    auto refused = co_await world.network.connect(home(), listener->local(), deadline);
    EXPECT_EQ(error_of(refused), boost::system::errc::too_many_files_open);

    Alarm relief([&scarce] { scarce.reset(); });
    world.clock.arm(relief, world.clock.now() + 20ms);
    auto server = need(co_await listener->accept(deadline));
    EXPECT_EQ(server->remote(), client->local());
  };
  real.run(scenario(real.world()));
}

TEST(RealWorld, ASourceAddressOfAnotherMachineIsAnErrorValue) {
  RealWorld real(1);
  auto scenario = [](World world) -> awaitable<void> {
    const Endpoint foreign = endpoint("203.0.113.7", 0);
    auto client = co_await world.network.connect(foreign, there(9), in(world.clock, 1s));
    EXPECT_EQ(error_of(client), boost::system::errc::address_not_available);
    try {
      world.network.bind_udp(foreign);
      ADD_FAILURE() << "bound a foreign address";
    } catch (const boost::system::system_error& e) {
      const std::string expected = "cannot bind udp 203.0.113.7:0: Cannot assign requested address";
      EXPECT_EQ(std::string(e.what()).substr(0, expected.size()), expected);
    }
  };
  real.run(scenario(real.world()));
}

TEST(RealWorld, ASignalCallsBackOnceAndRunGoesOn) {
  RealWorld real(1);
  int calls = 0;
  auto scenario = [&calls](World world, int signal) -> awaitable<void> {
    std::raise(signal);
    co_await sleep_for(world.clock, 20ms);
    EXPECT_EQ(calls, 1);
  };
  for (const int signal : {SIGINT, SIGTERM}) {
    calls = 0;
    real.on_signal([&calls] { ++calls; });
    real.run(scenario(real.world(), signal));
  }
}

TEST(RealWorld, PendingInterestInSignalsDoesNotKeepRunFromReturning) {
  RealWorld real(1);
  real.on_signal([] { ADD_FAILURE() << "nobody sent a signal"; });
  for (int i = 0; i < 2; ++i) real.run(sleep_for(real, 1ms));
}

TEST(RealWorldDeathTest, ASignalMuchLaterEndsTheProcess) {
  auto impatient = [] {
    RealWorld real(1);
    int calls = 0;
    real.on_signal([&calls] { ++calls; });
    auto scenario = [&calls](World world) -> awaitable<void> {
      std::raise(SIGINT);
      co_await sleep_for(world.clock, 20ms);
      std::raise(SIGTERM);  // the same request once more
      co_await sleep_for(world.clock, 600ms);
      if (calls != 1) std::exit(1);
      std::raise(SIGINT);
    };
    real.run(scenario(real.world()));
  };
  EXPECT_EXIT(impatient(), testing::KilledBySignal(SIGINT), "");
}

// A loop without work must wait, not spin: cancelled by an alarm here, by a signal in a server.
TEST(RealWorld, WaitingForEverCostsNothing) {
  RealWorld real(1);
  auto scenario = [](World world) -> awaitable<void> {
    TaskGroup tasks(world.executor);
    tasks.spawn("for ever", sleep_for(world.clock, Duration::max()));
    EXPECT_FALSE(co_await tasks.join_until(in(world.clock, 100ms)));
  };
  const std::clock_t before = std::clock();
  real.run(scenario(real.world()));
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 0.05);
}

TEST(RealWorld, SystemRandomnessDiffersBetweenWorlds) {
  RealWorld one(Random::system()), two(Random::system()), seeded(5), same(5);
  EXPECT_NE(one.world().random.next(), two.world().random.next());
  EXPECT_EQ(seeded.world().random.next(), same.world().random.next());
}

}  // namespace
}  // namespace deskcheck::net
