// Asks both worlds the same questions: a typed fixture, and what its coroutines need. Coroutines
// cannot use ASSERT_*: need() unwraps a result or ends the test with its text.
#pragma once

#include "proto/net/real_world.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"

#include <gtest/gtest.h>

namespace deskcheck::net {

using namespace std::chrono_literals;

// `ask(question)` runs a coroutine lambda of (World) inside the world. The lambda is kept alive.
template <class AnyWorld>
class BothWorlds : public testing::Test {
 protected:
  template <class Question>
  void ask(const Question& question) {
    any.run(question(any.world()));
  }
  AnyWorld any{std::uint64_t{7}};
};
using TheWorlds = testing::Types<RealWorld, SimWorld>;

// The value, or an exception that fails the test.
template <class T>
T need(Result<T> result) {
  if (result.has_error()) throw boost::system::system_error(result.error(), "need");
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
error_code error_of(const Result<T>& result) {
  return result.has_error() ? result.error() : error_code();
}

inline Endpoint home(std::uint16_t port = 0) { return endpoint("127.0.3.1", port); }
inline Endpoint there(std::uint16_t port = 0) { return endpoint("127.0.3.2", port); }

// Both ends of one connection.
struct Pair {
  ByteStream client, server;
};
inline awaitable<Pair> connected(World world) {
  auto listener = world.network.listen(there());
  const auto deadline = in(world.clock, 5s);
  auto client = co_await world.network.connect(home(), listener->local(), deadline);
  auto server = co_await listener->accept(deadline);
  Pair pair;
  pair.client = need(std::move(client));
  pair.server = need(std::move(server));
  co_return std::move(pair);
}

// Long enough for anything that is on its way over loopback or a simulated link.
inline awaitable<void> settle(World world) { return sleep_for(world.clock, 30ms); }

}  // namespace deskcheck::net
