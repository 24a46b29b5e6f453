// What the steps about relays share. Internal to the doctor and the probe.
#pragma once

#include "conformance/doctor/talk.hpp"
#include "conformance/doctor/visit.hpp"

namespace deskcheck::doctor {

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;

  HostAndPort() = default;
};
// A relay as servers name it: "host", "host:port", "[v6]:port", a bare IPv6 address.
HostAndPort taken_apart(const std::string& text);

// The relay ends the connections of clients that come with the key of hbbs.
void explain_relay_key(Visit& visit, Step step, const std::string& place);

}  // namespace deskcheck::doctor
