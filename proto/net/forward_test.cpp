#include "proto/net/forward.hpp"

#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

namespace deskcheck::net {
namespace {

// first -> [its server end, forwarded to the other's] -> second
struct Relayed {
  Pair first, second;
};

awaitable<Relayed> relayed(World world) {
  Relayed both;
  auto first = co_await connected(world);
  auto second = co_await connected(world);
  both.first = std::move(first);
  both.second = std::move(second);
  co_return std::move(both);
}

// Until the end of the first, or an error, which it gives back.
awaitable<void> forward_all(World world, Relayed& both, std::size_t& moved, error_code& ended) {
  Forward forward(both.first.server, both.second.server);
  for (;;) {
    const auto size = co_await forward.some(in(world.clock, 10s));
    if (!size) ended = size.error();
    if (!size || *size == 0) break;
    moved += *size;
  }
  both.second.server->shutdown_send();
}

std::string numbered(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  return bytes;
}

template <class W>
class Forwards : public BothWorlds<W> {};
TYPED_TEST_SUITE(Forwards, TheWorlds);

TYPED_TEST(Forwards, EveryByteInOrderThenTheEnd) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await relayed(world);
    std::size_t moved = 0;
    error_code ended;
    const std::string sent = numbered(3 << 20);  // more than all buffers on the way hold
    TaskGroup tasks(world.executor);
    tasks.spawn("forward", forward_all(world, both, moved, ended));
    auto writer = [](World w, ByteStream& to, std::string bytes) -> awaitable<void> {
      auto done = co_await write_all(to, std::move(bytes), in(w.clock, 10s));
      need(std::move(done));
      to->shutdown_send();
    };
    tasks.spawn("write", writer(world, both.first.client, sent));
    co_await settle(world);  // the reader is late: the forward has to wait for it
    std::string received;
    for (;;) {
      auto some = co_await read_some(both.second.client, 100'000, in(world.clock, 10s));
      if (!some) break;
      received += *some;
    }
    co_await tasks.join();
    EXPECT_TRUE(received == sent) << received.size();
    EXPECT_EQ(moved, sent.size());
    EXPECT_FALSE(ended) << ended.message();
  };
  this->ask(question);
}

TYPED_TEST(Forwards, ADeadlineLosesNothing) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await relayed(world);
    Forward forward(both.first.server, both.second.server);
    const auto silent = co_await forward.some(in(world.clock, 20ms));
    EXPECT_EQ(error_of(silent), asio::error::timed_out);
    auto sent = co_await write_all(both.first.client, "ping", in(world.clock, 5s));
    need(std::move(sent));
    const auto moved = co_await forward.some(in(world.clock, 5s));
    EXPECT_EQ(need(moved), 4u);
    auto received = co_await read_some(both.second.client, 10, in(world.clock, 5s));
    EXPECT_EQ(need(std::move(received)), "ping");
  };
  this->ask(question);
}

TYPED_TEST(Forwards, AReceiverThatIsGoneIsAnErrorOnly) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await relayed(world);
    both.second.client->reset();
    co_await settle(world);
    Forward forward(both.first.server, both.second.server);
    error_code ended;
    for (int tries = 0; tries < 20 && !ended; ++tries) {
      auto sent = co_await write_all(both.first.client, "x", in(world.clock, 5s));
      need(std::move(sent));
      const auto moved = co_await forward.some(in(world.clock, 5s));
      ended = error_of(moved);
    }
    EXPECT_TRUE(ended);
    EXPECT_NE(ended, asio::error::timed_out);
  };
  this->ask(question);
}

TYPED_TEST(Forwards, CancelledWithBytesOnTheWay) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await relayed(world);
    std::size_t moved = 0;
    error_code ended;
    TaskGroup tasks(world.executor);
    tasks.spawn("forward", forward_all(world, both, moved, ended));
    auto writer = [](World w, ByteStream& to) -> awaitable<void> {
      [[maybe_unused]] const auto done =
          co_await write_all(to, numbered(30 << 20), in(w.clock, 10s));
    };
    tasks.spawn("write", writer(world, both.first.client));
    co_await sleep_for(world.clock, 200ms);
    EXPECT_GT(moved, 0u);
    tasks.cancel();
    co_await tasks.join();
  };
  this->ask(question);
}

// A forward in one direction never keeps the thread for itself.
TYPED_TEST(Forwards, OthersGetTheirTurn) {
  auto question = [](World world) -> awaitable<void> {
    auto busy = co_await relayed(world);
    std::size_t moved = 0;
    error_code ended;
    TaskGroup tasks(world.executor);
    tasks.spawn("forward", forward_all(world, busy, moved, ended));
    auto writer = [](World w, ByteStream& to) -> awaitable<void> {
      const std::string block = numbered(100'000);
      for (;;) {
        auto copy = block;
        const auto done = co_await write_all(to, std::move(copy), in(w.clock, 10s));
        if (!done) break;
      }
    };
    auto reader = [](World w, ByteStream& from) -> awaitable<void> {
      for (;;) {
        const auto some = co_await read_some(from, 100'000, in(w.clock, 10s));
        if (!some) break;
      }
    };
    tasks.spawn("write", writer(world, busy.first.client));
    tasks.spawn("read", reader(world, busy.second.client));
    co_await sleep_for(world.clock, 50ms);  // comes back
    tasks.cancel();
    co_await tasks.join();
  };
  this->ask(question);
}

}  // namespace
}  // namespace deskcheck::net
