// A WebSocket (RFC 6455) over a byte stream of either world: whole messages in and out, both sides
// of the handshake. It knows no protocol above it, and never uses a clock of its own.
#pragma once

#include "proto/net/network.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskcheck::net {

struct WebSocketMessage {
  enum class Kind { binary, text, ping, pong };
  WebSocketMessage() = default;
  WebSocketMessage(Kind k, std::string b) : kind(k), bytes(std::move(b)) {}

  Kind kind = Kind::binary;
  std::string bytes;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // name, value

// What the connecting side asked for.
struct UpgradeRequest {
  std::string path;  // with the query
  HttpHeaders headers;
  // The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const;
};

class WebSocket {
 public:
  WebSocket(WebSocket&&) noexcept;
  WebSocket& operator=(WebSocket&&) noexcept;
  ~WebSocket();  // closes the connection without a Close; sending one is what close() is for

  // The accepting side: reads the request, whatever its path, and answers 101. A request that asks
  // for something else is answered 400 and gives websocket::error::no_connection_upgrade or the
  // like. Messages longer than `message_limit` bytes end the connection.
  static awaitable<Result<WebSocket>> accept(ByteStream stream, std::size_t message_limit,
                                             Deadline deadline);
  // The connecting side. `host` is the Host header. An answer other than 101 gives
  // websocket::error::upgrade_declined.
  static awaitable<Result<WebSocket>> connect(ByteStream stream, std::string host, std::string path,
                                              HttpHeaders headers, std::size_t message_limit,
                                              Deadline deadline);

  const UpgradeRequest& request() const;  // of the accepting side
  Endpoint local() const;                 // of the connection underneath
  Endpoint remote() const;

  // The next message of any kind; pings have been answered already. A read that ends with timed_out
  // has lost nothing: the next one goes on. error::eof after a Close or the end of the stream.
  awaitable<Result<WebSocketMessage>> read(Deadline deadline);
  // One writer at a time. After an error nothing can be written any more.
  awaitable<Result<void>> write(WebSocketMessage message, Deadline deadline);
  // Sends Close and waits for the peer's; messages that come before it are dropped.
  awaitable<Result<void>> close(Deadline deadline);
  void reset();  // RST

 private:
  struct State;
  explicit WebSocket(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace deskcheck::net
