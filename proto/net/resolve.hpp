// Names of hosts to addresses, in the real world.
#pragma once

#include "proto/net/deadline.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace deskcheck::net {

// A literal of either family, or the first address of a name, IPv4 before IPv6. Blocks while the
// system resolves. host_not_found and the like.
Result<boost::asio::ip::address> resolve(const std::string& host);
// The same without blocking, on an executor of the real world. timed_out.
awaitable<Result<boost::asio::ip::address>> resolve(std::string host, Deadline deadline);
// All of them, each once, in the system's order; a literal is its own only one.
awaitable<Result<std::vector<boost::asio::ip::address>>> resolve_all(std::string host,
                                                                     Deadline deadline);

}  // namespace deskcheck::net
