// Who a simulated device is and how it is configured.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "client-sim/session/client_facts.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/keys.hpp"

#include <cstdint>
#include <string>

namespace deskcheck::sim {

struct DeviceOptions {
  std::string id;
  std::string uuid;    // machine id, opaque bytes
  wire::KeyPair keys;  // Ed25519 identity
  net::Endpoint home;  // where its sockets are bound; port 0
  net::Endpoint rendezvous;
  std::string key;           // the server's public key as configured; empty: the built-in one
  std::string relay_server;  // own choice, "host[:port]"; empty: the server's
  hbb::NatType nat_type = hbb::ASYMMETRIC;
  std::string version = kClientVersion;
  std::string password;     // empty: sessions cannot log in, somebody would have to accept by hand
  std::int32_t serial = 3;  // of the configuration known; clients never report less than 3
  bool key_confirmed = false;  // true: as after a restart, begins with RegisterPeer
  // Other than the real client: it makes itself no new id where the server says that somebody else
  // has this one.
  bool keeps_id = false;
  bool tcp_listening = true;
  // How it is registered: by datagrams, or on a connection that it keeps: TCP, as with UDP disabled
  // or behind a proxy, or a WebSocket two ports above.
  Transport transport = Transport::udp;
  // Behaves towards pushes as behind a proxy or in WebSocket mode: always by relay.
  bool relay_only = false;
  // Nobody gets through to the addresses that it names: sessions come about by relay only, after
  // the controller has tried.
  bool firewalled = false;

  DeviceOptions() = default;
};

}  // namespace deskcheck::sim
