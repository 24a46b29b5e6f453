// What a simulated client hears: the scripts of everybody that it talks to.
#include "fuzz/seed_maker/seeds.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace deskcheck::fuzz {

namespace {

using sim::TranscriptLine;
using What = TranscriptLine::What;

constexpr char kDeviceId[] = "123456789";  // in the targets

// One party's view, connection by connection in the order in which they began.
struct View {
  std::string party;
  std::vector<const TranscriptLine*> datagrams;
  std::vector<std::vector<const TranscriptLine*>> connections;
};

View view_of(const std::string& party, const Conversation& c) {
  View view;
  view.party = party;
  std::map<std::pair<net::Endpoint, net::Endpoint>, std::size_t> open;
  for (const auto& line : c.lines) {
    if (line.party != party || line.what == What::note) continue;
    if (line.transport == sim::Transport::udp) {
      view.datagrams.push_back(&line);
      continue;
    }
    const auto ends = std::make_pair(line.local, line.remote);
    if (line.what == What::connected) open[ends] = view.connections.size();
    if (line.what == What::connected) view.connections.emplace_back();
    if (open.contains(ends)) view.connections[open[ends]].push_back(&line);
  }
  return view;
}

// The other end of a session, step by step: handshakes are done anew, everything else is repeated.
void add_session_step(const hbb::Message& message, PeerStep& step) {
  if (message.has_signed_id())
    step.set_offers_as(kDeviceId);
  else if (message.has_public_key() && !message.public_key().asymmetric_value().empty())
    step.set_accepts(true);
  else if (message.has_login_request())
    step.set_proves(true);
  else
    *step.mutable_session() = message;
}

PeerScript script_of(const std::vector<const TranscriptLine*>& lines) {
  constexpr int kMost = 12;
  PeerScript script;
  for (const auto* line : lines) {
    if (script.steps_size() == kMost) break;
    const auto session = session_message(*line);
    if (line->what == What::sent) {
      // What a handshake step hears by itself.
      const bool of_handshake = session && (session->has_public_key() || session->has_signed_id());
      if (!of_handshake) script.add_steps()->set_hears(1);
      continue;
    }
    if (line->what != What::received) continue;
    if (session) add_session_step(*session, *script.add_steps());
    if (auto message = rendezvous_message(*line)) {
      auto& step = *script.add_steps();
      // The targets sign for their own device.
      if (message->has_punch_hole_response()) message->mutable_punch_hole_response()->clear_pk();
      if (message->has_relay_response()) message->mutable_relay_response()->clear_pk();
      step.set_vouches(true);
      step.set_names_places(true);
      *step.mutable_rendezvous() = *message;
    }
  }
  return script;
}

bool speaks_session(const std::vector<const TranscriptLine*>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const auto* line) { return session_message(*line).has_value(); });
}

void add_session(const Conversation& c, const View& view, bool as_controller, Seeds& seeds) {
  for (const auto& lines : view.connections) {
    if (!speaks_session(lines)) continue;
    SessionInput input;
    input.set_as_controller(as_controller);
    *input.mutable_peer() = script_of(lines);
    auto& steps = *input.mutable_peer()->mutable_steps();
    // Here there is no relay to be told of first.
    if (lines.size() > 1 && rendezvous_message(*lines[1]) && !steps.empty())
      steps.DeleteSubrange(0, 1);
    Conversation half = c;
    half.case_id += as_controller ? "-controller" : "-device";
    return add_seed(half, "session", input.SerializeAsString(), seeds);
  }
}

void add_controller(const Conversation& c, const View& view, Seeds& seeds) {
  ControllerInput input;
  input.set_logs_in(true);
  for (const auto& lines : view.connections) {
    const bool server = lines.front()->remote == c.target.rendezvous;
    *(server ? input.add_servers() : input.add_peers()) = script_of(lines);
    for (const auto* line : lines) {
      const auto message = rendezvous_message(*line);
      if (!message || !message->has_punch_hole_request()) continue;
      input.set_force_relay(message->punch_hole_request().force_relay());
      input.set_nat_type(message->punch_hole_request().nat_type());
    }
  }
  add_seed(c, "controller", input.SerializeAsString(), seeds);
}

void add_device(const Conversation& c, const View& view, Seeds& seeds) {
  DeviceInput input;
  const TranscriptLine* last = nullptr;
  for (const auto* line : view.datagrams) {
    const auto message = rendezvous_message(*line);
    if (line->what != What::received || !message) continue;
    auto& datagram = *input.add_datagrams();
    if (last) datagram.set_wait_ms(ms_between(*last, *line));
    datagram.set_requester(1);
    datagram.set_names_relay(true);
    *datagram.mutable_message() = *message;
    last = line;
  }
  for (const auto& lines : view.connections) {
    const auto& remote = lines.front()->remote;
    auto& script = remote == c.target.rendezvous ? *input.add_servers()
                   : remote == c.target.relay    ? *input.add_relays()
                                                 : *input.add_visitors();
    script = script_of(lines);
  }
  add_seed(c, "device", input.SerializeAsString(), seeds);
}

}  // namespace

void add_seeds_of_clients(const Conversation& c, Seeds& seeds) {
  std::set<std::string> devices, controllers;
  for (const auto& line : c.lines) {
    const auto message = rendezvous_message(line);
    if (!message || line.what != What::sent) continue;
    if (message->has_register_pk() || message->has_register_peer()) devices.insert(line.party);
    if (message->has_punch_hole_request()) controllers.insert(line.party);
  }
  for (const auto& party : devices) {
    const auto view = view_of(party, c);
    add_device(c, view, seeds);
    add_session(c, view, false, seeds);
  }
  for (const auto& party : controllers) {
    const auto view = view_of(party, c);
    add_controller(c, view, seeds);
    add_session(c, view, true, seeds);
  }
}

}  // namespace deskcheck::fuzz
