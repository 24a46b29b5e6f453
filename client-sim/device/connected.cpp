// Registration on a connection that the device keeps, over TCP or a WebSocket: the connection is
// its presence, the server keeps it alive. client src/rendezvous_mediator.rs:160-192, 418-474.
#include "client-sim/channel/server_security.hpp"
#include "client-sim/device/device.hpp"

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

// How long after the start of one connection the next one may start: whole seconds are waited.
net::Duration pause_before_next(net::Duration lasted) {
  if (lasted >= kConnectTimeout) return 0s;
  return std::chrono::floor<std::chrono::seconds>(kConnectTimeout - lasted);
}

}  // namespace

Task<void> Device::run_connected() {
  for (;;) {
    const net::Time begun = world_.clock.now();
    co_await keep_connection();
    registration_.on_disconnected();
    changes_.announce();
    const auto pause = pause_before_next(world_.clock.now() - begun);
    co_await net::sleep_until(world_.clock, world_.clock.now() + pause);
  }
}

Task<void> Device::keep_connection() {
  auto server = co_await connect_to_server();
  if (!server) co_return;
  std::string key = effective_key(options_.key);
  const auto no_limit = net::in(world_.clock, net::Duration::max());
  auto secured = co_await secure_with_server(&*server, std::move(key), &random_, no_limit);
  if (!secured) {
    recorder_.note("gives up to register: " + secured.error().message());
    co_return;
  }
  ++counters_.connections;
  const std::string why = co_await stay_registered(*server);
  recorder_.note("gives up its connection: " + why);
}

Task<net::Result<void>> Device::send_on(MessageStream& server, Registration::Message message) {
  if (!message) co_return net::Result<void>();
  count(*message);
  const auto sending = std::move(*message);
  auto sent = co_await server.send(sending, connect_limit());
  co_return sent;
}

Task<std::string> Device::stay_registered(MessageStream& server) {
  registration_.on_connected(world_.clock.now());
  net::Time next_tick = world_.clock.now();
  for (;;) {
    if (world_.clock.now() >= next_tick) {
      if (registration_.is_dead(next_tick)) co_return "Rendezvous connection is timeout";
      auto due = registration_.tick_connected(next_tick);
      auto asked = co_await send_on(server, std::move(due));
      if (!asked) co_return asked.error().message();
      while (next_tick <= world_.clock.now()) next_tick += kTick;
      changes_.announce();
    }
    const net::Deadline until_tick{&world_.clock, next_tick};
    auto payload = co_await server.receive(until_tick);
    if (!payload && payload.error() == boost::asio::error::timed_out) continue;
    if (!payload) co_return payload.error().message();
    registration_.on_heard(world_.clock.now());
    if (payload->empty()) {
      auto echoed = co_await server.send_plain(std::string(), connect_limit());
      if (!echoed) co_return echoed.error().message();
      ++counters_.heartbeats;
      changes_.announce();
      continue;
    }
    hbb::RendezvousMessage message;
    if (!message.ParseFromString(*payload)) co_return "what came is no message";
    auto answer = handle(message);
    auto answered = co_await send_on(server, std::move(answer));
    if (!answered) co_return answered.error().message();
  }
}

}  // namespace deskcheck::sim
