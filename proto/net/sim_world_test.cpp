// What only the simulated world has: seeds, virtual time, bad links, the stuck report.
#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace deskcheck::net {
namespace {

using testing::HasSubstr;

awaitable<void> send_numbers(World world, int count, std::vector<int>& got) {
  auto server = world.network.bind_udp(there(21116));
  auto client = world.network.bind_udp(home());
  for (int i = 0; i < count; ++i) {
    const Datagram one{server->local(), std::to_string(i)};
    client->send({&one, 1});
  }
  std::vector<Datagram> batch;
  for (;;) {
    auto more = co_await server->receive(batch, in(world.clock, 1s));
    if (!more) break;
  }
  for (const auto& datagram : batch) got.push_back(std::stoi(datagram.bytes));
}

void make_hostile(SimWorld& sim) {
  Link& link = sim.default_link();
  link.jitter = 5ms;
  link.loss = 0.1;
  link.duplicate = 0.2;
}

std::vector<int> hostile_numbers(SimWorld& sim) {
  make_hostile(sim);
  std::vector<int> got;
  sim.run(send_numbers(sim.world(), 2000, got));
  return got;
}

TEST(SimWorld, EqualSeedsGiveEqualRunsAndOthersDiffer) {
  SimWorld one(1), same(1), other(2);
  const auto first = hostile_numbers(one);
  EXPECT_EQ(hostile_numbers(same), first);
  EXPECT_EQ(one.trace().hash(), same.trace().hash());
  EXPECT_EQ(one.now(), same.now());
  EXPECT_NE(hostile_numbers(other), first);
  EXPECT_NE(one.trace().hash(), other.trace().hash());
}

TEST(SimWorld, LossDuplicatesAndReorderingHappenAtTheirRates) {
  SimWorld sim(1);
  const auto got = hostile_numbers(sim);
  const std::set<int> distinct(got.begin(), got.end());
  const double lost = 1 - static_cast<double>(distinct.size()) / 2000;
  const double doubled = static_cast<double>(got.size() - distinct.size()) / 1800;
  EXPECT_NEAR(lost, 0.1, 0.03);
  EXPECT_NEAR(doubled, 0.2, 0.03);
  EXPECT_FALSE(std::is_sorted(got.begin(), got.end()));
}

TEST(SimWorld, LinksAreOneWayAndPerPair) {
  SimWorld sim(1);
  Link slow;
  slow.latency = 300ms;
  sim.set_link(home().address, there().address, slow);
  auto scenario = [](World world) -> awaitable<void> {
    auto a = world.network.bind_udp(home());
    auto b = world.network.bind_udp(there());
    std::vector<Datagram> got;
    const Datagram to_b{b->local(), "x"}, to_a{a->local(), "y"};
    a->send({&to_b, 1});
    need(co_await b->receive(got, in(world.clock, 1s)));
    EXPECT_EQ(world.clock.now().time_since_epoch(), 300ms);
    b->send({&to_a, 1});
    need(co_await a->receive(got, in(world.clock, 1s)));
    EXPECT_EQ(world.clock.now().time_since_epoch(), 301ms);
  };
  sim.run(scenario(sim.world()));
}

TEST(SimWorld, StreamsAreCutAsTheLinkSays) {
  SimWorld sim(1);
  sim.default_link().max_segment = 3;
  sim.default_link().jitter = 2ms;
  auto scenario = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.client, "abcdefgh", deadline));
    pair.client.close();
    std::string all;
    int reads = 0;
    for (;; ++reads) {
      auto part = co_await read_some(pair.server, 100, deadline);
      if (error_of(part) == asio::error::eof) break;
      const std::string text = need(std::move(part));
      EXPECT_EQ(text.size() % 3, all.size() < 6 ? 0u : 2u) << text;
      all += text;
    }
    EXPECT_EQ(all, "abcdefgh");
    EXPECT_GE(reads, 2);
  };
  EXPECT_EQ(sim.run(scenario(sim.world())), Ending::finished);

  SimWorld bytewise(1);
  bytewise.default_link().max_read = 1;
  auto one_by_one = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.client, "abc", deadline));
    for (const char* expected : {"a", "b", "c"}) {
      auto part = co_await read_some(pair.server, 100, deadline);
      EXPECT_EQ(need(std::move(part)), expected);
    }
  };
  bytewise.run(one_by_one(bytewise.world()));
}

TEST(SimWorld, TheBeginningOfAStreamComesInPieces) {
  SimWorld sim(1);
  sim.default_link().max_read = 1;
  sim.default_link().pieces_until = 2;
  auto scenario = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.client, "abcdef", deadline));
    for (const char* expected : {"a", "b", "cdef"}) {
      auto part = co_await read_some(pair.server, 100, deadline);
      EXPECT_EQ(need(std::move(part)), expected);
    }
  };
  EXPECT_EQ(sim.run(scenario(sim.world())), Ending::finished);
}

// Two senders in turn: each one's datagrams come in order, but not those of both.
TEST(SimWorld, FlowsOvertakeEachOther) {
  SimWorld sim(1);
  sim.default_link().flow_jitter = 40ms;
  auto scenario = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(there(21116));
    auto first = world.network.bind_udp(home());
    auto second = world.network.bind_udp(home());
    for (char name = 'a'; name < 'i'; ++name) {
      const Datagram one{server->local(), std::string(1, name)};
      (name % 2 ? first : second)->send({&one, 1});
    }
    std::string all, odd, even;
    std::vector<Datagram> batch;
    while (batch.size() < 8) need(co_await server->receive(batch, in(world.clock, 1s)));
    for (const auto& datagram : batch) {
      all += datagram.bytes;
      (datagram.bytes[0] % 2 ? odd : even) += datagram.bytes;
    }
    EXPECT_EQ(odd, "aceg");
    EXPECT_EQ(even, "bdfh");
    EXPECT_TRUE(all == odd + even || all == even + odd) << all;
  };
  EXPECT_EQ(sim.run(scenario(sim.world())), Ending::finished);
}

TEST(SimWorld, AResetMayOvertakeData) {
  for (const bool arrived : {false, true}) {
    SimWorld sim(1);
    sim.default_link().reset_overtakes = true;
    auto scenario = [arrived](World world) -> awaitable<void> {
      auto pair = co_await connected(world);
      const auto deadline = in(world.clock, 5s);
      need(co_await write_all(pair.server, "lost", deadline));
      if (arrived) co_await settle(world);
      pair.server->reset();
      co_await settle(world);
      auto read = co_await read_some(pair.client, 10, deadline);
      EXPECT_EQ(error_of(read), asio::error::connection_reset);
    };
    sim.run(scenario(sim.world()));
  }
}

TEST(SimWorld, AHostThatDoesNotExistIsSilentAndOneThatDoesRefuses) {
  SimWorld sim(1);
  sim.add_host(asio::ip::make_address("10.0.0.2"));
  auto scenario = [](World world) -> awaitable<void> {
    const Endpoint own = endpoint("10.0.0.1", 0);
    auto nobody =
        co_await world.network.connect(own, endpoint("10.9.9.9", 80), in(world.clock, 5s));
    EXPECT_EQ(error_of(nobody), asio::error::timed_out);
    EXPECT_EQ(world.clock.now().time_since_epoch(), 5s);
    auto patient =
        co_await world.network.connect(own, endpoint("10.9.9.9", 80), never(world.clock));
    EXPECT_EQ(error_of(patient), asio::error::timed_out);
    auto closed =
        co_await world.network.connect(own, endpoint("10.0.0.2", 80), in(world.clock, 5s));
    EXPECT_EQ(error_of(closed), asio::error::connection_refused);

    auto any = world.network.listen(endpoint("0.0.0.0", 80));
    auto open = co_await world.network.connect(own, endpoint("10.0.0.2", 80), in(world.clock, 5s));
    need(std::move(open));
    auto still = co_await world.network.connect(own, endpoint("10.9.9.9", 80), in(world.clock, 5s));
    EXPECT_EQ(error_of(still), asio::error::timed_out);
  };
  EXPECT_EQ(sim.run(scenario(sim.world())), Ending::finished);
}

// Fails to accept as it is told to.
class FailingListener final : public Listener {
 public:
  FailingListener(asio::any_io_executor executor, std::deque<error_code> failures)
      : executor_(std::move(executor)), failures_(std::move(failures)) {}
  Endpoint local() const override { return there(1); }

 private:
  asio::any_io_executor executor() override { return executor_; }
  void wait_readable(Completion) override { ADD_FAILURE() << "it is readable, waiting would spin"; }
  Result<std::unique_ptr<StreamEnd>> take() override {
    const error_code ec = failures_.front();
    failures_.pop_front();
    return ec;
  }
  asio::any_io_executor executor_;
  std::deque<error_code> failures_;
};

TEST(SimWorld, AcceptPausesLongerAndLongerWhileDescriptorsAreShort) {
  SimWorld sim(1);
  auto scenario = [](World world) -> awaitable<void> {
    const error_code shortage = make_error_code(boost::system::errc::too_many_files_open);
    std::deque<error_code> failures(7, shortage);
    failures.push_back(asio::error::connection_aborted);
    failures.push_back(asio::error::network_down);
    failures.insert(failures.end(), 9, shortage);
    FailingListener listener(world.executor, std::move(failures));
    auto other = co_await listener.accept(never(world.clock));
    EXPECT_EQ(error_of(other), asio::error::network_down);
    EXPECT_EQ(world.clock.now().time_since_epoch(), 50ms + 100ms + 200ms + 400ms + 800ms + 1s + 1s);
    auto late = co_await listener.accept(in(world.clock, 120ms));
    EXPECT_EQ(error_of(late), asio::error::timed_out);
    EXPECT_EQ(world.clock.now().time_since_epoch(), 3550ms + 120ms);
  };
  sim.run(scenario(sim.world()));
}

TEST(SimWorld, EphemeralPortsAreCountedPerAddress) {
  SimWorld sim(1);
  auto a = sim.bind_udp(home()), b = sim.bind_udp(there()), c = sim.bind_udp(home());
  EXPECT_EQ(a->local().port, b->local().port);
  EXPECT_NE(a->local().port, c->local().port);
}

TEST(SimWorld, TheStuckReportNamesTasksAndWhatTheyWaitFor) {
  SimWorld sim(1);
  auto udp = [](World w) -> awaitable<void> {
    auto socket = w.network.bind_udp(there(21116));
    std::vector<Datagram> batch;
    need(co_await socket->receive(batch, never(w.clock)));
  };
  auto listening = [](World w) -> awaitable<void> {
    auto listener = w.network.listen(there(21118));
    auto stream = need(co_await listener->accept(never(w.clock)));
  };
  auto server = [&](World w) -> awaitable<void> {
    TaskGroup shells(w.executor);
    shells.spawn("udp shell", udp(w));
    shells.spawn("accept shell", listening(w));
    shells.spawn("sleeper", sleep_for(w.clock, Duration::max()));
    co_await shells.join();
  };
  auto reader = [](World w) -> awaitable<void> {
    auto listener = w.network.listen(there(21119));
    auto stream = need(co_await listener->accept(never(w.clock)));
    auto bytes = co_await read_some(stream, 10, never(w.clock));
  };
  auto holder = [](World w) -> awaitable<void> {
    auto stream = need(co_await w.network.connect(home(5000), there(21119), never(w.clock)));
    co_await sleep_for(w.clock, Duration::max());
  };
  auto scenario = [&](World w) -> awaitable<void> {
    TaskGroup tasks(w.executor);
    tasks.spawn("server", server(w));
    tasks.spawn("reader", reader(w));
    tasks.spawn("holder", holder(w));
    co_await tasks.join();
  };
  EXPECT_EQ(sim.run(scenario(sim.world())), Ending::stuck);
  const std::string report = sim.stuck_report();
  for (const char* line : {
           "stuck: nothing can happen any more; tasks:\n",
           "  scenario: waits for its tasks\n",
           "  scenario / server / udp shell: waits for a datagram at udp 127.0.3.2:21116\n",
           "  scenario / server / accept shell: waits for a connection to tcp 127.0.3.2:21118\n",
           "  scenario / server / sleeper: waits for a sleep, or nothing of the network\n",
           "  scenario / reader: waits for bytes from tcp 127.0.3.2:21119 <-> 127.0.3.1:5000\n",
           "syn 127.0.3.1:5000 -> 127.0.3.2:21119",
       })
    EXPECT_THAT(report, HasSubstr(line));

  SimWorld full(1);
  auto stuffed = [](World w) -> awaitable<void> {
    auto pair = co_await connected(w);
    need(co_await write_all(pair.client, std::string(1 << 20, 'x'), never(w.clock)));
  };
  EXPECT_EQ(full.run(stuffed(full.world())), Ending::stuck);
  EXPECT_THAT(full.stuck_report(),
              HasSubstr("scenario: waits for room to write to tcp 127.0.3.1:"));
}

TEST(SimWorld, TheReportKeepsTheLastEventsOnly) {
  SimWorld sim(1);
  for (std::uint64_t i = 0; i < 100; ++i) sim.trace().note(Time(1s), "mark", i);
  auto stuck = sleep_for(sim, Duration::max());
  EXPECT_EQ(sim.run(std::move(stuck)), Ending::stuck);
  EXPECT_THAT(sim.stuck_report(), HasSubstr("      1.000000 s  mark 36\n"));
  EXPECT_THAT(sim.stuck_report(), HasSubstr("mark 99\n"));
  EXPECT_THAT(sim.stuck_report(), testing::Not(HasSubstr("mark 35\n")));
}

TEST(SimWorld, APeriodicTaskIsCutOffAtTheHorizon) {
  SimWorld sim(1);
  auto endless = [](World world) -> awaitable<void> {
    for (;;) co_await sleep_for(world.clock, 1min);
  };
  EXPECT_EQ(sim.run(endless(sim.world()), 1h), Ending::out_of_time);
  EXPECT_EQ(sim.now().time_since_epoch(), 1h);
  EXPECT_THAT(sim.stuck_report(), HasSubstr("out of time; tasks:\n  scenario: waits for a sleep"));
}

TEST(SimWorld, TwelveHoursOfHeartbeatsTakeNoTime) {
  SimWorld sim(1);
  auto heartbeats = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(there(21116));
    auto client = world.network.bind_udp(home());
    for (int i = 0; i < 12 * 3600 / 15; ++i) {
      const Datagram beat{server->local(), "beat"};
      client->send({&beat, 1});
      std::vector<Datagram> got;
      need(co_await server->receive(got, in(world.clock, 5s)));
      co_await sleep_for(world.clock, 15s);
    }
  };
  const std::clock_t before = std::clock();
  EXPECT_EQ(sim.run(heartbeats(sim.world())), Ending::finished);
  EXPECT_GT(sim.now().time_since_epoch(), 12h);
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 5.0);
}

}  // namespace
}  // namespace deskcheck::net
