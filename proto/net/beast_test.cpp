// Beast's WebSocket and HTTP run over ByteStream in both worlds. The one test that compiles Beast.
#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace deskcheck::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using WebSocket = beast::websocket::stream<ByteStream, false>;

template <class W>
class Beast : public BothWorlds<W> {};
TYPED_TEST_SUITE(Beast, TheWorlds);

awaitable<void> websocket_echo(World world, ByteStream stream) {
  const auto deadline = in(world.clock, 10s);
  WebSocket socket(std::move(stream));
  socket.binary(true);
  need(co_await socket.async_accept(deadline));
  for (;;) {
    beast::flat_buffer buffer;
    auto read = co_await socket.async_read(buffer, deadline);
    if (error_of(read) == beast::websocket::error::closed) co_return;
    need(std::move(read));
    const std::string bytes = beast::buffers_to_string(buffer.data());
    const auto view = asio::buffer(bytes);
    need(co_await socket.async_write(view, deadline));
  }
}

TYPED_TEST(Beast, WebSocketEchoesAndCloses) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 10s);
    TaskGroup server(world.executor);
    server.spawn("echo", websocket_echo(world, std::move(pair.server)));
    WebSocket socket(std::move(pair.client));
    socket.binary(true);
    need(co_await socket.async_handshake("rendezvous", "/ws/id", deadline));
    for (const std::size_t size : {1u, 200u, 70000u}) {
      const std::string sent(size, 'w');
      const auto view = asio::buffer(sent);
      need(co_await socket.async_write(view, deadline));
      beast::flat_buffer buffer;
      need(co_await socket.async_read(buffer, deadline));
      EXPECT_EQ(beast::buffers_to_string(buffer.data()), sent);
      EXPECT_TRUE(socket.got_binary());
    }
    beast::flat_buffer nothing;
    auto silent = co_await socket.async_read(nothing, in(world.clock, 20ms));
    EXPECT_EQ(error_of(silent), asio::error::timed_out);
    co_await server.join_until(in(world.clock, 20ms));
  };
  this->ask(question);
}

TYPED_TEST(Beast, WebSocketClosesInBothDirections) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    TaskGroup server(world.executor);
    server.spawn("echo", websocket_echo(world, std::move(pair.server)));
    WebSocket socket(std::move(pair.client));
    need(co_await socket.async_handshake("rendezvous", "/ws/id", in(world.clock, 10s)));
    const beast::websocket::close_reason reason(beast::websocket::close_code::normal);
    need(co_await socket.async_close(reason, in(world.clock, 10s)));
    co_await server.join();
    EXPECT_EQ(server.failure(), nullptr);
  };
  this->ask(question);
}

awaitable<void> http_upper(World world, ByteStream stream) {
  const auto deadline = in(world.clock, 10s);
  beast::flat_buffer buffer;
  for (bool more = true; more;) {
    http::request<http::string_body> request;
    need(co_await http::async_read(stream, buffer, request, deadline));
    http::response<http::string_body> response(http::status::ok, request.version());
    response.keep_alive(request.keep_alive());
    response.body() = std::string(request.target()) + " got " + request.body();
    response.prepare_payload();
    more = response.keep_alive();
    need(co_await http::async_write(stream, response, deadline));
  }
}

TYPED_TEST(Beast, HttpOnAKeptConnection) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 10s);
    TaskGroup server(world.executor);
    server.spawn("http", http_upper(world, std::move(pair.server)));
    beast::flat_buffer buffer;
    for (const bool last : {false, false, true}) {
      http::request<http::string_body> request(http::verb::post, "/api/login", 11);
      request.body() = R"({"id":"x"})";
      request.keep_alive(!last);
      request.prepare_payload();
      need(co_await http::async_write(pair.client, request, deadline));
      http::response<http::string_body> response;
      need(co_await http::async_read(pair.client, buffer, response, deadline));
      EXPECT_EQ(response.body(), R"(/api/login got {"id":"x"})");
    }
    co_await server.join();
    EXPECT_EQ(server.failure(), nullptr);
    auto end = co_await read_some(pair.client, 1, deadline);
    EXPECT_EQ(error_of(end), asio::error::eof);
  };
  this->ask(question);
}

// Beast draws masks itself, so only sizes enter the hash: it must still be equal for equal seeds.
TEST(BeastInSimWorld, EqualSeedsGiveEqualHashes) {
  auto hash = [](std::uint64_t seed) {
    SimWorld sim(seed);
    sim.default_link().max_read = 7;
    sim.default_link().jitter = 1ms;
    auto scenario = [](World world) -> awaitable<void> {
      auto pair = co_await connected(world);
      TaskGroup server(world.executor);
      server.spawn("echo", websocket_echo(world, std::move(pair.server)));
      WebSocket socket(std::move(pair.client));
      need(co_await socket.async_handshake("rendezvous", "/ws/id", in(world.clock, 10s)));
      const auto view = asio::buffer("hello", 5);
      need(co_await socket.async_write(view, in(world.clock, 10s)));
      beast::flat_buffer buffer;
      need(co_await socket.async_read(buffer, in(world.clock, 10s)));
      co_await server.join_until(in(world.clock, 20ms));
    };
    EXPECT_EQ(sim.run(scenario(sim.world())), Ending::finished);
    return sim.trace().hash();
  };
  EXPECT_EQ(hash(3), hash(3));
  EXPECT_NE(hash(3), hash(4));
}

}  // namespace
}  // namespace deskcheck::net
