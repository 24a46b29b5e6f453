// A session between two clients after the handshake: messages of the session protocol, encrypted or
// not. Knows how to log in as a controller does; what a device answers is client-sim/device's.
#pragma once

#include "client-sim/channel/message_stream.hpp"

#include <optional>
#include <string>

namespace deskcheck::sim {

// How the end-to-end handshake ended; all but the first go on unencrypted, and current clients then
// ask their user. wire.md section 8.5.
enum class Protection {
  encrypted,
  no_key,             // 2c: no usable signed key from the server; an empty Message was sent
  refused,            // 2b: the device's SignedId does not verify; PublicKey{} was sent
  no_signed_id,       // the device said something else first, or named another id
  device_not_secure,  // the device was asked not to offer encryption (RequestRelay.secure is false)
};
std::string_view to_string(Protection protection);

struct LoginOptions {
  std::string device_id;
  std::string password;  // empty: the device's user has to accept by hand
  std::string my_id;
  std::string my_name;
  std::string version;
  hbb::ConnType conn_type = hbb::DEFAULT_CONN;

  LoginOptions() = default;
};

// What the device said to a LoginRequest.
struct LoginOutcome {
  std::string error;  // "Wrong Password", "Offline", ...; empty: logged in
  hbb::PeerInfo peer_info;
};

class Session {
 public:
  Session(MessageStream stream, Protection protection);
  Session(Session&&) = default;
  Session& operator=(Session&&) = default;

  bool encrypted() const { return stream_.encrypted(); }
  Protection protection() const { return protection_; }
  MessageStream& stream() { return stream_; }

  Task<net::Result<void>> send(hbb::Message message, net::Deadline deadline);
  // The next message, whatever it is; not_a_message if it does not parse.
  Task<net::Result<hbb::Message>> receive(net::Deadline deadline);
  // As a controller: answers test delays on the way, returns the first other message.
  // client src/client.rs:3141-3147.
  Task<net::Result<hbb::Message>> receive_as_controller(net::Deadline deadline);
  // As a controller: keeps the session alive until `deadline`; an error if it ended before.
  Task<net::Result<void>> idle(net::Deadline deadline);
  // As a controller: waits for Hash, sends LoginRequest, waits for LoginResponse.
  // client src/client.rs:3495-3620, 2660-2790.
  Task<net::Result<LoginOutcome>> login(LoginOptions options, net::Deadline deadline);
  // Says why, politely, and closes. client src/client/io_loop.rs:553-563.
  Task<void> close(std::string reason, net::Deadline deadline);

 private:
  MessageStream stream_;
  Protection protection_;
  std::optional<hbb::Hash> hash_;
};

}  // namespace deskcheck::sim
