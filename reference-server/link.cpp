#include "reference-server/link.hpp"

#include "proto/net/stream.hpp"
#include "reference-server/faults/wrong.hpp"

namespace deskcheck::server {

namespace {

class FramedLink final : public Link {
 public:
  FramedLink(net::ByteStream stream, const std::string& early, std::size_t limit,
             const WrongPolicies& wrong)
      : stream_(std::move(stream)), frames_(stream_, limit, wrong), wrong_(wrong) {
    frames_.feed(early);
  }

  net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) override {
    auto payload = co_await frames_.next(deadline);
    if (!payload) co_return payload.error();
    co_return std::optional<std::string>(std::move(*payload));
  }
  net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) override {
    auto frame = wrong_.long_frame_headers ? frame_with_long_header(payload)
                                           : wire::encode_frame(payload).value();
    return net::write_all(stream_, std::move(frame), deadline);
  }
  net::awaitable<void> finish(net::Deadline deadline) override {
    stream_->shutdown_send();
    for (;;) {
      auto dropped = co_await net::read_some(stream_, 1024, deadline);
      if (!dropped) co_return;
    }
  }
  void reset() override { stream_->reset(); }
  bool cut() const override { return frames_.mid_frame(); }

 private:
  net::ByteStream stream_;
  FrameReader frames_;
  const WrongPolicies& wrong_;
};

class WebSocketLink final : public Link {
 public:
  using Kind = net::WebSocketMessage::Kind;

  WebSocketLink(net::WebSocket socket, const WrongPolicies& wrong)
      : socket_(std::move(socket)), wrong_(wrong) {}

  net::awaitable<net::Result<std::optional<std::string>>> read(net::Deadline deadline) override {
    auto message = co_await socket_.read(deadline);
    if (!message) co_return message.error();
    std::optional<std::string> payload;
    const bool text = message->kind == Kind::text && wrong_.websocket_texts_are_served;
    if (message->kind == Kind::binary || text) payload = std::move(message->bytes);
    co_return payload;
  }
  net::awaitable<net::Result<void>> write(std::string payload, net::Deadline deadline) override {
    const auto kind = wrong_.websocket_answers_are_texts ? Kind::text : Kind::binary;
    if (wrong_.websocket_messages_have_headers) payload = wire::encode_frame(payload).value();
    return socket_.write({kind, std::move(payload)}, deadline);
  }
  net::awaitable<void> finish(net::Deadline deadline) override {
    auto closed = co_await socket_.close(deadline);
    (void)closed;  // the peer may be gone
  }
  void reset() override { socket_.reset(); }

 private:
  net::WebSocket socket_;
  const WrongPolicies& wrong_;
};

}  // namespace

std::unique_ptr<Link> make_framed_link(net::ByteStream stream, std::string early, std::size_t limit,
                                       const WrongPolicies& wrong) {
  return std::make_unique<FramedLink>(std::move(stream), early, limit, wrong);
}

std::unique_ptr<Link> make_websocket_link(net::WebSocket socket, const WrongPolicies& wrong) {
  return std::make_unique<WebSocketLink>(std::move(socket), wrong);
}

}  // namespace deskcheck::server
