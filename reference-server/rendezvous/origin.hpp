// Where a message came from and what is to be done about it: the whole vocabulary between the
// rendezvous logic and its shell. No sockets, no bytes.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"
#include "proto/schema/rendezvous.pb.h"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <variant>

namespace deskcheck::server {

// Names a TCP connection for as long as the server runs; 0 is none.
using ConnectionId = std::uint64_t;

enum class Transport {
  udp,        // UDP P
  tcp,        // TCP P
  tcp_nat,    // TCP P-1
  websocket,  // WebSocket P+2
};

struct Origin {
  Transport transport = Transport::udp;
  net::Endpoint peer;           // as seen by the server, IPv4-mapped addresses as IPv4
  ConnectionId connection = 0;  // 0 over UDP
  bool secured = false;         // what comes on the connection is encrypted
};

// What UDP over IPv4 carries, in bytes.
inline constexpr std::size_t kLongestDatagram = 65507;

// A datagram from UDP P; its message is no longer than kLongestDatagram.
struct SendDatagram {
  net::Endpoint to;
  hbb::RendezvousMessage message;
};
// A frame on a connection; nothing happens if the connection has gone.
struct SendFrame {
  ConnectionId to = 0;
  hbb::RendezvousMessage message;
};
// The end of a connection, after everything that was sent on it.
struct CloseConnection {
  ConnectionId connection = 0;
};
// The end of a connection now: it has been replaced by another one.
struct CutConnection {
  ConnectionId connection = 0;
};
// From now on the connection lasts as long as the peer echoes heartbeats, which are sent at least
// once per `period`. Saying it again changes nothing.
struct KeepConnection {
  ConnectionId connection = 0;
  net::Duration period{};
};

// What follows once another server was asked: unfinished.hpp.
struct Unfinished;
struct AskElsewhere {
  std::shared_ptr<const Unfinished> unfinished;
};

using Action = std::variant<SendDatagram, SendFrame, CloseConnection, CutConnection, KeepConnection,
                            AskElsewhere>;
// To be done in this order. No message causes more than two in the common case.
using Actions = boost::container::small_vector<Action, 2>;

}  // namespace deskcheck::server
