#include "conformance/probe/ask.hpp"

#include "client-sim/session/client_facts.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

Task<net::Result<sim::MessageStream>> connected(Tour& tour, sim::Transport transport,
                                                net::Endpoint to) {
  const sim::Recorder nobody;
  if (transport != sim::Transport::websocket) {
    auto stream = co_await sim::MessageStream::connect(tour.world, tour.home(to), to, nobody,
                                                       tour.patience());
    co_return stream;
  }
  const sim::Upgrade upgrade;
  auto socket = co_await sim::MessageStream::connect_websocket(tour.world, tour.home(to), to,
                                                               upgrade, nobody, tour.patience());
  co_return socket;
}

}  // namespace

std::string Heard::text() const {
  if (answer) return "an answer";
  if (!connected) return why.message();
  if (why == boost::asio::error::timed_out) return "no answer";
  if (why == boost::asio::error::eof || why == boost::asio::error::connection_reset)
    return "it hangs up";
  return why.message();
}

Task<Heard> ask_on(Tour& tour, sim::MessageStream* stream, hbb::RendezvousMessage question,
                   IsAnswer is_answer) {
  Heard heard;
  heard.connected = true;
  const auto deadline = tour.patience();
  auto sent = co_await stream->send(question, deadline);
  if (!sent) {
    heard.why = sent.error();
    co_return heard;
  }
  for (;;) {
    auto message = co_await stream->receive_message(deadline);
    if (!message) {
      heard.why = message.error();
      co_return heard;
    }
    if (!heard.anything && message->has_key_exchange()) heard.offered_key = true;
    heard.anything = true;
    if (!is_answer(*message)) continue;
    heard.answer = std::move(*message);
    co_return heard;
  }
}

Task<Heard> ask(Tour& tour, sim::Transport transport, net::Endpoint to,
                hbb::RendezvousMessage question, IsAnswer is_answer) {
  Heard heard;
  auto stream = co_await connected(tour, transport, to);
  if (!stream) {
    heard.why = stream.error();
    co_return heard;
  }
  heard = co_await ask_on(tour, &*stream, std::move(question), is_answer);
  co_return heard;
}

Task<Heard> ask_twice(Tour& tour, sim::Transport transport, net::Endpoint to,
                      hbb::RendezvousMessage question, IsAnswer is_answer) {
  Heard heard;
  for (int i = 0; i < kTries && !heard && !heard.closed(); ++i) {
    auto again = question;
    const bool offered = heard.offered_key;
    heard = co_await ask(tour, transport, to, std::move(again), is_answer);
    heard.offered_key |= offered;
  }
  co_return heard;
}

void say_missing(Tour& tour, const std::string& capability, const std::string& question,
                 const Heard& heard) {
  if (heard.closed())
    tour.absent(capability, fmt::format("{}: {}", question, heard.text()));
  else
    tour.silent(capability, fmt::format("{}, asked twice: {}", question, heard.text()));
}

hbb::RendezvousMessage nat_question() {
  hbb::RendezvousMessage message;
  // Below that of every server: one that pushes its configuration does so to this one.
  message.mutable_test_nat_request()->set_serial(-1);
  return message;
}

hbb::RendezvousMessage path_question(std::string id, std::string key) {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_punch_hole_request();
  request.set_id(std::move(id));
  request.set_nat_type(hbb::ASYMMETRIC);
  request.set_licence_key(std::move(key));
  request.set_version(sim::kClientVersion);
  return message;
}

hbb::RendezvousMessage registration(const Tour& tour) {
  const auto& identity = tour.patient.identity;
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_register_pk();
  request.set_id(identity.id);
  request.set_uuid(identity.uuid);
  request.set_pk(std::string(wire::view(identity.keys.public_key.bytes)));
  return message;
}

bool is_nat_answer(const hbb::RendezvousMessage& message) {
  return message.has_test_nat_response();
}

bool is_path_answer(const hbb::RendezvousMessage& message) {
  return message.has_punch_hole_response() || message.has_relay_response();
}

bool is_registration_answer(const hbb::RendezvousMessage& message) {
  return message.has_register_pk_response();
}

}  // namespace deskcheck::probe
