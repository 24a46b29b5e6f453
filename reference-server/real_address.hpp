// Who stands behind a WebSocket: reverse proxies name the real client in a header, and only known
// ones may be believed, because anybody can send it. Knows no sockets.
// Source of the rules: server src/rendezvous_server.rs:1174-1184; requirements WS-06 to WS-09.
#pragma once

#include "proto/net/websocket.hpp"
#include "reference-server/address_range.hpp"
#include "reference-server/faults/policies.hpp"

#include <optional>
#include <vector>

namespace deskcheck::server {

// The address in X-Real-IP, else in X-Forwarded-For, if `peer` is one of the trusted `proxies` and
// the text is exactly one address; else nothing, and the address of the connection counts.
std::optional<boost::asio::ip::address> address_behind(const boost::asio::ip::address& peer,
                                                       const net::UpgradeRequest& request,
                                                       const std::vector<AddressRange>& proxies,
                                                       const WrongPolicies& wrong);

}  // namespace deskcheck::server
