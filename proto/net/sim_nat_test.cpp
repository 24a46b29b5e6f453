#include "proto/net/world_test.hpp"

namespace deskcheck::net {
namespace {

const Endpoint kServer = endpoint("198.51.100.1", 21116), kOther = endpoint("198.51.100.2", 21116);

Nat box(Nat::Mapping mapping, Nat::Filter filter = Nat::Filter::address_port) {
  Nat nat;
  nat.inside = asio::ip::make_network_v4("192.168.1.0/24");
  nat.outside = asio::ip::make_address_v4("203.0.113.5");
  nat.mapping = mapping;
  nat.filter = filter;
  return nat;
}

void send_one(DatagramSocket& socket, const Endpoint& to, std::string bytes) {
  const Datagram one{to, std::move(bytes)};
  socket.send({&one, 1});
}

// What `socket` gets within a second; empty if nothing.
awaitable<Datagram> next(World world, DatagramSocket& socket) {
  std::vector<Datagram> batch;
  auto received = co_await socket.receive(batch, in(world.clock, 1s));
  Datagram none;
  co_return received ? std::move(batch.front()) : std::move(none);
}

struct Seen {
  Endpoint by_server, by_other;
  std::string answer, from_stranger;
};

// A host behind the box talks to two servers; one answers, and a stranger tries its luck.
awaitable<void> talk(World world, Seen& seen) {
  auto server = world.network.bind_udp(kServer), other = world.network.bind_udp(kOther);
  auto host = world.network.bind_udp(endpoint("192.168.1.7", 4000));
  send_one(*host, kServer, "hello");
  auto one = co_await next(world, *server);
  send_one(*host, kOther, "hello");
  auto two = co_await next(world, *other);
  seen.by_server = one.peer;
  seen.by_other = two.peer;
  send_one(*server, one.peer, "answer");
  auto answer = co_await next(world, *host);
  seen.answer = answer.bytes;
  auto stranger = world.network.bind_udp(endpoint("198.51.100.99", 1));
  send_one(*stranger, one.peer, "psst");
  auto unasked = co_await next(world, *host);
  seen.from_stranger = unasked.bytes;
}

Seen behind(const Nat& nat) {
  SimWorld sim(1);
  sim.add_nat(nat);
  Seen seen;
  EXPECT_EQ(sim.run(talk(sim.world(), seen)), Ending::finished);
  return seen;
}

TEST(SimNat, AConeShowsOneEndpointToAll) {
  const Seen seen = behind(box(Nat::Mapping::cone));
  EXPECT_EQ(seen.by_server.address.to_string(), "203.0.113.5");
  EXPECT_NE(seen.by_server.port, 4000);
  EXPECT_EQ(seen.by_server, seen.by_other);
  EXPECT_EQ(seen.answer, "answer");
  EXPECT_EQ(seen.from_stranger, "") << "only those whom the inside has written to may answer";
}

TEST(SimNat, SymmetricShowsEveryPeerAnotherPort) {
  const Seen seen = behind(box(Nat::Mapping::symmetric));
  EXPECT_EQ(seen.by_server.address, seen.by_other.address);
  EXPECT_NE(seen.by_server.port, seen.by_other.port);
  EXPECT_EQ(seen.answer, "answer");
}

TEST(SimNat, WithoutFilterStrangersGetIn) {
  const Seen seen = behind(box(Nat::Mapping::cone, Nat::Filter::none));
  EXPECT_EQ(seen.from_stranger, "psst");
}

TEST(SimNat, PrivateAddressesWorkInsideOnly) {
  SimWorld sim(1);
  sim.add_nat(box(Nat::Mapping::cone));
  auto scenario = [](World world) -> awaitable<void> {
    auto host = world.network.bind_udp(endpoint("192.168.1.7", 4000));
    auto neighbour = world.network.bind_udp(endpoint("192.168.1.8", 4000));
    auto outsider = world.network.bind_udp(kServer);
    send_one(*neighbour, host->local(), "lan");
    auto lan = co_await next(world, *host);
    EXPECT_EQ(lan.peer, neighbour->local());
    send_one(*outsider, host->local(), "from outside");
    auto outside = co_await next(world, *host);
    EXPECT_EQ(outside.bytes, "");
    auto listener = world.network.listen(endpoint("192.168.1.7", 5000));
    auto tcp = co_await world.network.connect(endpoint("198.51.100.1", 0), listener->local(),
                                              in(world.clock, 3s));
    EXPECT_EQ(error_of(tcp), asio::error::timed_out);
  };
  sim.run(scenario(sim.world()));
}

TEST(SimNat, TwoHostsBehindTwoBoxesPunchThrough) {
  SimWorld sim(1);
  sim.add_nat(box(Nat::Mapping::cone));
  Nat second = box(Nat::Mapping::cone);
  second.inside = asio::ip::make_network_v4("10.0.0.0/8");
  second.outside = asio::ip::make_address_v4("203.0.113.9");
  sim.add_nat(second);
  auto scenario = [](World world) -> awaitable<void> {
    auto server = world.network.bind_udp(kServer);
    auto a = world.network.bind_udp(endpoint("192.168.1.7", 4000));
    auto b = world.network.bind_udp(endpoint("10.1.1.1", 4000));
    send_one(*a, kServer, "a");
    auto a_outside = co_await next(world, *server);
    send_one(*b, kServer, "b");
    auto b_outside = co_await next(world, *server);
    send_one(*a, b_outside.peer, "opens the own box");
    auto blocked = co_await next(world, *b);
    EXPECT_EQ(blocked.bytes, "");
    send_one(*b, a_outside.peer, "through");
    auto through = co_await next(world, *a);
    EXPECT_EQ(through.bytes, "through");
    EXPECT_EQ(through.peer, b_outside.peer);
  };
  sim.run(scenario(sim.world()));
}

TEST(SimNat, StreamsAreMappedToo) {
  SimWorld sim(1);
  sim.add_nat(box(Nat::Mapping::cone));
  auto scenario = [](World world) -> awaitable<void> {
    const auto deadline = in(world.clock, 5s);
    auto listener = world.network.listen(endpoint("198.51.100.1", 21117));
    auto client = need(
        co_await world.network.connect(endpoint("192.168.1.7", 6000), listener->local(), deadline));
    auto server = need(co_await listener->accept(deadline));
    EXPECT_EQ(client->local(), endpoint("192.168.1.7", 6000));
    EXPECT_EQ(server->remote().address.to_string(), "203.0.113.5");
    need(co_await write_all(server, "hi", deadline));
    auto hi = co_await read_some(client, 10, deadline);
    EXPECT_EQ(need(std::move(hi)), "hi");

    // The host listens where it had connected from: only the peer it called may call back.
    auto inside = world.network.listen(endpoint("192.168.1.7", 6000));
    const Endpoint mapped = server->remote();
    auto back = co_await world.network.connect(listener->local(), mapped, deadline);
    EXPECT_TRUE(back.has_error()) << "a port with a listener cannot be connected from";
    listener.reset();
    auto called =
        need(co_await world.network.connect(endpoint("198.51.100.1", 21117), mapped, deadline));
    auto taken = need(co_await inside->accept(deadline));
    EXPECT_EQ(taken->remote(), endpoint("198.51.100.1", 21117));
    auto stranger = co_await world.network.connect(endpoint("198.51.100.9", 0), mapped, deadline);
    EXPECT_EQ(error_of(stranger), asio::error::timed_out);
  };
  sim.run(scenario(sim.world()));
}

}  // namespace
}  // namespace deskcheck::net
