#include "proto/net/world_test.hpp"

namespace deskcheck::net {
namespace {

template <class W>
class DatagramTest : public BothWorlds<W> {};
TYPED_TEST_SUITE(DatagramTest, TheWorlds);

void send_one(DatagramSocket& socket, const Endpoint& to, std::string bytes) {
  const Datagram one{to, std::move(bytes)};
  socket.send({&one, 1});
}

awaitable<Datagram> receive_one(DatagramSocket& socket, Deadline deadline) {
  std::vector<Datagram> batch;
  need(co_await socket.receive(batch, deadline));
  co_return std::move(batch.front());
}

TYPED_TEST(DatagramTest, EchoFromChosenSourceAddresses) {
  auto question = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(there());
    for (const char* source : {"127.0.4.1", "127.0.4.2"}) {
      auto client = world.network.bind_udp(endpoint(source, 0));
      send_one(*client, server->local(), "hello");
      auto asked = co_await receive_one(*server, in(world.clock, 5s));
      EXPECT_EQ(asked.peer, client->local());
      EXPECT_EQ(asked.peer.address.to_string(), source);
      send_one(*server, asked.peer, asked.bytes + " back");
      auto answer = co_await receive_one(*client, in(world.clock, 5s));
      EXPECT_EQ(answer.peer, server->local());
      EXPECT_EQ(answer.bytes, "hello back");
    }
  };
  this->ask(question);
}

TYPED_TEST(DatagramTest, BurstsArriveWholeAndInOrder) {
  auto question = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(there());
    auto client = world.network.bind_udp(home());
    std::vector<Datagram> burst;
    for (int i = 0; i < 300; ++i) burst.push_back({server->local(), std::to_string(i)});
    client->send(burst);
    std::vector<Datagram> got;
    while (got.size() < burst.size()) need(co_await server->receive(got, in(world.clock, 5s)));
    EXPECT_EQ(got.size(), burst.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i].bytes, burst[i].bytes);
    EXPECT_FALSE(server->take(got));
  };
  this->ask(question);
}

TYPED_TEST(DatagramTest, OneThatCannotBeSentDoesNotTakeTheOthersWithIt) {
  auto question = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(there());
    auto client = world.network.bind_udp(home());
    const std::vector<Datagram> batch{{server->local(), std::string(70000, 'x')},
                                      {there(0), "no port"},
                                      {endpoint("::1", 9), "other family"},
                                      {server->local(), ""},
                                      {server->local(), std::string(65507, 'y')}};
    client->send(batch);
    std::vector<Datagram> got;
    while (got.size() < 2) need(co_await server->receive(got, in(world.clock, 5s)));
    EXPECT_EQ(got[0].bytes, "");
    EXPECT_EQ(got[1].bytes.size(), 65507u);
  };
  this->ask(question);
}

TYPED_TEST(DatagramTest, AClosedPortIsSilent) {
  auto question = [](World world) -> awaitable<void> {
    auto client = world.network.bind_udp(home());
    send_one(*client, there(9), "anybody?");
    std::vector<Datagram> got;
    auto answer = co_await client->receive(got, in(world.clock, 50ms));
    EXPECT_EQ(error_of(answer), asio::error::timed_out);
  };
  this->ask(question);
}

TYPED_TEST(DatagramTest, PortInUseThrowsWithEndpointAndReason) {
  auto question = [](World world) -> awaitable<void> {
    auto first = world.network.bind_udp(there());
    const Endpoint wanted = endpoint("0.0.0.0", first->local().port);
    try {
      world.network.bind_udp(wanted);
      ADD_FAILURE() << "bound twice";
    } catch (const boost::system::system_error& e) {
      const std::string text = e.what();
      EXPECT_NE(text.find("cannot bind udp " + to_string(wanted)), std::string::npos) << text;
      EXPECT_NE(text.find("Address already in use"), std::string::npos) << text;
    }
    EXPECT_NO_THROW(world.network.bind_udp(home(first->local().port)));
    co_return;
  };
  this->ask(question);
}

// The trap of wildcard sockets: the answer comes from 127.0.0.1, not from where the question went.
TYPED_TEST(DatagramTest, AWildcardAnswersFromTheFirstLoopbackAddress) {
  auto question = [](World world) -> awaitable<void> {
    for (const char* wildcard : {"0.0.0.0", "::"}) {
      auto server = world.network.bind_udp(endpoint(wildcard, 0));
      auto client = world.network.bind_udp(home());
      send_one(*client, there(server->local().port), "q");
      auto asked = co_await receive_one(*server, in(world.clock, 5s));
      const std::string prefix = wildcard[0] == ':' ? "::ffff:" : "";
      EXPECT_EQ(asked.peer.address.to_string(), prefix + "127.0.3.1");
      send_one(*server, asked.peer, "a");
      auto answer = co_await receive_one(*client, in(world.clock, 5s));
      EXPECT_EQ(answer.peer, endpoint("127.0.0.1", server->local().port));
    }
  };
  this->ask(question);
}

TYPED_TEST(DatagramTest, IPv6Echo) {
  auto question = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(endpoint("::", 0));
    auto client = world.network.bind_udp(endpoint("::1", 0));
    send_one(*client, endpoint("::1", server->local().port), "six");
    auto asked = co_await receive_one(*server, in(world.clock, 5s));
    EXPECT_EQ(asked.peer, client->local());
    send_one(*server, asked.peer, "back");
    auto answer = co_await receive_one(*client, in(world.clock, 5s));
    EXPECT_EQ(answer.peer.address.to_string(), "::1");
  };
  this->ask(question);
}

}  // namespace
}  // namespace deskcheck::net
