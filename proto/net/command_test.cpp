#include "proto/net/command.hpp"

#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

#include <fstream>

namespace deskcheck::net {
namespace {

using How = CommandEnd::How;

Command shell(const std::string& script) {
  Command command;
  command.words = {"sh", "-c", script};
  return command;
}

CommandEnd end_of(Command command, Duration patience = 60s) {
  RealWorld real(1);
  CommandEnd end;
  auto scenario = [&](World world) -> awaitable<void> {
    auto ended = co_await run_command(world, command, in(world.clock, patience));
    end = need(std::move(ended));
  };
  real.run(scenario(real.world()));
  return end;
}

TEST(Command, SaysWhatItWroteAndHowItEnded) {
  const auto end = end_of(shell("echo out; echo no >&2; echo 'at last ' >&2; echo >&2; exit 3"));
  EXPECT_EQ(end.how, How::exited);
  EXPECT_EQ(end.code, 3);
  EXPECT_EQ(end.output, "out\n");
  EXPECT_EQ(end.last_words, "at last");
}

TEST(Command, ArgumentsAreNotReadByAShell) {
  Command command;
  command.words = {"printf", "%s", "$HOME `id` \"'; exit 9"};
  EXPECT_EQ(end_of(command).output, "$HOME `id` \"'; exit 9");
}

TEST(Command, RunsInItsFolderWithNothingToRead) {
  auto command = shell("pwd; cat");
  command.folder = "/usr";
  EXPECT_EQ(end_of(command).output, "/usr\n");
}

TEST(Command, HasNoDescriptorsOfOurs) {
  const std::ifstream open_here("/proc/self/status");
  // The last one is the folder that ls reads.
  EXPECT_EQ(end_of(shell("exec ls /proc/self/fd")).output, "0\n1\n2\n3\n");
}

TEST(Command, LargeOutputIsReadWhileItRuns) {
  EXPECT_EQ(end_of(shell("head -c 1000000 /dev/zero")).output.size(), 1'000'000U);
  auto endless = shell("yes");
  endless.longest_output = 100'000;
  const auto end = end_of(endless);
  EXPECT_EQ(end.how, How::too_much);
  EXPECT_EQ(end.output.size(), 100'000U);
}

TEST(Command, IsKilledInTimeWithWhomItStarted) {
  const auto end = end_of(shell("sleep 1000 & sleep 1000"), 300ms);
  EXPECT_EQ(end.how, How::late);
  // The pipes of a child that it leaves behind keep nobody waiting.
  EXPECT_EQ(end_of(shell("sleep 1000 & echo done")).output, "done\n");
}

TEST(Command, ASignalIsNoExitCode) {
  const auto end = end_of(shell("kill -9 $$"));
  EXPECT_EQ(end.how, How::signal);
  EXPECT_EQ(end.code, 9);
}

TEST(Command, EndsWithItsTask) {
  RealWorld real(1);
  auto scenario = [](World world) -> awaitable<void> {
    TaskGroup tasks(world.executor);
    bool went_on = false;
    auto task = [&]() -> awaitable<void> {
      auto command = shell("sleep 1000");
      (void)co_await run_command(world, command, never(world.clock));
      went_on = true;
    };
    tasks.spawn("command", task());
    co_await settle(world);
    tasks.cancel();
    co_await tasks.join();
    EXPECT_FALSE(went_on);
    EXPECT_FALSE(tasks.failure());
  };
  real.run(scenario(real.world()));
}

TEST(Command, DoesNotStartWithoutAProgramOrARealWorld) {
  auto scenario = [](World world, error_code wanted) -> awaitable<void> {
    Command command;
    command.words = {"/no/such/program"};
    const auto ended = co_await run_command(world, command, in(world.clock, 5s));
    EXPECT_EQ(error_of(ended), wanted);
  };
  RealWorld real(1);
  real.run(scenario(real.world(), {ENOENT, boost::system::system_category()}));
  SimWorld simulated(1);
  simulated.run(scenario(simulated.world(), asio::error::operation_not_supported));
}

}  // namespace
}  // namespace deskcheck::net
