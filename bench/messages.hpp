// The messages that simulated devices send, and what a right answer to them is.
#pragma once

#include "proto/schema/rendezvous.pb.h"

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::bench {

// Devices are numbered from 0; ids have nine digits.
std::string id_of(int device);
std::string uuid_of(int device);

// As a datagram, or as a message of a WebSocket.
std::string register_pk(int device);
std::string register_peer(int device);
// With its header, for a TCP connection.
std::string frame_of(const hbb::RendezvousMessage& message);

// A controller that asks for the device, with the server's licence key.
hbb::RendezvousMessage punch_hole_request(int device, const std::string& key);
// The device's answer to a push.
hbb::RendezvousMessage punch_hole_sent(int device, const hbb::PunchHole& push);
hbb::RendezvousMessage request_relay(const std::string& uuid, const std::string& key);

// Nothing: no message.
std::optional<hbb::RendezvousMessage> parse(std::string_view bytes);
// RegisterPkResponse: the device is registered now.
bool is_ok(const hbb::RendezvousMessage& answer);
// RegisterPeerResponse: the device is known and stays registered.
bool is_known(const hbb::RendezvousMessage& answer);

}  // namespace deskcheck::bench
