// One client's connection to a relay: connect, say which pair it belongs to, be a session from
// there.
#pragma once

#include "client-sim/channel/message_stream.hpp"

#include <string>

namespace deskcheck::sim {

// `relay_server`: "host[:port]". The relay never answers: what comes next is the other client.
// host_not_found, connection_refused, timed_out (18 s at most), ...
// client src/server.rs:316-340 and src/client.rs:895-919.
Task<net::Result<MessageStream>> join_relay(net::World world, net::Endpoint home,
                                            std::string relay_server, hbb::RequestRelay request,
                                            Recorder recorder, net::Deadline deadline);

}  // namespace deskcheck::sim
