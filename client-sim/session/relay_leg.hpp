// A client's connections to servers in its mode, plain or WebSocket, and the one to a relay:
// connect, say which pair it belongs to, be a session from there.
#pragma once

#include "client-sim/channel/message_stream.hpp"

#include <string>

namespace deskcheck::sim {

// Where a client in WebSocket mode goes instead of a server's TCP port: two above, for P as for Q.
// (By name it would go to the name's own port 80 or 443, where a proxy has to be.)
// client libs/hbb_common src/websocket.rs:340-401.
net::Endpoint websocket_of(net::Endpoint tcp);
// Over TCP unless `transport` is WebSocket. `to` is the TCP port in either case.
Task<net::Result<MessageStream>> connect_as(Transport transport, net::World world,
                                            net::Endpoint home, net::Endpoint to, Recorder recorder,
                                            net::Deadline deadline);

// `relay_server`: "host[:port]". The relay never answers: what comes next is the other client.
// host_not_found, connection_refused, timed_out (18 s at most), ...
// client src/server.rs:316-340 and src/client.rs:895-919.
Task<net::Result<MessageStream>> join_relay(Transport transport, net::World world,
                                            net::Endpoint home, std::string relay_server,
                                            hbb::RequestRelay request, Recorder recorder,
                                            net::Deadline deadline);

}  // namespace deskcheck::sim
