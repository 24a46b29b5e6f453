// What the tests of the server's shells are written with: a server in a simulated world and plain
// hands that send and receive. Tests only.
#pragma once

#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/address.hpp"
#include "proto/wire/frame.hpp"
#include "proto/wire/secure_channel.hpp"
#include "reference-server/server.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::testbed {

using namespace std::chrono_literals;
using net::awaitable;
using Message = hbb::RendezvousMessage;

inline net::Endpoint host(int n, std::uint16_t port = 0) {
  return {boost::asio::ip::address_v4(0x0A000000u + static_cast<unsigned>(n)), port};
}

// A TCP client.
class Hand {
 public:
  Hand(net::Clock& clock, net::ByteStream stream) : clock_(clock), stream_(std::move(stream)) {}

  awaitable<void> write(std::string bytes) {
    const auto deadline = net::in(clock_, 5s);
    auto done = co_await net::write_all(stream_, std::move(bytes), deadline);
    EXPECT_TRUE(done) << done.error().message();
  }
  awaitable<void> send(const Message& message) {
    auto payload = message.SerializeAsString();
    if (channel_) payload = channel_->seal(payload);
    co_await send_payload(std::move(payload));
  }
  // As it is.
  awaitable<void> send_payload(std::string payload) {
    auto frame = wire::encode_frame(payload).value();
    co_await write(std::move(frame));
  }
  // The next message that is not a heartbeat; nothing at the end of the stream or after `patience`.
  awaitable<std::optional<Message>> receive(net::Duration patience = 5s) {
    const auto until = clock_.now() + patience;
    for (;;) {
      auto payload = co_await receive_payload(until - clock_.now());
      if (!payload) co_return std::nullopt;
      if (payload->empty() && channel_) continue;
      Message message;
      EXPECT_TRUE(message.ParseFromString(*payload));
      co_return message;
    }
  }
  // The client's side of KeyExchange, which the server begins; false if it does not go well.
  awaitable<bool> secure(const wire::PublicKey& server) {
    const auto offer = co_await receive();
    if (!offer) co_return false;
    auto random = net::Random(1);
    const auto accepted = wire::accept_key_exchange(offer->key_exchange(), server, random);
    if (!accepted) co_return false;
    Message answer;
    *answer.mutable_key_exchange() = accepted->answer;
    co_await send(answer);
    channel_.emplace(accepted->key);
    co_return true;
  }
  // The next payload, decrypted.
  awaitable<std::optional<std::string>> receive_payload(net::Duration patience = 5s) {
    const auto deadline = net::in(clock_, patience);
    for (;;) {
      auto payload = decoder_.next().value();
      if (payload) {
        if (!channel_) co_return *payload;
        const auto opened = channel_->open(*payload);
        if (!opened) error_ = opened.error();
        co_return opened ? std::optional<std::string>(*opened) : std::nullopt;
      }
      auto bytes = co_await net::read_some(stream_, 4096, deadline);
      if (!bytes) {
        error_ = bytes.error();
        co_return std::nullopt;
      }
      decoder_.feed(*bytes);
    }
  }
  // `count` bytes as they come, or what came before the end.
  awaitable<std::string> bytes(std::size_t count) {
    std::string all;
    const auto deadline = net::in(clock_, 40s);
    while (all.size() < count) {
      auto more = co_await net::read_some(stream_, count - all.size(), deadline);
      if (!more) {
        error_ = more.error();
        break;
      }
      all += *more;
    }
    co_return all;
  }
  // Waits for the end of the stream; false if something else comes first.
  awaitable<bool> ended(net::Duration patience = 5s) {
    const auto deadline = net::in(clock_, patience);
    auto more = co_await net::read_some(stream_, 1, deadline);
    co_return !more && more.error() != boost::asio::error::timed_out;
  }
  net::error_code error() const { return error_; }
  net::Endpoint local() { return stream_->local(); }
  net::ByteStream& stream() { return stream_; }

 private:
  net::Clock& clock_;
  net::ByteStream stream_;
  wire::FrameDecoder decoder_;
  std::optional<wire::SecureChannel> channel_;
  net::error_code error_;
};

// A UDP client.
class Device {
 public:
  Device(net::World& world, net::Endpoint local, net::Endpoint server)
      : clock_(world.clock), socket_(world.network.bind_udp(local)), server_(server) {}

  void send_bytes(std::string bytes) {
    const net::Datagram datagram{server_, std::move(bytes)};
    socket_->send(std::span(&datagram, 1));
  }
  void send(const Message& message) { send_bytes(message.SerializeAsString()); }
  awaitable<std::optional<Message>> receive(net::Duration patience = 1s) {
    const auto deadline = net::in(clock_, patience);
    if (inbox_.empty()) {
      auto got = co_await socket_->receive(inbox_, deadline);
      if (!got) co_return std::nullopt;
    }
    Message message;
    EXPECT_TRUE(message.ParseFromString(inbox_.front().bytes));
    inbox_.erase(inbox_.begin());
    co_return message;
  }
  awaitable<std::optional<Message>> ask(const Message& message) {
    send(message);
    co_return co_await receive();
  }

 private:
  net::Clock& clock_;
  std::unique_ptr<net::DatagramSocket> socket_;
  net::Endpoint server_;
  std::vector<net::Datagram> inbox_;
};

inline Message register_pk(const std::string& id, const std::string& uuid = "uuid",
                           const std::string& pk = std::string(32, 'k')) {
  Message message;
  auto& r = *message.mutable_register_pk();
  r.set_id(id);
  r.set_uuid(uuid);
  r.set_pk(pk);
  return message;
}
inline Message register_peer(const std::string& id) {
  Message message;
  message.mutable_register_peer()->set_id(id);
  return message;
}
inline Message punch_hole_request(const std::string& id) {
  Message message;
  message.mutable_punch_hole_request()->set_id(id);
  message.mutable_punch_hole_request()->set_nat_type(hbb::ASYMMETRIC);
  return message;
}
inline Message request_relay(const std::string& uuid) {
  Message message;
  message.mutable_request_relay()->set_uuid(uuid);
  return message;
}

class ServerTest : public ::testing::Test {
 protected:
  // Runs `scenario` with a server; whatever it leaves behind is cancelled.
  template <class Scenario>
  void with_server(Scenario scenario, net::Duration horizon = 1h) {
    const auto ending = sim.run(life(scenario), horizon);
    EXPECT_EQ(ending, net::Ending::finished) << sim.stuck_report();
  }
  awaitable<Hand> connect(net::Endpoint from, net::Endpoint to) {
    const auto deadline = net::in(sim, 5s);
    auto stream = co_await world.network.connect(from, to, deadline);
    co_return Hand(sim, std::move(stream.value()));
  }

  net::SimWorld sim{1};
  net::World world = sim.world();
  MemoryPeerStore store;
  Options options = [] {
    Options o;
    o.bind = host(100).address;
    return o;
  }();
  Ports ports;

 private:
  template <class Scenario>
  awaitable<void> life(Scenario& scenario) {
    Server server(world, options, store);
    server.start();
    ports = server.ports();
    net::TaskGroup body(world.executor);
    body.spawn("scenario", scenario());
    co_await body.join();
    co_await server.stop();
    if (body.failure()) std::rethrow_exception(body.failure());
  }
};

}  // namespace deskcheck::server::testbed
