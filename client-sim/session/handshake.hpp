// The end-to-end handshake between controller and device, both sides (wire.md section 8.5). Decides
// whether a session is encrypted; the cryptography is proto/wire's.
#pragma once

#include "client-sim/session/session.hpp"
#include "proto/wire/keys.hpp"

#include <optional>
#include <string>

namespace deskcheck::sim {

// Who a device is towards a controller.
struct DeviceIdentity {
  std::string id;
  wire::KeyPair keys;

  DeviceIdentity(std::string device_id, const wire::KeyPair& device_keys)
      : id(std::move(device_id)), keys(device_keys) {}
};

// The device's side: sends SignedId at once, waits 18 s for the answer. With `secure` false there
// is no handshake at all. Protection::refused: the controller could not verify this device's key.
// Errors: timed_out, eof, not_a_message, bad_key_length, bad_box, ...: the device gives up.
// client src/server.rs:198-273.
Task<net::Result<Session>> secure_as_device(MessageStream stream, DeviceIdentity identity,
                                            bool secure, net::Random random,
                                            net::Deadline deadline);

// What a controller knows about the device it asked for.
struct ExpectedDevice {
  std::string id;
  std::string signed_id_pk;                   // from the server's answer; may be empty
  std::optional<wire::PublicKey> server_key;  // nothing: the configured key is no key

  ExpectedDevice(std::string device_id, std::string signed_key,
                 std::optional<wire::PublicKey> server)
      : id(std::move(device_id)), signed_id_pk(std::move(signed_key)), server_key(server) {}
};

// The controller's side. Errors: timed_out, eof ("Reset by the peer"), ...
// client src/client.rs:751-827.
Task<net::Result<Session>> secure_as_controller(MessageStream stream, ExpectedDevice device,
                                                net::Random random, net::Deadline deadline);

}  // namespace deskcheck::sim
