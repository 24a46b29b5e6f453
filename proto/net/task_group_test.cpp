#include "proto/net/task_group.hpp"

#include "proto/net/world_test.hpp"

#include <boost/asio/post.hpp>

#include <functional>

namespace deskcheck::net {
namespace {

template <class W>
class Tasks : public BothWorlds<W> {};
TYPED_TEST_SUITE(Tasks, TheWorlds);

// Says how it ended.
awaitable<void> wait_and_tell(Clock& clock, Duration duration, std::string& end) {
  try {
    co_await sleep_for(clock, duration);
    end = "slept";
  } catch (const boost::system::system_error& e) {
    end = e.code() == asio::error::operation_aborted ? "cancelled" : e.what();
    throw;
  }
}

TYPED_TEST(Tasks, CancelEndsWaitsByAnException) {
  auto question = [](World world) -> awaitable<void> {
    auto socket = world.network.bind_udp(home());
    std::string sleeper, reader;
    auto receive = [](World w, DatagramSocket& from, std::string& end) -> awaitable<void> {
      std::vector<Datagram> batch;
      try {
        auto got = co_await from.receive(batch, never(w.clock));
        end = got ? "received" : got.error().message();
      } catch (const boost::system::system_error&) {
        end = "cancelled";
        throw;
      }
    };
    TaskGroup tasks(world.executor);
    tasks.spawn("sleeper", wait_and_tell(world.clock, Duration::max(), sleeper));
    tasks.spawn("reader", receive(world, *socket, reader));
    const std::vector<std::string> expected{"sleeper", "reader"};
    EXPECT_EQ(tasks.names(), expected);
    co_await settle(world);
    tasks.cancel();
    co_await tasks.join();
    EXPECT_EQ(sleeper, "cancelled");
    EXPECT_EQ(reader, "cancelled");
    EXPECT_TRUE(tasks.empty());
    EXPECT_EQ(tasks.failure(), nullptr) << "a cancellation is no failure";

    std::string later;
    tasks.spawn("later", wait_and_tell(world.clock, 1ms, later));
    co_await tasks.join();
    EXPECT_EQ(later, "slept") << "a group can be used again after cancel";
  };
  this->ask(question);
}

TYPED_TEST(Tasks, ATaskCancelledBeforeItsFirstStepDoesNotRun) {
  auto question = [](World world) -> awaitable<void> {
    std::string end = "never started";
    TaskGroup tasks(world.executor);
    tasks.spawn("early", wait_and_tell(world.clock, 1ms, end));
    tasks.cancel();
    co_await tasks.join();
    EXPECT_NE(end, "slept");
  };
  this->ask(question);
}

TYPED_TEST(Tasks, JoinUntilCancelsAtTheDeadline) {
  auto question = [](World world) -> awaitable<void> {
    std::string quick, slow;
    TaskGroup tasks(world.executor);
    tasks.spawn("quick", wait_and_tell(world.clock, 1ms, quick));
    EXPECT_TRUE(co_await tasks.join_until(in(world.clock, 5s)));
    tasks.spawn("slow", wait_and_tell(world.clock, 10min, slow));
    EXPECT_FALSE(co_await tasks.join_until(in(world.clock, 20ms)));
    EXPECT_EQ(quick, "slept");
    EXPECT_EQ(slow, "cancelled");
  };
  this->ask(question);
}

TYPED_TEST(Tasks, CancellingTheParentCancelsAndStillWaitsForItsChildren) {
  auto question = [](World world) -> awaitable<void> {
    std::string child;
    auto parent = [](World w, std::string& end) -> awaitable<void> {
      TaskGroup inner(w.executor);
      inner.spawn("child", wait_and_tell(w.clock, Duration::max(), end));
      co_await inner.join();
      ADD_FAILURE() << "join must throw when its caller is cancelled";
    };
    TaskGroup outer(world.executor);
    outer.spawn("parent", parent(world, child));
    EXPECT_FALSE(co_await outer.join_until(in(world.clock, 20ms)));
    EXPECT_EQ(child, "cancelled");
  };
  this->ask(question);
}

TYPED_TEST(Tasks, AFloodOfDatagramsDoesNotStarveTheOthers) {
  auto question = [](World world) -> awaitable<void> {
    auto socket = world.network.bind_udp(home());
    const Datagram again{socket->local(), "again"};
    bool rung = false;
    Alarm alarm([&rung] { rung = true; });
    world.clock.arm(alarm, world.clock.now() + 20ms);
    socket->send({&again, 1});
    std::vector<Datagram> batch;
    while (!rung) {  // the next datagram has always arrived before anybody waits for it
      batch.clear();
      need(co_await socket->receive(batch, in(world.clock, 5s)));
      socket->send({&again, 1});
    }
  };
  this->ask(question);
}

// The joiner hears of the end of the last task one step later: until then anybody may spawn.
TYPED_TEST(Tasks, JoinWaitsForATaskThatIsSpawnedAsTheLastOneEnds) {
  auto question = [](World world) -> awaitable<void> {
    std::string first, late;
    bool joined = false;
    TaskGroup tasks(world.executor);
    tasks.spawn("first", wait_and_tell(world.clock, 1ms, first));
    std::function<void()> spawn_when_empty = [&] {
      if (joined) return;  // too late: a world may let the joiner go on at once
      if (tasks.empty())
        tasks.spawn("late", wait_and_tell(world.clock, 1ms, late));
      else
        asio::post(world.executor, spawn_when_empty);
    };
    auto watch = [](World w, std::function<void()>& look) -> awaitable<void> {
      co_await sleep_for(w.clock, 1ms);
      look();
    };
    TaskGroup watcher(world.executor);
    watcher.spawn("watcher", watch(world, spawn_when_empty));
    co_await tasks.join();
    joined = true;
    EXPECT_TRUE(tasks.empty());
    EXPECT_TRUE(late.empty() || late == "slept") << late;
    co_await tasks.join();
    co_await watcher.join();
  };
  this->ask(question);
}

TYPED_TEST(Tasks, TheFirstFailureIsKept) {
  auto question = [](World world) -> awaitable<void> {
    auto failing = []() -> awaitable<void> {
      throw std::runtime_error("broken");
      co_return;
    };
    TaskGroup tasks(world.executor);
    tasks.spawn("failing", failing());
    co_await tasks.join();
    EXPECT_THROW(std::rethrow_exception(tasks.failure()), std::runtime_error);
  };
  this->ask(question);
}

TYPED_TEST(Tasks, AFailureOfTheScenarioComesOutOfRunAndTheWorldGoesOn) {
  auto failing = [](World world) -> awaitable<void> {
    co_await sleep_for(world.clock, 1ms);
    throw std::runtime_error("broken");
  };
  EXPECT_THROW(this->ask(failing), std::runtime_error);
  std::string end;
  for (int i = 0; i < 3; ++i) {
    auto again = [&end](World world) -> awaitable<void> {
      co_await wait_and_tell(world.clock, 5ms, end);
    };
    end.clear();
    this->ask(again);
    EXPECT_EQ(end, "slept");
  }
}

}  // namespace
}  // namespace deskcheck::net
