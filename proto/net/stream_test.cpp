#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

namespace deskcheck::net {
namespace {

template <class W>
class Stream : public BothWorlds<W> {};
TYPED_TEST_SUITE(Stream, TheWorlds);

TYPED_TEST(Stream, ClosedPortRefuses) {
  auto question = [](World world) -> awaitable<void> {
    auto nobody = co_await world.network.connect(home(), there(9), in(world.clock, 5s));
    EXPECT_EQ(error_of(nobody), asio::error::connection_refused);
  };
  this->ask(question);
}

TYPED_TEST(Stream, BothEndsAgreeOnAddresses) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    EXPECT_EQ(pair.client->local(), pair.server->remote());
    EXPECT_EQ(pair.server->local(), pair.client->remote());
    EXPECT_EQ(pair.client->local().address, home().address);
    EXPECT_NE(pair.client->local().port, 0);
  };
  this->ask(question);
}

TYPED_TEST(Stream, AnythingAsOwnAddressLeavesItToTheKernel) {
  auto question = [](World world) -> awaitable<void> {
    for (const char* host : {"127.0.0.1", "::1"}) {
      auto listener = world.network.listen(endpoint(host, 0));
      auto client =
          co_await world.network.connect(Endpoint(), listener->local(), in(world.clock, 5s));
      auto stream = need(std::move(client));
      EXPECT_EQ(stream->local().address.to_string(), host);
    }
  };
  this->ask(question);
}

TYPED_TEST(Stream, SilenceEndsAtTheDeadline) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const Time start = world.clock.now();
    auto silent = co_await read_some(pair.client, 10, in(world.clock, 50ms));
    EXPECT_EQ(error_of(silent), asio::error::timed_out);
    EXPECT_GE(world.clock.now() - start, 50ms);
  };
  this->ask(question);
}

TYPED_TEST(Stream, HalfCloseEndsOneDirectionOnly) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.client, "ping", deadline));
    pair.client->shutdown_send();
    auto first = co_await read_some(pair.server, 10, deadline);
    auto second = co_await read_some(pair.server, 10, deadline);
    EXPECT_EQ(need(std::move(first)), "ping");
    EXPECT_EQ(error_of(second), asio::error::eof);
    need(co_await write_all(pair.server, "pong", deadline));
    auto back = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(need(std::move(back)), "pong");
    auto after = co_await write_all(pair.client, "more", deadline);
    EXPECT_EQ(error_of(after), asio::error::broken_pipe);
  };
  this->ask(question);
}

TYPED_TEST(Stream, ResetIsToldOnceAndThenTheStreamHasEnded) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    pair.server->reset();
    auto first = co_await read_some(pair.client, 10, deadline);
    auto second = co_await read_some(pair.client, 10, deadline);
    auto write = co_await write_all(pair.client, "x", deadline);
    EXPECT_EQ(error_of(first), asio::error::connection_reset);
    EXPECT_EQ(error_of(second), asio::error::eof);
    EXPECT_EQ(error_of(write), asio::error::broken_pipe);
  };
  this->ask(question);
}

// Linux keeps what arrived before the reset readable; see Link::reset_overtakes for other hosts.
TYPED_TEST(Stream, BytesBeforeAResetCanBeRead) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.server, "last words", deadline));
    co_await settle(world);
    pair.server->reset();
    co_await settle(world);
    auto words = co_await read_some(pair.client, 100, deadline);
    auto after = co_await read_some(pair.client, 100, deadline);
    EXPECT_EQ(need(std::move(words)), "last words");
    EXPECT_EQ(error_of(after), asio::error::connection_reset);
  };
  this->ask(question);
}

TYPED_TEST(Stream, TheOwnEndFailsAfterReset) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    const Endpoint local = pair.client->local();
    pair.client->reset();
    auto read = co_await read_some(pair.client, 10, deadline);
    auto write = co_await write_all(pair.client, "x", deadline);
    EXPECT_EQ(error_of(read), asio::error::bad_descriptor);
    EXPECT_EQ(error_of(write), asio::error::bad_descriptor);
    EXPECT_EQ(pair.client->local(), local);
    EXPECT_EQ(pair.client->remote(), pair.server->local());
  };
  this->ask(question);
}

TYPED_TEST(Stream, FirstWriteAfterThePeerClosedSucceedsAndTheNextFails) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    pair.server.close();
    co_await settle(world);
    need(co_await write_all(pair.client, "into the void", deadline));
    co_await settle(world);
    auto next = co_await write_all(pair.client, "x", deadline);
    auto read = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(error_of(next), asio::error::broken_pipe);
    EXPECT_EQ(error_of(read), asio::error::eof);
  };
  this->ask(question);
}

TYPED_TEST(Stream, ClosingWithUnreadInputResets) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    need(co_await write_all(pair.client, "unread", deadline));
    co_await settle(world);
    pair.server.close();
    auto read = co_await read_some(pair.client, 10, deadline);
    EXPECT_EQ(error_of(read), asio::error::connection_reset);
  };
  this->ask(question);
}

awaitable<void> send_megabyte(ByteStream& stream, Deadline deadline) {
  auto sent = co_await write_all(stream, std::string(1 << 20, 'm'), deadline);
  need(std::move(sent));
  stream->shutdown_send();
}

TYPED_TEST(Stream, AMegabyteGoesThrough) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 5s);
    TaskGroup tasks(world.executor);
    tasks.spawn("sender", send_megabyte(pair.client, deadline));
    std::size_t total = 0;
    for (;;) {
      auto part = co_await read_some(pair.server, 1 << 20, deadline);
      if (error_of(part) == asio::error::eof) break;
      total += need(std::move(part)).size();
    }
    co_await tasks.join();
    EXPECT_EQ(total, std::size_t{1} << 20);
    EXPECT_EQ(tasks.failure(), nullptr);
  };
  this->ask(question);
}

TYPED_TEST(Stream, WildcardListenerIsReachedAtEveryLoopbackAddress) {
  auto question = [](World world) -> awaitable<void> {
    auto listener = world.network.listen(endpoint("0.0.0.0", 0));
    const auto deadline = in(world.clock, 5s);
    const auto port = listener->local().port;
    EXPECT_EQ(listener->local(), endpoint("0.0.0.0", port));
    auto client = co_await world.network.connect(home(), there(port), deadline);
    auto server = need(co_await listener->accept(deadline));
    EXPECT_EQ(server->local(), there(port));
    EXPECT_EQ(server->remote(), need(std::move(client))->local());
  };
  this->ask(question);
}

TYPED_TEST(Stream, DualStackListenerShowsMappedAddresses) {
  auto question = [](World world) -> awaitable<void> {
    auto listener = world.network.listen(endpoint("::", 0));
    const auto deadline = in(world.clock, 5s);
    const auto port = listener->local().port;
    auto client = co_await world.network.connect(home(), there(port), deadline);
    auto server = need(co_await listener->accept(deadline));
    EXPECT_EQ(server->local().address.to_string(), "::ffff:127.0.3.2");
    EXPECT_EQ(server->remote().address.to_string(), "::ffff:127.0.3.1");
    EXPECT_EQ(server->remote().port, need(std::move(client))->local().port);

    auto six = co_await world.network.connect(endpoint("::1", 0), endpoint("::1", port), deadline);
    auto six_server = need(co_await listener->accept(deadline));
    EXPECT_EQ(six_server->remote(), need(std::move(six))->local());
    EXPECT_EQ(to_string(six_server->local()), "[::1]:" + std::to_string(port));
  };
  this->ask(question);
}

TYPED_TEST(Stream, FamiliesDoNotMix) {
  auto question = [](World world) -> awaitable<void> {
    const auto deadline = in(world.clock, 5s);
    auto four = co_await world.network.connect(home(), endpoint("::1", 9), deadline);
    EXPECT_EQ(error_of(four), asio::error::address_family_not_supported);
    auto mapped = co_await world.network.connect(endpoint("::1", 0),
                                                 endpoint("::ffff:127.0.0.1", 9), deadline);
    EXPECT_EQ(error_of(mapped), asio::error::network_unreachable);
  };
  this->ask(question);
}

TYPED_TEST(Stream, PortInUseThrowsWithEndpointAndReason) {
  auto question = [](World world) -> awaitable<void> {
    auto listener = world.network.listen(there());
    const auto taken = listener->local();
    for (const char* host : {"127.0.3.2", "0.0.0.0", "::"}) {
      const Endpoint wanted = endpoint(host, taken.port);
      try {
        world.network.listen(wanted);
        ADD_FAILURE() << "bound twice: " << to_string(wanted);
      } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), asio::error::address_in_use);
        const std::string expected =
            "cannot bind tcp " + to_string(wanted) + ": Address already in use";
        EXPECT_EQ(std::string(e.what()).substr(0, expected.size()), expected);
      }
    }
    EXPECT_NO_THROW(world.network.listen(home(taken.port)));
    EXPECT_NO_THROW(world.network.listen(endpoint("::1", taken.port)));
    auto client = co_await world.network.connect(taken, there(9), in(world.clock, 5s));
    EXPECT_EQ(error_of(client), asio::error::address_in_use);
  };
  this->ask(question);
}

TYPED_TEST(Stream, ClosedListenerRefusesAndItsPortIsFreeAgain) {
  auto question = [](World world) -> awaitable<void> {
    const auto deadline = in(world.clock, 5s);
    auto listener = world.network.listen(there());
    const Endpoint at = listener->local();
    auto waiting = need(co_await world.network.connect(home(), at, deadline));
    listener.reset();
    auto cut = co_await read_some(waiting, 10, deadline);
    EXPECT_EQ(error_of(cut), asio::error::connection_reset);
    auto refused = co_await world.network.connect(home(), at, deadline);
    EXPECT_EQ(error_of(refused), asio::error::connection_refused);
    EXPECT_NO_THROW(world.network.listen(at));
  };
  this->ask(question);
}

}  // namespace
}  // namespace deskcheck::net
