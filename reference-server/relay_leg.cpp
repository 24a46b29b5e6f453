#include "reference-server/relay_leg.hpp"

#include "proto/net/stream.hpp"

namespace deskcheck::server {

namespace {

constexpr std::size_t kRead = 64 * 1024;

class FramedLeg final : public RelayLeg {
 public:
  explicit FramedLeg(RelayParty& party) : stream_(party.stream), decoder_(kLongestRelayed) {
    decoder_.feed(party.early);
  }
  net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) override {
    auto before = decoder_.next();
    if (!before) co_return before.error();
    if (*before) co_return std::move(*before);
    auto bytes = co_await net::read_some(stream_, kRead, deadline);
    if (!bytes) co_return bytes.error();
    decoder_.feed(*bytes);
    co_return decoder_.next();
  }
  net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) override {
    auto frame = wire::encode_frame(payload).value();
    return net::write_all(stream_, std::move(frame), deadline);
  }
  net::awaitable<void> finish(net::Deadline deadline) override {
    stream_->shutdown_send();
    for (;;) {
      auto dropped = co_await net::read_some(stream_, kRead, deadline);
      if (!dropped) co_return;
    }
  }

 private:
  net::ByteStream& stream_;
  wire::FrameDecoder decoder_;
};

class WebSocketLeg final : public RelayLeg {
 public:
  explicit WebSocketLeg(RelayParty& party) : socket_(*party.socket) {}

  net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) override {
    auto message = co_await socket_.read(deadline);
    if (!message) co_return message.error();
    std::optional<std::string> payload;
    if (message->kind == net::WebSocketMessage::Kind::binary) payload = std::move(message->bytes);
    co_return payload;
  }
  net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) override {
    return socket_.write({net::WebSocketMessage::Kind::binary, std::move(payload)}, deadline);
  }
  net::awaitable<void> finish(net::Deadline deadline) override {
    auto closed = co_await socket_.close(deadline);
    (void)closed;  // the party may be gone
  }

 private:
  net::WebSocket& socket_;
};

}  // namespace

void RelayParty::reset() {
  if (socket)
    socket->reset();
  else
    stream->reset();
}

std::unique_ptr<RelayLeg> make_leg(RelayParty& party) {
  if (party.socket) return std::make_unique<WebSocketLeg>(party);
  return std::make_unique<FramedLeg>(party);
}

}  // namespace deskcheck::server
