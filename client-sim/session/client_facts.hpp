// Small facts about clients that both sides of a connection need: time limits, the built-in key,
// how a "host[:port]" text is read, how a UUID is written.
#pragma once

#include "proto/net/deadline.hpp"
#include "proto/net/endpoint.hpp"
#include "proto/net/random.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace deskcheck::sim {

// For every connect, and for a session's first messages. client libs/hbb_common
// src/config.rs:45-46.
inline constexpr net::Duration kConnectTimeout = std::chrono::seconds(18);
inline constexpr net::Duration kReadTimeout = std::chrono::seconds(18);
// A session without traffic for so long is dead. client src/server/connection.rs:390, 1035.
inline constexpr net::Duration kSessionSilence = std::chrono::seconds(30);
inline constexpr std::uint16_t kRelayPort = 21117;
inline constexpr char kClientVersion[] = "1.4.9";

// The public network's key, which a client without configured key uses and sends.
// client libs/hbb_common src/config.rs:118.
inline constexpr char kBuiltInKey[] = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";
// client src/common.rs:1865-1885.
std::string effective_key(const std::string& configured);

// "host", "host:port", "[v6]:port" or a bare IPv6 literal; `default_port` where none is given.
// host_not_found for anything but a literal address: the simulated world has no names.
// client libs/hbb_common src/socket_client.rs:15-27.
net::Result<net::Endpoint> parse_host(std::string_view text, std::uint16_t default_port);

// Version 4, hyphenated, lower case.
std::string make_uuid(net::Random& random);
// What a device takes for salts and challenges. client libs/hbb_common src/config.rs:112-115,
// 1072-1085.
std::string make_password(net::Random& random, std::size_t length);

// The earlier of `deadline` and `time` from now.
net::Deadline at_most(net::Deadline deadline, net::Duration time);

}  // namespace deskcheck::sim
