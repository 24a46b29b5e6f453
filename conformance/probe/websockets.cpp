// P+2: what clients in WebSocket mode and the web client ask.
#include "conformance/probe/ask.hpp"
#include "conformance/probe/register.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

constexpr char kName[] = "rendezvous.websocket";
constexpr char kRegistration[] = "rendezvous.ws-registration";

bool is_any_answer(const hbb::RendezvousMessage& message) {
  return message.union_case() != hbb::RendezvousMessage::UNION_NOT_SET &&
         !message.has_key_exchange();
}

Task<void> try_registration(Tour& tour) {
  const auto to = tour.websocket;
  const sim::Upgrade upgrade;
  const sim::Recorder nobody;
  auto stream = co_await sim::MessageStream::connect_websocket(tour.world, tour.home(to), to,
                                                               upgrade, nobody, tour.patience());
  if (!stream)
    co_return tour.unknown(kRegistration, "no second WebSocket: " + stream.error().message());
  auto place = fmt::format("WebSocket {}", to.port);
  co_await register_on(tour, kRegistration, std::move(place), &*stream);
  tour.websocket_registers = tour.findings.has(kRegistration);
}

}  // namespace

// Three questions, each of which a server may lack: one answer is enough.
Task<void> see_websocket(Tour& tour) {
  std::string nobodys = tour.patient.identity.id + "x", key = tour.patient.key;
  auto path = path_question(std::move(nobodys), std::move(key));
  auto heard = co_await ask_twice(tour, sim::Transport::websocket, tour.websocket, std::move(path),
                                  is_any_answer);
  const char* what = "PunchHoleRequest";
  if (!heard && heard.connected) {
    auto nat = nat_question();
    heard = co_await ask_twice(tour, sim::Transport::websocket, tour.websocket, std::move(nat),
                               is_any_answer);
    what = "TestNat";
  }
  const auto place = to_string(tour.websocket);
  if (!heard && !heard.connected) {
    const auto question = fmt::format("WebSocket {}", place);
    say_missing(tour, kName, question, heard);
    say_missing(tour, kRegistration, question, heard);
    co_return;
  }
  co_await try_registration(tour);
  const bool registers = tour.websocket_registers ||
                         tour.findings.capabilities[kRegistration].answer == Answer::absent;
  if (heard)
    tour.present(kName, fmt::format("{} was answered at WebSocket {}", what, place));
  else if (registers && tour.findings.capabilities[kRegistration].sure)
    tour.present(kName, fmt::format("RegisterPk was answered at WebSocket {}", place));
  else
    tour.unknown(kName, fmt::format("WebSocket {} opens, and answers nothing", place));
}

}  // namespace deskcheck::probe
