#include "client-sim/channel/server_security.hpp"
#include "client-sim/scenario/party.hpp"

#include <optional>

namespace deskcheck::scenario {

namespace {

class TcpParty final : public Speaker {
 public:
  using Speaker::Speaker;

  net::Endpoint address() const override { return stream_ ? stream_->local() : birth_.home; }

  Task<net::Result<void>> open(net::Deadline deadline) override {
    if (stream_) co_return net::Result<void>();
    const sim::Recorder recorder = birth_.recorder;
    auto connecting =
        role().transport == sim::Transport::websocket
            ? sim::MessageStream::connect_websocket(birth_.world, birth_.home, server(),
                                                    sim::Upgrade(), recorder, deadline)
            : sim::MessageStream::connect(birth_.world, birth_.home, server(), recorder, deadline);
    auto stream = co_await std::move(connecting);
    if (!stream) co_return stream.error();
    if (role().secure) {
      auto secured = co_await secure(*stream, deadline);
      if (!secured) co_return secured.error();
    }
    stream_.emplace(std::move(*stream));
    ended_ = false;
    co_return net::Result<void>();
  }

  Task<void> send(sim::Protocol protocol, std::string bytes, net::Deadline deadline) override {
    stream_->speak(protocol);
    (void)co_await stream_->send(std::move(bytes), deadline);
    // What follows at a relay is said by the other client.
    if (role().port == Role::Port::relay) stream_->speak(sim::Protocol::raw);
  }

  Task<void> send_raw(std::string bytes, net::Deadline deadline) override {
    (void)co_await stream_->send_bytes(std::move(bytes), deadline);
  }

  void listen_for(sim::Protocol protocol) override {
    if (stream_) stream_->speak(protocol);
  }

  // The end is heard once; then there is nothing more.
  Task<net::Result<Heard>> hear(bool first, net::Deadline deadline) override {
    if (ended_ && !first) {
      co_await net::sleep_until(*deadline.clock, deadline.at);
      co_return boost::asio::error::timed_out;
    }
    auto payload = co_await stream_->receive(deadline);
    co_return heard_of(std::move(payload));
  }

  Task<net::Result<Heard>> hear_raw(std::size_t count, net::Deadline deadline) override {
    net::Result<std::string> bytes = boost::asio::error::timed_out;
    if (count == 0)
      bytes = co_await stream_->receive_bytes(deadline);
    else
      bytes = co_await stream_->receive_exactly(count, deadline);
    co_return heard_of(std::move(bytes));
  }

  void close(Step::Close how) override {
    if (!stream_) return;
    if (how == Step::Close::half) return stream_->shutdown_send();
    if (how == Step::Close::reset) stream_->reset();
    stream_->close();
    stream_.reset();
  }

  void move_to(net::Endpoint home) override {
    close(Step::Close::orderly);
    birth_.home = home;
  }

 private:
  net::Result<Heard> heard_of(net::Result<std::string> bytes) {
    if (!bytes && bytes.error() == boost::asio::error::timed_out) return bytes.error();
    Heard heard;
    ended_ = !bytes;
    if (bytes)
      heard.bytes = std::move(*bytes);
    else
      heard.what = Heard::What::end;
    return heard;
  }

  Task<net::Result<void>> secure(sim::MessageStream& stream, net::Deadline deadline) {
    const auto& signer = birth_.site.signer;
    std::string key = signer ? wire::to_text(*signer) : birth_.site.key;
    net::Random random = birth_.world.random.fork("key of " + role().name);
    auto secured = co_await sim::secure_with_server(&stream, std::move(key), &random, deadline);
    if (!secured) co_return secured.error();
    if (!stream.encrypted()) co_return boost::asio::error::operation_not_supported;
    co_return net::Result<void>();
  }

  net::Endpoint server() const {
    if (role().transport == sim::Transport::websocket)
      return role().port == Role::Port::relay ? birth_.site.relay_websocket : birth_.site.websocket;
    switch (role().port) {
      case Role::Port::nat:
        return birth_.site.nat;
      case Role::Port::relay:
        return birth_.site.relay;
      case Role::Port::rendezvous:
        break;
    }
    return birth_.site.rendezvous;
  }

  std::optional<sim::MessageStream> stream_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Speaker> make_tcp_party(Birth birth) {
  return std::make_unique<TcpParty>(std::move(birth));
}

}  // namespace deskcheck::scenario
