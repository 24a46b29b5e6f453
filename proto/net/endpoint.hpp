// An address and a port: where a datagram goes, where a connection comes from. No sockets here.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace deskcheck::net {

struct Endpoint {
  boost::asio::ip::address address;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint& a, const Endpoint& b) {
    if (a.address < b.address) return std::strong_ordering::less;
    if (b.address < a.address) return std::strong_ordering::greater;
    return a.port <=> b.port;
  }
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "127.0.0.1:21116", "[::1]:21116".
std::string to_string(const Endpoint& endpoint);
// `address` is a literal of either family; throws boost::system::system_error if it is none.
Endpoint endpoint(const char* address, std::uint16_t port);

}  // namespace deskcheck::net
