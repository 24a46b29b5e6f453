#include "reference-server/rendezvous_shell.hpp"

#include "proto/wire/address.hpp"
#include "reference-server/console_line.hpp"
#include "reference-server/faults/wrong.hpp"

namespace deskcheck::server {

namespace {

constexpr net::Duration kIdle = std::chrono::seconds(30);
constexpr auto kNever = net::Duration::max();

}  // namespace

RendezvousShell::RendezvousShell(net::World world, const Options& options, PeerStore& store,
                                 net::TaskGroup& tasks)
    : world_(std::move(world)),
      options_(options),
      wrong_(options.faults.policies),
      tasks_(tasks),
      logic_(options, store) {}

net::awaitable<void> RendezvousShell::serve_datagrams(net::DatagramSocket& socket) {
  socket_ = &socket;
  std::vector<net::Datagram> batch;
  hbb::RendezvousMessage message;
  for (;;) {
    batch.clear();
    const auto received = co_await socket.receive(batch, net::in(world_.clock, kNever));
    if (!received) throw boost::system::system_error(received.error(), "UDP receive");
    const auto now = world_.clock.now();
    for (const auto& datagram : batch) {
      // An empty datagram is no message, although protobuf would take it for one.
      if (datagram.bytes.empty()) continue;
      const Origin from{Transport::udp, wire::normalise_v4(datagram.peer), 0};
      const bool parsed = message.ParseFromString(datagram.bytes);
      carry_out(parsed ? logic_.on(message, from, now) : logic_.on_unparsable(from));
    }
    flush();
  }
}

net::awaitable<void> RendezvousShell::serve_connections(net::Listener& listener,
                                                        Transport transport) {
  for (;;) {
    auto stream = co_await listener.accept(net::in(world_.clock, kNever));
    if (!stream) throw boost::system::system_error(stream.error(), "TCP accept");
    if (out_of_service_) continue;
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
  Session session(world_, std::move(stream));
  const auto peer = wire::normalise_v4(session.stream()->remote());
  const Origin from{transport, peer, ++last_connection_};
  sessions_.emplace(from.connection, &session);
  // Also when the session is cancelled: nobody may find it any more.
  const auto leave = [this](const ConnectionId* id) {
    sessions_.erase(*id);
    logic_.closed(*id);
  };
  const std::unique_ptr<const ConnectionId, decltype(leave)> registration(&from.connection, leave);
  co_await session.run(read(session, from, std::move(early)));
}

net::awaitable<void> RendezvousShell::read(Session& session, Origin from, std::string early) {
  FrameReader frames(session.stream(), options_.limits.frame, wrong_);
  frames.feed(early);
  hbb::RendezvousMessage message;
  auto patience = wrong_.idle_connections_stay ? kNever : kIdle;
  while (!session.ending()) {
    auto payload = co_await frames.next(net::in(world_.clock, patience));
    if (!payload) {
      // The end of the stream, silence, or a frame that nobody sends: the connection is over.
      if (frames.mid_frame() && wrong_.cut_frame_stops_service) out_of_service_ = true;
      co_return;
    }
    if (out_of_service_) co_return;
    const bool parsed = message.ParseFromString(*payload);
    if (!parsed && wrong_.bad_message_stops_service) out_of_service_ = true;
    carry_out(parsed ? logic_.on(message, from, world_.clock.now()) : logic_.on_unparsable(from));
    flush();
    if (wrong_.requester_closed_early && message.has_punch_hole_request()) patience = kIdle / 6;
    message.Clear();  // a long one is not kept while the next is awaited
  }
  co_await session.linger();
}

void RendezvousShell::carry_out(Actions actions) {
  for (auto& action : actions) {
    if (auto* datagram = std::get_if<SendDatagram>(&action)) {
      send_datagram(*datagram);
    } else if (auto* frame = std::get_if<SendFrame>(&action)) {
      send_frame(*frame);
    } else {
      auto session = sessions_.find(std::get<CloseConnection>(action).connection);
      if (session != sessions_.end()) session->second->end();
    }
  }
}

void RendezvousShell::send_datagram(const SendDatagram& action) {
  auto out = mutate(action.message, options_.faults.mutants);
  for (int i = 0; i < out.copies; ++i) {
    if (out.delay == net::Duration::zero())
      datagrams_.push_back({action.to, out.payload});
    else
      tasks_.spawn("late datagram", send_later(net::Datagram(action.to, out.payload), out.delay));
  }
}

void RendezvousShell::send_frame(const SendFrame& action) {
  auto session = sessions_.find(action.to);
  if (session == sessions_.end()) return;
  const auto out = mutate(action.message, options_.faults.mutants);
  const auto frame = wrong_.long_frame_headers ? frame_with_long_header(out.payload)
                                               : wire::encode_frame(out.payload).value();
  for (int i = 0; i < out.copies; ++i) session->second->send(frame, out.delay);
}

void RendezvousShell::flush() {
  if (datagrams_.empty()) return;
  socket_->send(datagrams_);
  datagrams_.clear();
}

net::awaitable<void> RendezvousShell::send_later(net::Datagram datagram, net::Duration delay) {
  co_await net::sleep_until(world_.clock, world_.clock.now() + delay);
  datagrams_.push_back(std::move(datagram));
  flush();
}

}  // namespace deskcheck::server
