// A transcript decoded: as data for reports, and as text for people, one line per event, all
// parties on one timeline.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "proto/wire/describe.hpp"

#include <string>
#include <vector>

namespace deskcheck::sim {

// One line of a transcript, in words.
struct Event {
  net::Duration at{};  // since the first line
  std::string party;
  TranscriptLine::What what = TranscriptLine::What::note;
  Transport transport = Transport::udp;
  Protocol protocol = Protocol::raw;
  bool encrypted = false;
  net::Endpoint local, remote;  // of anything but notes
  std::size_t size = 0;         // of the payload, in bytes
  // Which message it is; its name is empty if the bytes are none, or if they were cut.
  wire::Described message;
  std::string text;  // all that was said: `register_peer {id: "123456789", serial: 3}`, a note, ...
};

struct Conversation {
  std::size_t dropped = 0;  // older events that are not here
  std::vector<Event> events;

  bool empty() const { return events.empty(); }
};

Conversation decode(const Transcript& transcript);

// Seconds since the first line, party, direction, transport, remote endpoint, what was said:
//     0.000 s  owner  -> udp 127.0.0.1:21116  register_peer {id: "123456789", serial: 3}
// Ends with a line feed; empty for an empty conversation.
std::string render(const Conversation& conversation);
std::string render(const Transcript& transcript);

// "sent", "received", "connected", "closed", "note".
std::string_view to_string(TranscriptLine::What what);
// "rendezvous", "session", "raw".
std::string_view to_string(Protocol protocol);

}  // namespace deskcheck::sim
