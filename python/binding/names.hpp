// Choices that Python gives by name.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "proto/schema/rendezvous.pb.h"

#include <string>

namespace deskcheck::python {

// "unknown", "asymmetric", "symmetric", as in the protocol. Throws UsageError.
hbb::NatType nat_type_named(const std::string& name);
// "udp", "tcp", "websocket". Throws UsageError.
sim::Transport transport_named(const std::string& name);
// "tcp", "websocket": how controllers ask. Throws UsageError.
sim::Transport call_transport_named(const std::string& name);
// "default", "file transfer", "port forward", "rdp", "view camera", "terminal". Throws UsageError.
hbb::ConnType conn_type_named(const std::string& name);

}  // namespace deskcheck::python
