// WebSockets at their own ports, P+2 and Q+2: what the web client and clients in WebSocket mode
// use. A server without them works for everybody else, so what is wrong here is a warning.
#include "client-sim/session/relay_leg.hpp"
#include "conformance/doctor/identify.hpp"
#include "conformance/doctor/relay.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

namespace {

constexpr char kForWhom[] = "; clients in WebSocket mode and the web client need it, others do not";

void explain(Visit& visit, Step step, const net::Endpoint& to, const std::string& answer) {
  visit.find(step, Status::warning,
             fmt::format("TCP {} is no WebSocket of a RustDesk server: {}", to_string(to), answer),
             "another service has the port, or the port is forwarded to the wrong place",
             fmt::format("forward TCP {} to the {} WebSocket port as it is", to.port,
                         step == Step::websocket ? "server's (P+2)" : "relay's (Q+2)"));
}

// Nothing else but connecting has gone wrong so far.
Task<void> explain_failure(Visit& visit, Step step, net::Endpoint to,
                           boost::system::error_code why) {
  const bool connected = why != boost::asio::error::connection_refused;
  Speaker speaker;
  if (connected) speaker = co_await identify(visit, to);
  if (speaker.kind == Speaker::Kind::tls || speaker.kind == Speaker::Kind::text) {
    (void)explain_speaker(visit, step, Status::warning, to, speaker);
    co_return;
  }
  if (speaker.kind == Speaker::Kind::http)
    co_return explain(visit, step, to, fmt::format("it answers \"{}\"", speaker.sample));
  visit.find(step, Status::warning,
             fmt::format("no WebSocket at TCP {}: {}", to_string(to), why.message()),
             "the port is closed, blocked or not published" + std::string(kForWhom),
             fmt::format("let TCP {} in, or ignore this with --without {}", to.port,
                         step == Step::websocket ? "rendezvous.websocket" : "relay.websocket"));
}

}  // namespace

Task<void> try_websocket(Visit& visit) {
  visit.begin(Step::websocket);
  if (visit.lacks("rendezvous.websocket"))
    co_return visit.skip(Step::websocket, "the server does not claim it");
  const auto to = visit.websocket;
  const sim::Upgrade upgrade;
  const sim::Recorder nobody;
  auto socket = co_await sim::MessageStream::connect_websocket(visit.world, visit.home(to), to,
                                                               upgrade, nobody, visit.patience());
  if (!socket) {
    co_await explain_failure(visit, Step::websocket, to, socket.error());
    co_return;
  }
  const auto answered = co_await test_nat(visit, &*socket, nullptr);
  if (answered)
    co_return visit.ok(Step::websocket, fmt::format("WebSocket {} answers", to_string(to)));
  explain(visit, Step::websocket, to, "it opens, and does not answer");
}

Task<void> try_relay_websocket(Visit& visit) {
  visit.begin(Step::relay_websocket);
  if (visit.lacks("relay.websocket"))
    co_return visit.skip(Step::relay_websocket, "the server does not claim it");
  for (const auto step : {Step::key, Step::relay_key})
    if (visit.is(step, Status::broken)) co_return visit.block(Step::relay_websocket, step);
  const auto to = visit.relay_websocket;
  // Clients go two ports above the relay's TCP port.
  net::Endpoint tcp = to;
  tcp.port = static_cast<std::uint16_t>(to.port - 2);
  Join join = [&visit, tcp](hbb::RequestRelay request) -> Task<net::Result<sim::MessageStream>> {
    const sim::Recorder nobody;
    std::string place = to_string(tcp);
    auto stream =
        co_await sim::join_relay(sim::Transport::websocket, visit.world, visit.home(tcp),
                                 std::move(place), std::move(request), nobody, visit.patience());
    co_return stream;
  };
  std::string which(to_string(Step::relay_websocket));
  const auto pairing = co_await pair_up(visit, std::move(which), std::move(join));
  switch (pairing.kind) {
    case Pairing::Kind::paired:
      co_return visit.ok(Step::relay_websocket,
                         fmt::format("two clients hear each other at WebSocket {}", to_string(to)));
    case Pairing::Kind::no_connection:
      co_await explain_failure(visit, Step::relay_websocket, to, pairing.why);
      co_return;
    case Pairing::Kind::ended:
      co_return explain_relay_key(visit, Step::relay_websocket, to_string(to));
    case Pairing::Kind::silent:
    case Pairing::Kind::garbled:
      explain(visit, Step::relay_websocket, to, "two clients do not hear each other there");
  }
}

}  // namespace deskcheck::doctor
