// The server's side of KeyExchange on one connection: what it offers before the client has said
// anything, and what it makes of the answer. wire.md section 8.4. Sends nothing itself.
#pragma once

#include "proto/wire/secure_channel.hpp"
#include "reference-server/faults/policies.hpp"

namespace deskcheck::server {

class KeyAgreement {
 public:
  // A fresh key for the connection; all of them outlive the agreement.
  KeyAgreement(const wire::KeyPair& identity, net::Random& random, const WrongPolicies& wrong);

  hbb::RendezvousMessage offer() const;
  // The key of the stream. wrong_key_count, bad_key_length, bad_box: the connection has to end.
  wire::Result<wire::StreamKey> finish(const hbb::KeyExchange& answer) const;

 private:
  const wire::KeyPair& identity_;
  const WrongPolicies& wrong_;
  wire::BoxKeyPair ephemeral_;
};

}  // namespace deskcheck::server
