// What a device does about a push: punch, offer its local address, or meet at a relay. Everything
// goes over new plain TCP connections.
#include "client-sim/device/device.hpp"
#include "client-sim/session/relay_leg.hpp"
#include "proto/wire/address.hpp"

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

// Long enough to open the own NAT. client src/rendezvous_mediator.rs:707.
constexpr net::Duration kPunchAttempt = 30ms;

// Nothing if the port is taken: a device only logs that.
std::unique_ptr<net::Listener> try_listen(net::Network& network, const net::Endpoint& local,
                                          const Recorder& recorder) {
  try {
    return network.listen(local);
  } catch (const boost::system::system_error& error) {
    recorder.note(std::string("cannot listen: ") + error.what());
    return nullptr;
  }
}

}  // namespace

std::string Device::mangled(const net::Endpoint& endpoint) const {
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(world_.clock.now().time_since_epoch());
  return wire::encode_address(endpoint, static_cast<std::uint32_t>(us.count()));
}

// client src/rendezvous_mediator.rs:820-829.
std::string Device::relay_choice(const std::string& proposed) const {
  if (!options_.relay_server.empty()) return options_.relay_server;
  if (!proposed.empty()) return proposed;
  net::Endpoint fallback = options_.rendezvous;
  ++fallback.port;  // the relay's for TCP; over a WebSocket it is the one two above
  return net::to_string(fallback);
}

Task<net::Result<MessageStream>> Device::connect_to_server() {
  auto stream = co_await connect_as(options_.transport, world_, options_.home, options_.rendezvous,
                                    recorder_, connect_limit());
  co_return stream;
}

// A WebSocket cannot listen, and a proxy does not let anybody in.
bool Device::only_by_relay() const {
  return options_.relay_only || options_.transport == Transport::websocket;
}

// client src/rendezvous_mediator.rs:645-717.
Task<void> Device::on_punch_hole(hbb::PunchHole push) {
  const bool relay = push.nat_type() == hbb::SYMMETRIC || options_.nat_type == hbb::SYMMETRIC ||
                     only_by_relay() || push.force_relay() ||
                     (!options_.tcp_listening && push.udp_port() <= 0);
  if (relay) {
    co_await start_relay(push.socket_addr(), push.relay_server());
  } else {
    co_await punch(std::move(push));
  }
}

Task<void> Device::punch(hbb::PunchHole push) {
  auto server = co_await connect_to_server();
  if (!server) co_return;
  const net::Endpoint local = server->local();
  {
    // Only to tell the own NAT that this peer may come in: whether it connects does not matter.
    const auto requester = wire::decode_address(push.socket_addr());
    auto attempt = co_await MessageStream::connect(world_, local, requester, recorder_,
                                                   net::in(world_.clock, kPunchAttempt));
    if (attempt) attempt->close();
  }
  hbb::PunchHoleSent sent;
  sent.set_socket_addr(push.socket_addr());
  sent.set_id(id());
  sent.set_relay_server(relay_choice(push.relay_server()));
  sent.set_nat_type(options_.nat_type);
  sent.set_version(options_.version);
  const auto message = wrap<hbb::RendezvousMessage>(std::move(sent));
  auto done = co_await server->send(message, connect_limit());
  if (!done) co_return;
  server->close();
  co_await accept_on(local, Route::direct);
}

// client src/rendezvous_mediator.rs:565-643.
Task<void> Device::on_fetch_local_addr(hbb::FetchLocalAddr push) {
  const bool direct =
      options_.rendezvous.address.is_v4() && !only_by_relay() && options_.tcp_listening;
  if (direct) {
    const bool offered = co_await offer_local_address(push);
    if (offered) co_return;
  }
  co_await start_relay(push.socket_addr(), push.relay_server());
}

// False if the server could not be told: then a relay is tried.
Task<bool> Device::offer_local_address(hbb::FetchLocalAddr push) {
  auto server = co_await connect_to_server();
  if (!server) co_return false;
  const net::Endpoint local = server->local();
  hbb::LocalAddr offer;
  offer.set_id(id());
  offer.set_socket_addr(mangled(wire::decode_address(push.socket_addr())));
  offer.set_local_addr(mangled(local));
  offer.set_relay_server(relay_choice(push.relay_server()));
  offer.set_version(options_.version);
  const auto message = wrap<hbb::RendezvousMessage>(std::move(offer));
  auto done = co_await server->send(message, connect_limit());
  if (!done) co_return false;
  server->close();
  co_await accept_on(local, Route::lan);
  co_return true;
}

// client src/rendezvous_mediator.rs:490-514.
Task<void> Device::on_request_relay(hbb::RequestRelay push) {
  RelayCall call;
  call.requester = push.socket_addr();
  call.relay_server = push.relay_server();
  call.uuid = push.uuid();
  call.secure = push.secure();
  call.by_device = false;
  co_await meet_at_relay(std::move(call));
}

Task<void> Device::start_relay(std::string requester, std::string proposed_relay) {
  RelayCall call;
  call.requester = std::move(requester);
  call.relay_server = relay_choice(proposed_relay);
  call.uuid = make_uuid(random_);
  co_await meet_at_relay(std::move(call));
}

// client src/rendezvous_mediator.rs:516-563, src/server.rs:316-340.
Task<void> Device::meet_at_relay(RelayCall call) {
  auto server = co_await connect_to_server();
  if (!server) co_return;
  hbb::RelayResponse response;
  response.set_socket_addr(call.requester);
  response.set_version(options_.version);
  if (call.by_device) {
    response.set_uuid(call.uuid);
    response.set_relay_server(call.relay_server);
    response.set_id(id());
  }
  const auto message = wrap<hbb::RendezvousMessage>(std::move(response));
  auto told = co_await server->send(message, connect_limit());
  if (!told) co_return;
  hbb::RequestRelay request;
  request.set_licence_key(effective_key(options_.key));
  request.set_uuid(call.uuid);
  auto relay = co_await join_relay(options_.transport, world_, options_.home, call.relay_server,
                                   std::move(request), recorder_, connect_limit());
  if (!relay) co_return;
  // The connection to the server stays open until the session is over, as the client's does.
  co_await serve(std::move(*relay), call.secure, Route::relay);
}

// The port that the server was told, for one connection. client src/server.rs:170-196.
Task<void> Device::accept_on(net::Endpoint local, Route route) {
  if (options_.firewalled) co_return;
  auto listener = try_listen(world_.network, local, recorder_);
  if (!listener) co_return;
  auto accepted = co_await listener->accept(connect_limit());
  if (!accepted) {
    recorder_.note("nobody connected to " + net::to_string(local));
    co_return;
  }
  MessageStream stream(std::move(*accepted), recorder_);
  co_await serve(std::move(stream), true, route);
}

Task<void> Device::serve(MessageStream stream, bool secure, Route route) {
  SessionRecord& record = sessions_.emplace_back();
  record.peer = stream.remote();
  record.route = route;
  const net::Random keys(random_.next());
  auto session =
      co_await secure_as_device(std::move(stream), DeviceIdentity(id(), options_.keys), secure,
                                keys, net::in(world_.clock, net::Duration::max()));
  if (!session) {
    record.over = true;
    record.why_over = session.error().message();
    changes_.announce();
    co_return;
  }
  record.protection = session->protection();
  if (record.protection == Protection::refused) registration_.on_refused_key();
  changes_.announce();
  ServeOptions options;
  options.device_id = id();
  options.password = options_.password;
  options.version = options_.version;
  options.salt = salt_;
  options.challenge = make_password(random_, 6);
  std::function<void()> changed = [this] { changes_.announce(); };
  co_await serve_session(&world_.clock, std::move(*session), std::move(options), &record,
                         std::move(changed));
}

}  // namespace deskcheck::sim
