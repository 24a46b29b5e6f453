// What the owner of a reference server chooses: where it listens, what it enforces, what it
// proposes and how it is wrong. Values only.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"
#include "proto/wire/keys.hpp"
#include "reference-server/faults/faults.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

struct Limits {
  // RegisterPk: accepted in a row per address, and the pause that resets the count.
  int registrations_per_address = 32;
  net::Duration address_pause = std::chrono::seconds(61);
  // RegisterPk: accepted per id, and the pause that resets the count.
  int registrations_per_id = 3;
  net::Duration id_pause = std::chrono::seconds(7);
  // RegisterPk: distinct ids per address and day.
  int ids_per_address = 302;
  // The longest frame accepted on the rendezvous ports, in bytes; a longer one ends its connection.
  // Clients use headers of all four sizes, so it has to be above 4 MiB (FRM-HDR-02).
  std::size_t frame = 8 << 20;
};

struct Options {
  boost::asio::ip::address bind = boost::asio::ip::address_v4::loopback();
  // P; P-1 and Q = P+1 follow from it. 0: a free run of three ports is looked for.
  std::uint16_t rendezvous_port = 21116;
  // Signs the keys of devices; without it every signed key in answers is empty.
  std::optional<wire::KeyPair> identity;
  // What clients must send to be served; empty: no check. The relay checks its own.
  std::string licence_key;
  std::string relay_licence_key;
  // Proposed to devices in turn, "host[:port]"; empty: devices fall back to P+1 of this host.
  std::vector<std::string> relay_servers;
  bool always_use_relay = false;
  // Pushed with ConfigUpdate to devices that report a lower serial.
  std::int32_t serial = 0;
  std::vector<std::string> rendezvous_servers;
  Limits limits;
  FaultPlan faults;
  // Gets one-line notes for the operator, without line end. May be empty.
  std::function<void(std::string_view)> log;
};

}  // namespace deskcheck::server
