// A WebSocket client for the tests of the server's shells. Tests only.
#pragma once

#include "proto/net/websocket.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {

using Kind = net::WebSocketMessage::Kind;

class WebHand {
 public:
  WebHand(net::Clock& clock, net::WebSocket socket) : clock_(clock), socket_(std::move(socket)) {}

  awaitable<void> write(net::WebSocketMessage message) {
    const auto deadline = net::in(clock_, 5s);
    auto done = co_await socket_.write(std::move(message), deadline);
    if (!done) error_ = done.error();
  }
  awaitable<void> send(const Message& message) {
    net::WebSocketMessage binary(Kind::binary, message.SerializeAsString());
    co_await write(std::move(binary));
  }
  // The next message of any kind; nothing at the end or after `patience`.
  awaitable<std::optional<net::WebSocketMessage>> next(net::Duration patience = 5s) {
    const auto deadline = net::in(clock_, patience);
    auto message = co_await socket_.read(deadline);
    if (!message) {
      error_ = message.error();
      co_return std::nullopt;
    }
    co_return std::move(*message);
  }
  // The next message that is not a heartbeat.
  awaitable<std::optional<Message>> receive(net::Duration patience = 5s) {
    for (;;) {
      auto binary = co_await next(patience);
      if (!binary) co_return std::nullopt;
      if (binary->bytes.empty()) continue;
      EXPECT_TRUE(binary->kind == Kind::binary);
      Message message;
      EXPECT_TRUE(message.ParseFromString(binary->bytes));
      co_return message;
    }
  }
  net::error_code error() const { return error_; }

 private:
  net::Clock& clock_;
  net::WebSocket socket_;
  net::error_code error_;
};

class WebTest : public ServerTest {
 protected:
  awaitable<WebHand> web_connect(net::Endpoint from, std::string path,
                                 net::HttpHeaders headers = {}) {
    const auto deadline = net::in(sim, 5s);
    auto stream = co_await world.network.connect(from, ports.websocket, deadline);
    std::string name = "server";
    auto socket =
        co_await net::WebSocket::connect(std::move(stream.value()), std::move(name),
                                         std::move(path), std::move(headers), 1 << 20, deadline);
    co_return WebHand(sim, std::move(socket.value()));
  }
};

}  // namespace deskcheck::server::testbed
