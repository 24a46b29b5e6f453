#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

class RelayWatchTest : public ServerTest {
 protected:
  RelayWatchTest() { options.bind = net::endpoint("127.0.0.1", 0).address; }
  // What the console says.
  awaitable<std::string> say(std::string command) {
    const auto from = net::endpoint("127.0.0.2", 0);
    auto hand = co_await connect(from, ports.nat);
    co_await hand.write(std::move(command));
    co_return co_await hand.bytes(4096);
  }
  std::unique_ptr<net::Listener> relay(int n) { return world.network.listen(host(n, 21117)); }
};

TEST_F(RelayWatchTest, DeadRelaysAreNotProposed) {
  options.relay_servers = {"10.0.0.1", "10.0.0.2:21117", "10.0.0.3"};
  auto first = relay(1);
  auto second = relay(2);
  const auto scenario = [&]() -> awaitable<void> {
    co_await net::sleep_until(sim, sim.now() + 4s);
    auto relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.1\n10.0.0.2:21117\n");
    first.reset();
    co_await net::sleep_until(sim, sim.now() + 6s);
    relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.2:21117\n");
    second.reset();
    co_await net::sleep_until(sim, sim.now() + 6s);
    relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.2:21117\n") << "the last list";
    first = relay(1);
    co_await net::sleep_until(sim, sim.now() + 6s);
    relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.1\n");
  };
  with_server(scenario);
}

TEST_F(RelayWatchTest, ANewListIsTried) {
  auto first = relay(1);
  const auto scenario = [&]() -> awaitable<void> {
    auto nothing = co_await say("rs 10.0.0.1,10.0.0.9\n");
    EXPECT_EQ(nothing, "");
    auto relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.1\n10.0.0.9\n");
    co_await net::sleep_until(sim, sim.now() + 4s);
    relays = co_await say("rs\n");
    EXPECT_EQ(relays, "10.0.0.1\n");
  };
  with_server(scenario);
}

TEST_F(RelayWatchTest, NamesThatDoNotResolveAreDropped) {
  options.relay_servers = {"no.where", "relay.here:21117", "[::1]:5"};
  std::string log;
  options.log = [&](std::string_view line) { log += line; };
  options.resolve = [](std::string name,
                       net::Deadline) -> awaitable<net::Result<boost::asio::ip::address>> {
    if (name == "relay.here") co_return host(1).address;
    co_return make_error_code(boost::asio::error::host_not_found);
  };
  auto first = relay(1);
  const auto scenario = [&]() -> awaitable<void> {
    co_await net::sleep_until(sim, sim.now() + 100ms);
    auto relays = co_await say("rs\n");
    EXPECT_EQ(relays, "relay.here:21117\n");
    EXPECT_NE(log.find("relay no.where is left out: "), std::string::npos);
    auto nothing = co_await say("rs Y\n");
    co_await net::sleep_until(sim, sim.now() + 4s);
    relays = co_await say("rs\n");
    EXPECT_EQ(relays, "");
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
