// For the tests of client-sim: a simulated world per test, and small scripted servers.
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "client-sim/channel/message_stream.hpp"
#include "client-sim/channel/render.hpp"
#include "client-sim/session/client_facts.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deskcheck::sim {

using namespace std::chrono_literals;
using net::Endpoint;

using Scenario = std::function<Task<void>(net::World)>;

// Runs `scenario` in virtual time; the test fails if it gets stuck. `latency`: of every link.
inline void simulate(const Scenario& scenario, net::Duration latency = 1ms) {
  net::SimWorld sim(1);
  sim.default_link().latency = latency;
  EXPECT_EQ(sim.run(scenario(sim.world())), net::Ending::finished) << sim.stuck_report();
}

inline net::Deadline within(const net::World& world, net::Duration time) {
  return net::in(world.clock, time);
}

inline Task<void> wait(net::World world, net::Duration time) {
  co_await net::sleep_until(world.clock, world.clock.now() + time);
}

inline const Endpoint kServer = net::endpoint("10.0.0.1", 21116);
inline const Endpoint kRelay = net::endpoint("10.0.0.1", 21117);
inline const Endpoint kDeviceHome = net::endpoint("10.0.1.1", 0);
inline const Endpoint kControllerHome = net::endpoint("10.0.2.1", 0);
inline constexpr char kDeviceId[] = "123456789";

inline wire::KeyPair some_keys(unsigned char seed) {
  wire::Bytes32 bytes{};
  bytes.fill(seed);
  return wire::key_pair_from_seed(bytes);
}

// A server made of two functions: what it answers to a datagram, what it does with a connection.
class ScriptedServer {
 public:
  struct Heard {
    net::Duration at;  // since the server was made
    Transport transport;
    Endpoint from;
    hbb::RendezvousMessage message;
  };
  using OnDatagram = std::function<std::vector<hbb::RendezvousMessage>(const Heard&)>;
  using OnConnection = std::function<Task<void>(MessageStream)>;

  ScriptedServer(net::World world, Endpoint at)
      : world_(world),
        begun_(world.clock.now()),
        udp_(world, at, Recorder()),
        listener_(world.network.listen(at)),
        tasks_(world.executor) {}

  OnDatagram on_datagram;
  OnConnection on_connection;
  // Every message, over both transports (connections: those that the script hears()).
  std::vector<Heard> heard;

  void start() {
    tasks_.spawn("udp", datagrams());
    tasks_.spawn("tcp", connections());
  }
  Task<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }
  void push(const Endpoint& to, const hbb::RendezvousMessage& message) { udp_.send(to, message); }
  // The next message of a connection, noted; an empty one after its end.
  Task<hbb::RendezvousMessage> hear(MessageStream* stream) {
    auto message = co_await stream->receive_message(net::in(world_.clock, 60s));
    if (!message) co_return hbb::RendezvousMessage();
    heard.push_back({elapsed(), Transport::tcp, stream->remote(), *message});
    co_return std::move(*message);
  }
  net::Duration elapsed() const { return world_.clock.now() - begun_; }
  net::World& world() { return world_; }

 private:
  Task<void> datagrams() {
    for (;;) {
      auto datagram = co_await udp_.next(net::in(world_.clock, net::Duration::max()));
      if (!datagram || !datagram->message) continue;
      heard.push_back({elapsed(), Transport::udp, datagram->from, *datagram->message});
      if (!on_datagram) continue;
      const Heard now = heard.back();
      for (const auto& answer : on_datagram(now)) udp_.send(now.from, answer);
    }
  }
  Task<void> connections() {
    for (;;) {
      auto accepted = co_await listener_->accept(net::in(world_.clock, net::Duration::max()));
      if (!accepted || !on_connection) continue;
      MessageStream stream(std::move(*accepted), Recorder());
      tasks_.spawn("connection", on_connection(std::move(stream)));
    }
  }

  net::World world_;
  net::Time begun_;
  DatagramChannel udp_;
  std::unique_ptr<net::Listener> listener_;
  net::TaskGroup tasks_;
};

// --- messages ---

inline hbb::RendezvousMessage register_pk_response(
    hbb::RegisterPkResponse::Result result = hbb::RegisterPkResponse::OK) {
  hbb::RendezvousMessage message;
  message.mutable_register_pk_response()->set_result(result);
  return message;
}

inline hbb::RendezvousMessage register_peer_response(bool request_pk) {
  hbb::RendezvousMessage message;
  message.mutable_register_peer_response()->set_request_pk(request_pk);
  return message;
}

// OK to everything.
inline std::vector<hbb::RendezvousMessage> accept_registration(const ScriptedServer::Heard& heard) {
  if (heard.message.has_register_pk()) return {register_pk_response()};
  if (heard.message.has_register_peer()) return {register_peer_response(false)};
  return {};
}

inline std::string mangled(const Endpoint& endpoint) {
  return wire::encode_address(endpoint, 0x12345678);
}

}  // namespace deskcheck::sim
