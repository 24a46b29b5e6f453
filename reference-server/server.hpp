// The reference server: rendezvous and relay logic behind the sockets of a world. Starts, serves,
// stops; decides nothing about the protocol (that is rendezvous/ and relay/).
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "proto/wire/keys.hpp"
#include "reference-server/faults/faults.hpp"
#include "reference-server/store/peer_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::server {

struct Ports {
  net::Endpoint rendezvous;  // UDP and TCP P
  net::Endpoint nat;         // TCP P-1
  net::Endpoint relay;       // TCP Q
};

struct Limits {
  // RegisterPk: accepted in a row per address, and the pause that resets the count.
  int registrations_per_address = 32;
  net::Duration address_pause = std::chrono::seconds(61);
  // RegisterPk: accepted per id, and the pause that resets the count.
  int registrations_per_id = 3;
  net::Duration id_pause = std::chrono::seconds(7);
  // RegisterPk: distinct ids per address and day.
  int ids_per_address = 302;
  // The longest frame accepted, in bytes, on the rendezvous ports.
  std::size_t frame = 1 << 20;
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
};

class Server {
 public:
  // `store` outlives the server: it keeps what was registered over restarts.
  Server(net::World world, Options options, PeerStore& store);
  ~Server();  // stop() must have ended

  // Binds all ports and begins to serve. Throws boost::system::system_error that names the port.
  void start();
  Ports ports() const;
  // Stops accepting, ends every session, returns when nothing of the server is left.
  boost::asio::awaitable<void> stop();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace deskcheck::server
