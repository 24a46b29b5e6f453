// A transcript as text for people: one line per event, all parties on one timeline.
#pragma once

#include "client-sim/channel/transcript.hpp"

#include <string>

namespace deskcheck::sim {

// Seconds since the first line, party, direction, transport, remote endpoint, what was said:
//     0.000 s  owner  -> udp 127.0.0.1:21116  register_peer {id: "123456789", serial: 3}
// Ends with a line feed; empty for an empty transcript.
std::string render(const Transcript& transcript);

}  // namespace deskcheck::sim
