// What a simulated network is made of: links between addresses, and NAT boxes. Values only.
#pragma once

#include "proto/net/time.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <cstddef>
#include <limits>

namespace deskcheck::net {

namespace asio = boost::asio;

// How packets travel from one address to another.
struct Link {
  Duration latency = std::chrono::milliseconds(1);
  Duration jitter{};  // 0 ... jitter is added; datagrams overtake each other by it
  // Datagrams: 0 ... flow_jitter is added, the same for all that go from one endpoint to another.
  // So those of different pairs overtake each other, and those of one pair never do.
  Duration flow_jitter{};
  double loss = 0;              // 0 ... 1, datagrams only
  double duplicate = 0;         // 0 ... 1, datagrams only
  std::size_t max_read = 0;     // streams: a read returns 1..max_read bytes; 0 = all that is there
  std::size_t max_segment = 0;  // streams: a write travels in pieces of at most this; 0 = whole
  // Streams: so many bytes of each direction are read and travel like that, the rest as a whole.
  std::size_t pieces_until = std::numeric_limits<std::size_t>::max();
  std::size_t window = 65536;  // streams: bytes on the way before a write has to wait
  // Streams: a reset takes what was sent and not yet read with it, as on a lossy path and as hosts
  // other than Linux do. Off: everything sent before the reset can be read first, as on Linux.
  bool reset_overtakes = false;
};

// A box with one public address; hosts of the prefix are behind it, for UDP and TCP alike.
struct Nat {
  enum class Mapping {
    cone,      // one public port per inside endpoint, whoever it talks to
    symmetric  // another public port for each endpoint it talks to
  };
  enum class Filter {
    none,          // a mapped port takes packets from anybody
    address_port,  // only from endpoints that the inside has sent to (RFC 4787: APDF)
  };
  asio::ip::network_v4 inside;
  asio::ip::address_v4 outside;
  Mapping mapping = Mapping::cone;
  Filter filter = Filter::address_port;
};

}  // namespace deskcheck::net
