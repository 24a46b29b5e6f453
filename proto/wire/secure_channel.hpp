// The encrypted stream, and the two key agreements that start it: client with server (KeyExchange)
// and controller with device (SignedId, PublicKey). Both use the same primitives.
// Source of the rules: client src/common.rs:1999-2051, libs/hbb_common src/tcp.rs:296-343,
// client src/client.rs:751-827 and src/server.rs:198-273.
#pragma once

#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"
#include "proto/wire/identity.hpp"
#include "proto/wire/keys.hpp"

namespace deskcheck::wire {

// One end of an encrypted stream: secretbox with a counter per direction as nonce. The counter
// starts at 0 and is incremented before use. Both directions share the key: that is what clients
// do.
class SecureChannel {
 public:
  explicit SecureChannel(const StreamKey& key) : key_(key) {}
  // 16 bytes longer than `plain`; also for an empty message.
  std::string seal(std::string_view plain);
  // Payloads of length 0 and 1 are returned as they are, without advancing the counter (empty
  // frames are heartbeats). bad_ciphertext is final: the stream has to be closed.
  Result<std::string> open(std::string_view payload);

 private:
  StreamKey key_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

// A fresh key sealed for the peer's X25519 key: what the connecting side answers.
struct SealedKey {
  Bytes32 public_key{};  // ephemeral, of the connecting side
  std::string box;       // 48 bytes
};
// The nonce is 24 zero bytes, so `own` must be fresh for each connection. weak_key if `peer_public`
// has low order.
Result<SealedKey> seal_key(const StreamKey& key, const BoxKeyPair& own, const Bytes32& peer_public);
// bad_box if it does not open, bad_key_length unless 32 bytes come out.
Result<StreamKey> open_key(std::string_view box, const BoxKeyPair& own, const Bytes32& peer_public);

// --- client with server -------------------------------------------------------------------------

// What a server says first on a connection that it is ready to encrypt: its signed ephemeral key.
hbb::KeyExchange offer_key_exchange(const BoxKeyPair& ephemeral, const KeyPair& server);
// The client's side: checks the offer against the configured server key and answers.
struct AcceptedKeyExchange {
  hbb::KeyExchange answer;
  StreamKey key;
};
// wrong_key_count, bad_signature, bad_key_length, weak_key: a client ends the connection.
Result<AcceptedKeyExchange> accept_key_exchange(const hbb::KeyExchange& offer,
                                                const PublicKey& server, net::Random& random);
// The server's side of the answer. wrong_key_count, bad_key_length, bad_box.
Result<StreamKey> finish_key_exchange(const hbb::KeyExchange& answer, const BoxKeyPair& ephemeral);

// --- controller with device ---------------------------------------------------------------------

// The device's first message.
hbb::Message offer_session(std::string_view id, const BoxKeyPair& ephemeral, const KeyPair& device);
struct AcceptedSession {
  hbb::Message answer;  // Message.public_key with both values
  StreamKey key;
};
// The controller's side; `device` comes from the identity that the server signed. After
// bad_signature, not_a_message and bad_key_length a controller goes on unencrypted with an empty
// PublicKey, after wrong_id with an empty Message (client src/client.rs:788-815). weak_key too.
Result<AcceptedSession> accept_session(const hbb::SignedId& offer, std::string_view id,
                                       const PublicKey& device, net::Random& random);
// The device's side of the answer (with a non-empty asymmetric value). bad_key_length, bad_box.
Result<StreamKey> finish_session(const hbb::PublicKey& answer, const BoxKeyPair& ephemeral);

// What a controller sends for a password: SHA256(SHA256(password + salt) + challenge), 32 bytes.
std::string password_proof(std::string_view password, std::string_view salt,
                           std::string_view challenge);

}  // namespace deskcheck::wire
