// Relayed parties on WebSockets: payloads of frames and messages, early ones, empty ones, limits.
#include "proto/net/websocket.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

using Kind = net::WebSocketMessage::Kind;

class RelayWebSocketTest : public ServerTest {
 protected:
  awaitable<net::WebSocket> open(net::Endpoint from, std::string path = "/ws/relay") {
    net::HttpHeaders none;
    co_return co_await open_with(from, std::move(path), std::move(none));
  }
  awaitable<net::WebSocket> open_with(net::Endpoint from, std::string path,
                                      net::HttpHeaders headers) {
    const auto deadline = net::in(sim, 5s);
    auto stream = co_await world.network.connect(from, ports.relay_websocket, deadline);
    auto socket = co_await net::WebSocket::connect(std::move(*stream), "x", std::move(path),
                                                   std::move(headers), 32 << 20, deadline);
    co_return std::move(socket.value());
  }
  awaitable<void> send(net::WebSocket& socket, std::string payload, Kind kind = Kind::binary) {
    net::WebSocketMessage message(kind, std::move(payload));
    const auto deadline = net::in(sim, 40s);
    auto sent = co_await socket.write(std::move(message), deadline);
    EXPECT_TRUE(sent);
  }
  // The next payload, or "!" and the error.
  awaitable<std::string> hear(net::WebSocket& socket, net::Duration patience = 40s) {
    const auto deadline = net::in(sim, patience);
    auto message = co_await socket.read(deadline);
    if (!message) co_return "!" + message.error().message();
    EXPECT_EQ(message->kind, Kind::binary);
    co_return std::move(message->bytes);
  }
  awaitable<net::WebSocket> party(int n, std::string uuid) {
    auto socket = co_await open(host(n));
    auto request = request_relay(uuid).SerializeAsString();
    co_await send(socket, std::move(request));
    co_return socket;
  }
  awaitable<Hand> tcp_party(int n, std::string uuid, std::string early = "") {
    auto hand = co_await connect(host(n), ports.relay);
    co_await hand.write(wire::encode_frame(request_relay(uuid).SerializeAsString()).value() +
                        early);
    co_return hand;
  }
  static std::string frame(const std::string& payload) {
    return wire::encode_frame(payload).value();
  }
  const std::string end_ = "!" + net::error_code(boost::asio::error::eof).message();
};

TEST_F(RelayWebSocketTest, TranslatesFramesAndMessages) {
  const auto scenario = [this]() -> awaitable<void> {
    auto tcp = co_await tcp_party(1, "x", frame("early") + frame(""));
    co_await tcp.write(frame("later").substr(0, 3));
    auto web = co_await party(2, "x");
    co_await tcp.write(frame("later").substr(3));
    for (const std::string expected : {"early", "", "later"}) {
      auto heard = co_await hear(web);
      EXPECT_EQ(heard, expected);
    }
    const std::string empty, long_one(70'000, 'z');
    co_await send(web, empty);
    co_await send(web, long_one);
    const auto expected = frame(empty) + frame(long_one);
    auto heard = co_await tcp.bytes(expected.size());
    EXPECT_EQ(heard, expected);
    co_await send(web, "no payload", Kind::text);
    co_await send(web, "bye");
    auto closed = co_await web.close(net::in(sim, 5s));
    EXPECT_TRUE(closed);
    heard = co_await tcp.bytes(100);
    EXPECT_EQ(heard, frame("bye"));
    EXPECT_EQ(tcp.error(), boost::asio::error::eof);
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, TheFirstPartyMayBeTheWebSocket) {
  const auto scenario = [this]() -> awaitable<void> {
    auto web = co_await party(1, "x");
    co_await send(web, "early");
    auto tcp = co_await tcp_party(2, "x");
    auto heard = co_await tcp.bytes(6);
    EXPECT_EQ(heard, frame("early"));
    co_await tcp.write(frame("bye"));
    tcp.stream().close();
    heard = co_await hear(web);
    EXPECT_EQ(heard, "bye");
    const auto begin = sim.now();
    heard = co_await hear(web);
    EXPECT_EQ(heard, end_);
    EXPECT_LT(sim.now() - begin, 1s);
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, PassesMessagesAsTheyAre) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await party(1, "x");
    auto second = co_await party(2, "x");
    const std::string big(1 << 20, 'b');
    for (const std::string& payload : {std::string(), std::string("a"), big}) {
      co_await send(first, payload);
      auto heard = co_await hear(second);
      EXPECT_EQ(heard, payload);
      co_await send(second, payload);
      heard = co_await hear(first);
      EXPECT_EQ(heard, payload);
    }
    first.reset();
    auto heard = co_await hear(second, 5s);
    EXPECT_EQ(heard.front(), '!');
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, TakesAnyPathAndLoopback) {
  options.bind = boost::asio::ip::address_v4::loopback();
  const auto scenario = [this]() -> awaitable<void> {
    const auto here = net::endpoint("127.0.0.2", 0);
    const auto request = request_relay("x").SerializeAsString();
    auto first = co_await open(here, "/");
    co_await send(first, request);
    auto second = co_await open(here, "/any/path?x=1");
    co_await send(second, request);
    co_await send(first, "hello");
    auto heard = co_await hear(second);
    EXPECT_EQ(heard, "hello");
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, RefusesByClosing) {
  const auto scenario = [this]() -> awaitable<void> {
    const auto other = register_peer("x").SerializeAsString();
    for (const std::string& payload : {other, std::string("\x08\xff\xff"), std::string()}) {
      auto bad = co_await open(host(1));
      co_await send(bad, payload);
      auto heard = co_await hear(bad, 5s);
      EXPECT_EQ(heard.front(), '!');
    }
    auto text = co_await open(host(1));
    co_await send(text, "hello", Kind::text);
    auto heard = co_await hear(text, 5s);
    EXPECT_EQ(heard.front(), '!');
    const auto begin = sim.now();
    auto silent = co_await open(host(1));
    heard = co_await hear(silent);
    EXPECT_EQ(heard.front(), '!');
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 30000, 100);
    auto unfinished = co_await connect(host(1), ports.relay_websocket);
    co_await unfinished.write("GET / HTTP/1.1\r\n");
    const bool ended = co_await unfinished.ended(15s);
    EXPECT_TRUE(ended);
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, SilenceEndsASession) {
  const auto scenario = [this]() -> awaitable<void> {
    auto web = co_await party(1, "x");
    auto tcp = co_await tcp_party(2, "x");
    for (int i = 0; i < 4; ++i) {
      co_await net::sleep_until(sim, sim.now() + 20s);
      co_await send(web, "x");
      auto heard = co_await tcp.bytes(2);
      EXPECT_EQ(heard, frame("x"));
    }
    const auto begin = sim.now();
    auto heard = co_await hear(web);
    EXPECT_EQ(heard, end_);
    EXPECT_GT(sim.now() - begin, 30s);
    EXPECT_LT(sim.now() - begin, 34s);
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, TheBlockListIsForThemToo) {
  options.relay_blocklist = {"10.0.0.1"};
  const auto scenario = [this]() -> awaitable<void> {
    auto blocked = co_await connect(host(1), ports.relay_websocket);
    bool ended = co_await blocked.ended();
    EXPECT_TRUE(ended);
    auto blocked_too = co_await connect(host(1), ports.relay);
    ended = co_await blocked_too.ended();
    EXPECT_TRUE(ended);
  };
  with_server(scenario);
}

TEST_F(RelayWebSocketTest, TheBlockListKnowsWhoIsBehindATrustedProxy) {
  options.relay_blocklist = {"192.0.2.7"};
  options.trusted_proxies = {AddressRange::parse("10.0.0.1").value()};
  const auto scenario = [this]() -> awaitable<void> {
    for (const int n : {1, 2}) {
      const net::HttpHeaders headers = {{"X-Real-IP", "192.0.2.7"}};
      auto socket = co_await open_with(host(n), "/ws/relay", headers);
      const auto begin = sim.now();
      auto heard = co_await hear(socket, 5s);
      EXPECT_EQ(heard.front(), '!');
      EXPECT_EQ(sim.now() - begin < 1s, n == 1) << "the second is no proxy";
    }
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
