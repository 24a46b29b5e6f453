// A device registers with a reference server in a simulated world, out of installed headers only.
#include "proto/net/sim_world.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/frame.hpp"
#include "reference-server/server.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <cstdio>

using namespace deskcheck;
using namespace std::chrono_literals;

namespace {

bool frames_are_coded() {
  wire::FrameDecoder decoder;
  decoder.feed(wire::encode_frame("hello").value());
  return decoder.next().value() == "hello";
}

net::awaitable<void> register_with(net::World world, net::Endpoint server, bool& asked_for_key) {
  auto device = world.network.bind_udp({boost::asio::ip::make_address("10.0.0.2"), 0});
  hbb::RendezvousMessage message;
  message.mutable_register_peer()->set_id("123456789");
  const net::Datagram datagram{server, message.SerializeAsString()};
  device->send(std::span(&datagram, 1));
  std::vector<net::Datagram> inbox;
  const auto deadline = net::in(world.clock, 3s);
  auto received = co_await device->receive(inbox, deadline);
  asked_for_key = received && message.ParseFromString(inbox.front().bytes) &&
                  message.register_peer_response().request_pk();
}

net::awaitable<void> scenario(net::World world, bool& asked_for_key) {
  server::MemoryPeerStore store;
  server::Options options;
  options.bind = boost::asio::ip::make_address("10.0.0.1");
  server::Server server(world, options, store);
  server.start();
  co_await register_with(world, server.ports().rendezvous, asked_for_key);
  co_await server.stop();
}

}  // namespace

int main() {
  bool asked_for_key = false;
  net::SimWorld sim(1);
  const bool finished = sim.run(scenario(sim.world(), asked_for_key)) == net::Ending::finished;
  std::printf("frames %d, finished %d, asked for key %d\n", frames_are_coded(), finished,
              asked_for_key);
  return frames_are_coded() && finished && asked_for_key ? 0 : 1;
}
