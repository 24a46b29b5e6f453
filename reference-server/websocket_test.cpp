// WebSocket P+2: the same messages as on TCP P, devices that register there, and who stands behind
// a proxy.
#include "proto/wire/describe.hpp"
#include "reference-server/web_hand.hpp"

namespace deskcheck::server::testbed {
namespace {

class WebSocketTest : public WebTest {
 protected:
  WebSocketTest() { options.identity = wire::key_pair_from_seed({}); }
};

TEST_F(WebSocketTest, CarriesOneMessageInEachBinaryMessageOnAnyPath) {
  const auto scenario = [this]() -> awaitable<void> {
    for (const char* path : {"/", "/ws/id", "/any/other?path"}) {
      auto hand = co_await web_connect(host(1), path);
      const auto request = punch_hole_request("nobody");
      co_await hand.send(request);
      const auto answer = co_await hand.receive();
      EXPECT_TRUE(answer && answer->has_punch_hole_response()) << "and no KeyExchange before it";
    }
  };
  with_server(scenario);
}

TEST_F(WebSocketTest, TextsAndPingsAreLifeAndNothingElse) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await web_connect(host(1), "/");
    for (int i = 0; i < 4; ++i) {
      const auto request = punch_hole_request("nobody");
      net::WebSocketMessage text(Kind::text, request.SerializeAsString());
      co_await hand.write(std::move(text));
      co_await net::sleep_for(sim, 10s);
      net::WebSocketMessage ping(Kind::ping, "?");
      co_await hand.write(std::move(ping));
      auto pong = co_await hand.next(1s);
      EXPECT_TRUE(pong && pong->kind == Kind::pong);
      co_await net::sleep_for(sim, 10s);
    }
    const auto ended = co_await hand.next(31s);
    EXPECT_FALSE(ended);
    EXPECT_EQ(hand.error(), boost::asio::error::eof) << "closed, after 30 s of silence";
  };
  with_server(scenario);
}

TEST_F(WebSocketTest, AnUnfinishedHandshakeEnds) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await connect(host(1), ports.websocket);
    const std::string half = "GET / HTTP/1.1\r\nHost: x\r\n";
    co_await hand.write(half);
    const bool ended = co_await hand.ended(11s);
    EXPECT_TRUE(ended);
  };
  with_server(scenario);
}

TEST_F(WebSocketTest, ADeviceRegistersAndIsReached) {
  const auto scenario = [this]() -> awaitable<void> {
    auto device = co_await web_connect(host(1), "/ws/id");
    const auto registration = register_pk("123456789");
    co_await device.send(registration);
    auto answer = co_await device.receive();
    EXPECT_TRUE(answer && answer->register_pk_response().keep_alive() == 30);
    for (int i = 0; i < 5; ++i) {
      const auto heartbeat = co_await device.next(30s);
      EXPECT_TRUE(heartbeat && heartbeat->kind == Kind::binary && heartbeat->bytes.empty());
      net::WebSocketMessage echo;
      co_await device.write(std::move(echo));
    }
    // Even from the device's own address a WebSocket is never taken for a neighbour.
    auto controller = co_await web_connect(host(1), "/ws/id");
    const auto request = punch_hole_request("123456789");
    co_await controller.send(request);
    const auto push = co_await device.receive();
    EXPECT_TRUE(push && push->has_punch_hole());

    auto answering = co_await web_connect(host(1), "/ws/id");
    Message relay;
    relay.mutable_relay_response()->set_id("123456789");
    relay.mutable_relay_response()->set_socket_addr(push->punch_hole().socket_addr());
    co_await answering.send(relay);
    answer = co_await controller.receive();
    EXPECT_TRUE(answer && answer->has_relay_response());
    const auto ended = co_await answering.next(5s);
    EXPECT_FALSE(ended);
    EXPECT_EQ(answering.error(), boost::asio::error::eof);
  };
  with_server(scenario);
}

TEST_F(WebSocketTest, ClientsBehindATrustedProxyAreToldApart) {
  options.trusted_proxies = {*AddressRange::parse("10.0.0.7")};
  const auto scenario = [this]() -> awaitable<void> {
    auto device = co_await web_connect(host(1), "/");
    const auto registration = register_pk("123456789");
    co_await device.send(registration);
    auto answer = co_await device.receive();
    EXPECT_TRUE(answer && answer->has_register_pk_response());
    const auto request = punch_hole_request("123456789");
    const net::HttpHeaders real = {{"X-Real-IP", "203.0.113.7"}};
    auto first = co_await web_connect(host(7, 4000), "/", real);
    auto second = co_await web_connect(host(7, 4001), "/", real);
    auto liar = co_await web_connect(host(8), "/", real);
    std::set<net::Endpoint> seen;
    for (auto* hand : {&first, &second, &liar}) {
      co_await hand->send(request);
      const auto push = co_await device.receive();
      EXPECT_TRUE(push && push->has_punch_hole());
      const auto requester = wire::decode_address(push->punch_hole().socket_addr());
      EXPECT_EQ(requester.address.to_string(), hand == &liar ? "10.0.0.8" : "203.0.113.7");
      EXPECT_TRUE(seen.insert(requester).second);

      auto answering = co_await web_connect(host(1), "/");
      Message relay;
      relay.mutable_relay_response()->set_id("123456789");
      relay.mutable_relay_response()->set_socket_addr(push->punch_hole().socket_addr());
      co_await answering.send(relay);
      answer = co_await hand->receive();
      EXPECT_TRUE(answer && answer->has_relay_response());
    }
  };
  with_server(scenario);
}

TEST_F(WebSocketTest, SomethingElseIsRefused) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await connect(host(1), ports.websocket);
    const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    co_await hand.write(request);
    const auto answer = co_await hand.bytes(12);
    EXPECT_EQ(answer, "HTTP/1.1 400");
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
