#include "reference-server/relay_shell.hpp"

#include "proto/wire/address.hpp"
#include "reference-server/frame_reader.hpp"
#include "reference-server/real_address.hpp"

namespace deskcheck::server {

namespace {

constexpr net::Duration kFirstMessageWithin = std::chrono::seconds(30);
constexpr auto kHandshakeWithin = std::chrono::seconds(10);
constexpr std::size_t kLongestFirstMessage = 16 * 1024;  // bytes; real ones have about 150

}  // namespace

RelayShell::RelayShell(net::World world, const Options& options, net::TaskGroup& tasks)
    : world_(std::move(world)),
      options_(options),
      wrong_(options.faults.policies),
      tasks_(tasks),
      logic_(options),
      total_(options.relay_limits.total) {}

net::awaitable<void> RelayShell::serve_connections(net::Listener& listener) {
  for (;;) {
    auto stream = co_await listener.accept(net::in(world_.clock, net::Duration::max()));
    if (!stream) throw boost::system::system_error(stream.error(), "relay accept");
    tasks_.spawn("relay", serve(std::move(*stream)));
  }
}

net::awaitable<void> RelayShell::serve_websockets(net::Listener& listener) {
  for (;;) {
    auto stream = co_await listener.accept(net::in(world_.clock, net::Duration::max()));
    if (!stream) throw boost::system::system_error(stream.error(), "relay WebSocket accept");
    tasks_.spawn("relay websocket", serve_websocket(std::move(*stream)));
  }
}

bool RelayShell::refused(const net::Endpoint& peer) const {
  const auto& settings = logic_.settings();
  return settings.enforced && settings.blocklist.has(peer.address) && !wrong_.blocklist_lets_in;
}

net::awaitable<void> RelayShell::serve(net::ByteStream stream) {
  auto opening = co_await read_opening(world_.clock, stream, options_);
  if (opening.kind != Opening::Kind::protocol) co_return co_await converse(stream, opening);
  if (refused(stream->remote())) co_return;
  FrameReader frames(stream, kLongestFirstMessage, wrong_);
  frames.feed(opening.bytes);
  const auto patience =
      wrong_.relay_silent_connections_stay ? net::Duration::max() : kFirstMessageWithin;
  auto payload = co_await frames.next(net::in(world_.clock, patience));
  if (!payload) co_return;
  std::string early = frames.take_rest();
  if (wrong_.relay_forwards_first_message) early = wire::encode_frame(*payload).value() + early;
  RelayParty party(std::move(stream), std::move(early));
  co_await enter(std::move(*payload), std::move(party));
}

net::awaitable<void> RelayShell::serve_websocket(net::ByteStream stream) {
  const auto peer = stream->remote();
  if (refused(peer)) co_return;
  if (wrong_.relay_websocket_not_from_loopback && peer.address.is_loopback()) co_return;
  const auto handshake = net::in(world_.clock, kHandshakeWithin);
  auto socket = co_await net::WebSocket::accept(std::move(stream), kLongestRelayed, handshake);
  if (!socket) co_return;
  net::Endpoint client = peer;
  const auto real = address_behind(wire::normalise_v4(peer).address, socket->request(),
                                   options_.trusted_proxies, wrong_);
  if (real) client.address = *real;
  if (refused(client)) co_return;
  if (wrong_.relay_websocket_root_path_only && socket->request().path != "/") co_return;
  const auto deadline = net::in(world_.clock, kFirstMessageWithin);
  for (;;) {
    auto message = co_await socket->read(deadline);
    if (!message) co_return;
    if (message->kind == net::WebSocketMessage::Kind::text) co_return;
    if (message->kind != net::WebSocketMessage::Kind::binary) continue;
    RelayParty party(std::move(*socket), client);
    co_return co_await enter(std::move(message->bytes), std::move(party));
  }
}

net::awaitable<void> RelayShell::enter(std::string payload, RelayParty party) {
  hbb::RendezvousMessage message;
  if (!message.ParseFromString(payload)) co_return;
  const ConnectionId connection = ++last_connection_;
  const auto decision = logic_.on_first(message, connection, world_.clock.now());
  switch (decision.kind) {
    case Relay::Decision::Kind::refuse:
      co_return;
    case Relay::Decision::Kind::wait:
      keep(connection, std::move(party));
      co_return;
    case Relay::Decision::Kind::join:
      break;
  }
  auto partner = waiting_.extract(decision.partner);
  RelayParty first = std::move(partner.mapped());
  co_await join(std::move(first), std::move(party));
}

net::awaitable<void> RelayShell::join(RelayParty first, RelayParty second) {
  RelaySession session(logic_.settings(), total_, first.peer, second.peer, world_.clock.now(),
                       wrong_);
  RelayPump pump(world_, session, options_);
  const auto place = sessions_.insert(sessions_.end(), &pump);
  const auto leave = [this](const std::list<RelayPump*>::iterator* at) { sessions_.erase(*at); };
  const std::unique_ptr<const std::list<RelayPump*>::iterator, decltype(leave)> running(&place,
                                                                                        leave);
  co_await pump.run(first, second);
}

net::awaitable<void> RelayShell::converse(net::ByteStream& stream, const Opening& opening) {
  if (opening.kind == Opening::Kind::nothing) co_return;
  const auto now = world_.clock.now();
  std::vector<RelayMeter::Usage> usages;
  for (auto* pump : sessions_) usages.push_back(pump->session().usage(now));
  auto text = logic_.command(opening.bytes, std::move(usages));
  end_blocked_sessions();
  co_await answer_command(world_.clock, stream, std::move(text), wrong_);
}

void RelayShell::end_blocked_sessions() {
  for (auto* pump : sessions_)
    if (pump->session().blocked()) pump->stop();
}

void RelayShell::stop() {
  expiry_.disarm();
  waiting_.clear();
}

void RelayShell::keep(ConnectionId connection, RelayParty party) {
  waiting_.emplace(connection, std::move(party));
  if (!expiry_.armed()) world_.clock.arm(expiry_, logic_.next_expiry());
}

void RelayShell::expire() {
  for (const auto connection : logic_.expire(world_.clock.now())) waiting_.erase(connection);
  world_.clock.arm(expiry_, logic_.next_expiry());
}

}  // namespace deskcheck::server
