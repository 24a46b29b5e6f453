// The same questions about WebSockets to both worlds.
#include "proto/net/websocket.hpp"
#include "proto/net/task_group.hpp"
#include "proto/net/world_test.hpp"

#include <boost/beast/websocket/error.hpp>

namespace deskcheck::net {
namespace {

using Kind = WebSocketMessage::Kind;
constexpr std::size_t kLimit = 1 << 20;  // bytes

awaitable<void> take_upgrade(World world, ByteStream stream, Result<WebSocket>* accepted) {
  *accepted = co_await WebSocket::accept(std::move(stream), kLimit, in(world.clock, 10s));
}

struct Sockets {
  Sockets(WebSocket c, WebSocket s) : client(std::move(c)), server(std::move(s)) {}
  WebSocket client, server;
};

awaitable<Sockets> upgraded(World world) {
  auto pair = co_await connected(world);
  TaskGroup tasks(world.executor);
  Result<WebSocket> server = error_code(asio::error::timed_out);
  tasks.spawn("accept", take_upgrade(world, std::move(pair.server), &server));
  const HttpHeaders headers = {{"X-Real-IP", "10.1.2.3"}};
  auto client = co_await WebSocket::connect(std::move(pair.client), "server.example", "/ws/id",
                                            headers, kLimit, in(world.clock, 10s));
  co_await tasks.join();
  co_return Sockets(need(std::move(client)), need(std::move(server)));
}

awaitable<std::string> next_of(World world, WebSocket& socket, Kind kind) {
  auto message = co_await socket.read(in(world.clock, 10s));
  auto got = need(std::move(message));
  EXPECT_EQ(got.kind, kind);
  co_return got.bytes;
}

awaitable<void> say(World world, WebSocket& socket, Kind kind, std::string bytes) {
  WebSocketMessage message(kind, std::move(bytes));
  auto written = co_await socket.write(std::move(message), in(world.clock, 10s));
  need(std::move(written));
}

template <class W>
class WebSockets : public BothWorlds<W> {};
TYPED_TEST_SUITE(WebSockets, TheWorlds);

TYPED_TEST(WebSockets, CarryMessagesOfEverySizeAndKind) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    for (const std::size_t size : {0u, 1u, 200u, 70'000u}) {
      const std::string sent(size, 'w');
      TaskGroup tasks(world.executor);  // more than fits on the way: somebody has to read meanwhile
      tasks.spawn("send", say(world, both.client, Kind::binary, sent));
      auto received = co_await next_of(world, both.server, Kind::binary);
      EXPECT_EQ(received, sent);
      co_await tasks.join();
    }
    co_await say(world, both.server, Kind::text, "words");
    auto words = co_await next_of(world, both.client, Kind::text);
    EXPECT_EQ(words, "words");
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, ShowTheRequest) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    EXPECT_EQ(both.server.request().path, "/ws/id");
    EXPECT_EQ(both.server.request().header("x-real-ip"), "10.1.2.3");
    EXPECT_EQ(both.server.request().header("host"), "server.example");
    EXPECT_EQ(both.server.request().header("x-forwarded-for"), "");
    EXPECT_EQ(both.server.remote().address, home().address);
    EXPECT_EQ(both.client.remote(), both.server.local());
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, AnswerPingsAndShowThem) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    co_await say(world, both.client, Kind::ping, "are you there");
    auto ping = co_await next_of(world, both.server, Kind::ping);
    EXPECT_EQ(ping, "are you there");
    auto pong = co_await next_of(world, both.client, Kind::pong);
    EXPECT_EQ(pong, "are you there");
  };
  this->ask(question);
}

// What a look at silence relies on: afterwards the connection is as good as before.
TYPED_TEST(WebSockets, SurviveAReadThatTimesOut) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    auto silence = co_await both.client.read(in(world.clock, 20ms));
    EXPECT_EQ(error_of(silence), asio::error::timed_out);
    co_await say(world, both.server, Kind::binary, "late");
    auto late = co_await next_of(world, both.client, Kind::binary);
    EXPECT_EQ(late, "late");
    co_await say(world, both.client, Kind::binary, "answer");
    auto answer = co_await next_of(world, both.server, Kind::binary);
    EXPECT_EQ(answer, "answer");
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, CloseInOrder) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    co_await say(world, both.client, Kind::binary, "last");
    auto last = co_await next_of(world, both.server, Kind::binary);
    EXPECT_EQ(last, "last");
    TaskGroup tasks(world.executor);
    auto end = [](World w, WebSocket* server) -> awaitable<void> {
      auto over = co_await server->read(in(w.clock, 10s));
      EXPECT_EQ(error_of(over), asio::error::eof);
    };
    tasks.spawn("server reads on", end(world, &both.server));
    auto closed = co_await both.client.close(in(world.clock, 10s));
    EXPECT_FALSE(error_of(closed)) << error_of(closed).message();
    co_await tasks.join();
    auto after = co_await both.client.read(in(world.clock, 10s));
    EXPECT_EQ(error_of(after), asio::error::eof);
  };
  this->ask(question);
}

// The owner leaves while its last read still waits: the peer sees the end.
TYPED_TEST(WebSockets, EndWithTheirOwner) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    {
      WebSocket leaving = std::move(both.client);
      auto silence = co_await leaving.read(in(world.clock, 20ms));
      EXPECT_EQ(error_of(silence), asio::error::timed_out);
    }
    auto over = co_await both.server.read(in(world.clock, 10s));
    EXPECT_TRUE(error_of(over));
    EXPECT_NE(error_of(over), asio::error::timed_out);
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, RefuseMessagesAboveTheLimit) {
  auto question = [](World world) -> awaitable<void> {
    auto both = co_await upgraded(world);
    TaskGroup tasks(world.executor);
    tasks.spawn("send", say(world, both.client, Kind::binary, std::string(kLimit + 1, 'x')));
    auto refused = co_await both.server.read(in(world.clock, 10s));
    EXPECT_EQ(error_of(refused), boost::beast::websocket::error::message_too_big);
    co_await tasks.join();
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, AnswerOtherRequestsInWords) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 10s);
    TaskGroup tasks(world.executor);
    Result<WebSocket> server = error_code();
    tasks.spawn("accept", take_upgrade(world, std::move(pair.server), &server));
    need(co_await write_all(pair.client, "GET /ws/id HTTP/1.1\r\nHost: a\r\n\r\n", deadline));
    std::string answer;
    for (;;) {
      auto more = co_await read_some(pair.client, 4096, deadline);
      if (!more) break;
      answer += *more;
    }
    co_await tasks.join();
    EXPECT_EQ(answer.substr(0, 24), "HTTP/1.1 400 Bad Request");
    EXPECT_TRUE(answer.ends_with("This port speaks WebSocket only.\n"));
    EXPECT_EQ(error_of(server), boost::beast::websocket::error::no_connection_upgrade);
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, AreDeclinedByOtherServers) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 10s);
    const std::string moved = "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
    need(co_await write_all(pair.server, moved, deadline));
    const HttpHeaders none;
    auto client =
        co_await WebSocket::connect(std::move(pair.client), "a", "/", none, kLimit, deadline);
    EXPECT_EQ(error_of(client), boost::beast::websocket::error::upgrade_declined);
  };
  this->ask(question);
}

TYPED_TEST(WebSockets, GiveUpOnAHandshakeThatNeverEnds) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    need(co_await write_all(pair.client, "GET / HTTP/1.1\r\n", in(world.clock, 10s)));
    auto server = co_await WebSocket::accept(std::move(pair.server), kLimit, in(world.clock, 50ms));
    EXPECT_EQ(error_of(server), asio::error::timed_out);
  };
  this->ask(question);
}

// A peer that does not wait for the answer to its request.
TYPED_TEST(WebSockets, TakeAMessageSentWithTheRequest) {
  auto question = [](World world) -> awaitable<void> {
    auto pair = co_await connected(world);
    const auto deadline = in(world.clock, 10s);
    const std::string eager =
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        "\x82\x82\x01\x02\x03\x04\x69\x6b";  // "hi", masked
    need(co_await write_all(pair.client, eager, deadline));
    auto accepted = co_await WebSocket::accept(std::move(pair.server), kLimit, deadline);
    auto server = need(std::move(accepted));
    auto hi = co_await next_of(world, server, Kind::binary);
    EXPECT_EQ(hi, "hi");
  };
  this->ask(question);
}

}  // namespace
}  // namespace deskcheck::net
