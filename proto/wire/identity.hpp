// Signed identities: IdPk{id, pk} under the Ed25519 key of a server (PunchHoleResponse.pk,
// RelayResponse.pk) or of a device (Message.signed_id, with the ephemeral X25519 key inside).
// Source of the rules: server src/rendezvous_server.rs:1214-1236; client src/client.rs:757-776.
#pragma once

#include "proto/schema/session.pb.h"
#include "proto/wire/keys.hpp"

namespace deskcheck::wire {

std::string sign_identity(std::string_view id, std::string_view pk, const KeyPair& signer);

// bad_signature; not_a_message; bad_key_length unless the pk inside has 32 bytes.
Result<hbb::IdPk> verify_identity(std::string_view signed_identity, const PublicKey& signer);
// As a controller does: also wrong_id unless the identity names `id`.
Result<hbb::IdPk> verify_identity(std::string_view signed_identity, const PublicKey& signer,
                                  std::string_view id);

}  // namespace deskcheck::wire
