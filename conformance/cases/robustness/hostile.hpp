// What strangers may send: bytes that are no message, and messages that are not for a server.
#pragma once

#include "conformance/lab/lab.hpp"

#include <string>
#include <utility>
#include <vector>

namespace deskcheck::conformance {

struct Hostile {
  std::string what;     // for the transcript
  std::string payload;  // of a datagram or a frame
};

// Payloads that do not parse as a message of this protocol.
std::vector<Hostile> unparsable(Lab& lab);
// Messages with a member that no release has: alone, beside others, and of every wire type.
std::vector<Hostile> unknown_members();
// Messages that only servers send, about this device, as somebody would who plays server.
std::vector<Hostile> responses(const std::string& id);

}  // namespace deskcheck::conformance
