#include "reference-server/rendezvous_shell.hpp"

#include "proto/wire/address.hpp"
#include "reference-server/console_line.hpp"
#include "reference-server/real_address.hpp"
#include "reference-server/rendezvous/unfinished.hpp"

namespace deskcheck::server {

namespace {

constexpr net::Duration kIdle = std::chrono::seconds(30);
constexpr net::Duration kHandshakeWithin = std::chrono::seconds(10);
constexpr net::Duration kTooLate = std::chrono::seconds(40);  // for everybody who waits
constexpr auto kNever = net::Duration::max();

}  // namespace

RendezvousShell::RendezvousShell(net::World world, const Options& options, PeerStore& store,
                                 ApiStore& api_store, Outside& outside, net::TaskGroup& tasks)
    : world_(std::move(world)),
      options_(options),
      wrong_(options.faults.policies),
      outside_(outside),
      tasks_(tasks),
      logic_(options, store, api_store, world_.random.fork("api")),
      random_(world_.random.fork("key exchange")) {}

net::awaitable<void> RendezvousShell::serve_datagrams(net::DatagramSocket& socket) {
  socket_ = &socket;
  std::vector<net::Datagram> batch;
  hbb::RendezvousMessage message;
  for (;;) {
    batch.clear();
    const auto received = co_await socket.receive(batch, net::in(world_.clock, kNever));
    if (!received) throw boost::system::system_error(received.error(), "UDP receive");
    const auto now = world_.clock.now();
    logic_.begin();
    for (const auto& datagram : batch) {
      // An empty datagram is no message, although protobuf would take it for one.
      if (datagram.bytes.empty()) continue;
      const Origin from{Transport::udp, wire::normalise_v4(datagram.peer), 0};
      const bool parsed = message.ParseFromString(datagram.bytes);
      carry_out(parsed ? logic_.on(message, from, now) : logic_.on_unparsable(from));
    }
    if (!logic_.commit()) take_registrations_back();
    flush();
  }
}

// In answers that have not left yet.
void RendezvousShell::take_registrations_back() {
  hbb::RendezvousMessage failure;
  failure.mutable_register_pk_response()->set_result(hbb::RegisterPkResponse::SERVER_ERROR);
  for (const auto answer : accepted_) datagrams_[answer].bytes = failure.SerializeAsString();
}

net::awaitable<void> RendezvousShell::serve_connections(net::Listener& listener,
                                                        Transport transport) {
  for (;;) {
    auto stream = co_await listener.accept(net::in(world_.clock, kNever));
    if (!stream) throw boost::system::system_error(stream.error(), "TCP accept");
    if (out_of_service_) continue;
    if (transport == Transport::websocket)
      tasks_.spawn("websocket", serve_websocket(std::move(*stream)));
    else
      tasks_.spawn("session", serve(std::move(*stream), transport));
  }
}

net::awaitable<void> RendezvousShell::serve(net::ByteStream stream, Transport transport) {
  std::string early;
  if (transport == Transport::tcp_nat) {
    auto opening = co_await read_opening(world_.clock, stream, options_);
    if (opening.kind == Opening::Kind::nothing) co_return;
    if (opening.kind == Opening::Kind::command) {
      auto text = logic_.command(opening.bytes, world_.clock.now());
      watch_.changed();
      co_return co_await answer_command(world_.clock, stream, std::move(text), wrong_);
    }
    early = std::move(opening.bytes);
  }
  const Origin from{transport, wire::normalise_v4(stream->remote()), ++last_connection_};
  auto link = make_framed_link(std::move(stream), std::move(early), options_.limits.frame, wrong_);
  co_await serve(std::move(link), from);
}

net::awaitable<void> RendezvousShell::serve_websocket(net::ByteStream stream) {
  const auto peer = wire::normalise_v4(stream->remote());
  const auto patience = wrong_.websocket_handshakes_may_wait ? kNever : kHandshakeWithin;
  const auto deadline = net::in(world_.clock, patience);
  auto socket = co_await net::WebSocket::accept(std::move(stream), options_.limits.frame, deadline);
  if (!socket) co_return;
  const auto& request = socket->request();
  if (wrong_.websocket_root_path_only && request.path != "/") co_return;
  const Origin from{Transport::websocket, client_behind(peer, request), ++last_connection_};
  if (wrong_.bad_address_header_ends_connection && from.peer.address == peer.address &&
      !request.header("X-Real-IP").empty())
    co_return;
  auto link = make_websocket_link(std::move(*socket), wrong_);
  co_await serve(std::move(link), from);
}

// A client behind a proxy has no port that is its own: the proxy's is as good as any, because its
// only use is to tell connections apart.
net::Endpoint RendezvousShell::client_behind(const net::Endpoint& peer,
                                             const net::UpgradeRequest& request) {
  net::Endpoint client = peer;
  const auto real = address_behind(peer.address, request, options_.trusted_proxies, wrong_);
  if (real) client.address = *real;
  if (real && wrong_.websockets_behind_one_address_collide) client.port = 0;
  for (int tries = 0; tries < 65535 && websockets_.contains(client); ++tries) {
    if (wrong_.websockets_behind_one_address_collide) break;
    client.port = client.port == 65535 ? 1 : static_cast<std::uint16_t>(client.port + 1);
  }
  return client;
}

net::awaitable<void> RendezvousShell::serve(std::unique_ptr<Link> link, Origin from) {
  Session session(world_, std::move(link), wrong_);
  sessions_.emplace(from.connection, &session);
  if (from.transport == Transport::websocket) websockets_.insert(from.peer);
  // Also when the session is cancelled: nobody may find it any more.
  const auto leave = [this](const Origin* origin) {
    sessions_.erase(origin->connection);
    if (origin->transport == Transport::websocket) websockets_.erase(origin->peer);
    logic_.closed(origin->connection);
  };
  const std::unique_ptr<const Origin, decltype(leave)> registration(&from, leave);
  co_await session.run(read(session, from));
}

net::awaitable<void> RendezvousShell::read(Session& session, Origin from) {
  std::optional<KeyAgreement> agreement = greet(from);
  hbb::RendezvousMessage message;
  while (!session.ending()) {
    auto payload = co_await session.receive();
    if (!payload) {
      if (failed(session, payload.error())) co_return;
      continue;
    }
    if (out_of_service_) co_return;
    const bool kept = session.encrypted() || session.liveness().kept_alive();
    if (payload->empty() && kept) continue;  // a heartbeat
    const bool parsed = message.ParseFromString(*payload);
    if (!parsed && wrong_.bad_message_stops_service) out_of_service_ = true;
    // The first message decides whether the connection is encrypted; a plain one is a request.
    if (const auto offered = std::exchange(agreement, std::nullopt)) {
      if (parsed && message.key_exchange().keys_size() == 2) {
        from.secured = secure(session, *offered, message.key_exchange());
        if (!from.secured && !wrong_.unusable_box_is_ignored) co_return;
        continue;
      }
      if (wrong_.serves_secured_clients_only || wrong_.websocket_needs_key_exchange) co_return;
    }
    carry_out(parsed ? logic_.on(message, from, world_.clock.now()) : logic_.on_unparsable(from));
    flush();
    const auto unfinished = std::exchange(unfinished_, {});
    for (const auto& one : unfinished) co_await finish(one);
    if (wrong_.requester_closed_early && message.has_punch_hole_request())
      session.liveness().be_patient_for(kIdle / 6);
    if (wrong_.plain_tunnel_request_waits && message.has_http_proxy_request())
      session.liveness().be_patient_for(2 * kIdle);  // longer than a client waits for the answer
    message.Clear();  // a long one is not kept while the next is awaited
  }
}

std::optional<KeyAgreement> RendezvousShell::greet(const Origin& from) {
  const bool offers =
      options_.secure_channel && options_.identity && options_.profile == Profile::full;
  const bool asks = from.transport == Transport::tcp ? !wrong_.websocket_needs_key_exchange
                                                     : from.transport == Transport::websocket &&
                                                           wrong_.websocket_needs_key_exchange;
  if (!offers || !asks) return std::nullopt;
  KeyAgreement agreement(*options_.identity, random_, wrong_);
  if (wrong_.client_has_to_speak_first) return agreement;
  carry_out(SendFrame{from.connection, agreement.offer()});
  if (wrong_.offers_key_exchange_twice) carry_out(SendFrame{from.connection, agreement.offer()});
  return agreement;
}

bool RendezvousShell::secure(Session& session, const KeyAgreement& agreement,
                             const hbb::KeyExchange& answer) {
  const auto key = agreement.finish(answer);
  if (key) session.encrypt(*key);
  return key.has_value();
}

// The end of the stream, silence, or something that nobody sends: the connection is over.
bool RendezvousShell::failed(const Session& session, const boost::system::error_code& error) {
  if (error == wire::Error::bad_ciphertext && wrong_.skips_what_does_not_open) return false;
  if (session.was_cut() && wrong_.cut_frame_stops_service) out_of_service_ = true;
  return true;
}

void RendezvousShell::carry_out(Actions actions) {
  for (auto& action : actions) std::visit([this](auto& one) { carry_out(one); }, action);
}

void RendezvousShell::carry_out(const CloseConnection& action) {
  if (Session* session = find(action.connection)) session->end();
}

void RendezvousShell::carry_out(const CutConnection& action) {
  if (Session* session = find(action.connection)) session->cut();
}

void RendezvousShell::carry_out(const KeepConnection& action) {
  Session* session = find(action.connection);
  if (session) session->liveness().keep_alive(action.period, world_.clock.now());
}

void RendezvousShell::carry_out(const AskElsewhere& action) {
  unfinished_.push_back(action.unfinished);
}

// While it lasts nothing is read from the connection: its end must not begin during a read.
net::awaitable<void> RendezvousShell::finish(std::shared_ptr<const Unfinished> unfinished) {
  auto response = unfinished->response;
  response = co_await outside_.complete(std::move(response));
  carry_out(unfinished->then(std::move(response)));
  flush();
}

Session* RendezvousShell::find(ConnectionId connection) {
  const auto session = sessions_.find(connection);
  return session == sessions_.end() ? nullptr : session->second;
}

void RendezvousShell::carry_out(const SendDatagram& action) {
  auto out = mutate(action.message, options_.faults.mutants);
  const bool accepted =
      action.message.has_register_pk_response() &&
      action.message.register_pk_response().result() == hbb::RegisterPkResponse::OK;
  for (int i = 0; i < out.copies; ++i) {
    if (accepted && out.delay == net::Duration::zero()) accepted_.push_back(datagrams_.size());
    if (out.delay == net::Duration::zero())
      datagrams_.push_back({action.to, out.payload});
    else
      tasks_.spawn("late datagram", send_later(net::Datagram(action.to, out.payload), out.delay));
  }
}

void RendezvousShell::carry_out(const SendFrame& action) {
  Session* session = find(action.to);
  if (!session) return;
  auto out = mutate(action.message, options_.faults.mutants);
  if (wrong_.tunnel_is_slow && action.message.has_http_proxy_response()) out.delay += kTooLate;
  for (int i = 0; i < out.copies; ++i) session->send(out.payload, out.delay);
}

void RendezvousShell::flush() {
  if (datagrams_.empty()) return;
  if (socket_) socket_->send(datagrams_);
  datagrams_.clear();
  accepted_.clear();
}

net::awaitable<void> RendezvousShell::send_later(net::Datagram datagram, net::Duration delay) {
  co_await net::sleep_until(world_.clock, world_.clock.now() + delay);
  datagrams_.push_back(std::move(datagram));
  flush();
}

}  // namespace deskcheck::server
