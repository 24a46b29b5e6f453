// One question of the rendezvous protocol, over a connection of its own, and what came of it.
// Internal to the probe.
#pragma once

#include "conformance/probe/tour.hpp"

#include <functional>

namespace deskcheck::probe {

struct Heard {
  std::optional<hbb::RendezvousMessage> answer;
  bool connected = false;
  bool offered_key = false;       // KeyExchange came before anything else
  bool anything = false;          // some message came, if not the right one
  boost::system::error_code why;  // there is no answer

  Heard() = default;
  explicit operator bool() const { return answer.has_value(); }
  // "connection refused", "no answer", "hangs up": what a finding says instead of an answer.
  std::string text() const;
  // Said so: a port that is closed.
  bool closed() const { return why == boost::asio::error::connection_refused; }
};

using IsAnswer = bool (*)(const hbb::RendezvousMessage&);

// `transport`: TCP or WebSocket. The first message that `is_answer` takes.
Task<Heard> ask(Tour& tour, sim::Transport transport, net::Endpoint to,
                hbb::RendezvousMessage question, IsAnswer is_answer);
// Again, unless it was answered or the port is closed.
Task<Heard> ask_twice(Tour& tour, sim::Transport transport, net::Endpoint to,
                      hbb::RendezvousMessage question, IsAnswer is_answer);
// On a stream that is there already.
Task<Heard> ask_on(Tour& tour, sim::MessageStream* stream, hbb::RendezvousMessage question,
                   IsAnswer is_answer);

// Absent: a closed port says so; silence and ends of connections are not sure.
void say_missing(Tour& tour, const std::string& capability, const std::string& question,
                 const Heard& heard);

// Questions.
hbb::RendezvousMessage nat_question();
hbb::RendezvousMessage path_question(std::string id, std::string key);
hbb::RendezvousMessage registration(const Tour& tour);

bool is_nat_answer(const hbb::RendezvousMessage& message);
bool is_path_answer(const hbb::RendezvousMessage& message);
bool is_registration_answer(const hbb::RendezvousMessage& message);

}  // namespace deskcheck::probe
