// Socket addresses as they travel in `bytes` fields ("AddrMangle"): IPv4 masked with a time so that
// address-rewriting NATs do not recognise them, IPv6 as 18 plain bytes.
// Source of the rules: client, libs/hbb_common src/lib.rs:129-200.
#pragma once

#include "proto/net/endpoint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace deskcheck::wire {

// IPv4-mapped and IPv4-compatible IPv6 addresses (but not ::1) become IPv4.
net::Endpoint normalise_v4(const net::Endpoint& endpoint);

// `mask`: any 32 bits; real peers use the low bits of the time in microseconds. Equal endpoints
// with different masks give different bytes: decode before comparing. At most 11 bytes for IPv4,
// exactly 18 for IPv6; normalise_v4 is applied first.
std::string encode_address(const net::Endpoint& endpoint, std::uint32_t mask);

// Never fails: 18 bytes are IPv6, 0 to 16 bytes are IPv4, other lengths give [::]:0, as in clients.
net::Endpoint decode_address(std::string_view bytes);

}  // namespace deskcheck::wire
