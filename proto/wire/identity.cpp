#include "proto/wire/identity.hpp"

namespace deskcheck::wire {

std::string sign_identity(std::string_view id, std::string_view pk, const KeyPair& signer) {
  hbb::IdPk identity;
  identity.set_id(std::string(id));
  identity.set_pk(std::string(pk));
  return sign(identity.SerializeAsString(), signer);
}

Result<hbb::IdPk> verify_identity(std::string_view signed_identity, const PublicKey& signer) {
  const auto message = verify(signed_identity, signer);
  if (!message) return message.error();
  hbb::IdPk identity;
  if (!identity.ParseFromString(*message)) return Error::not_a_message;
  if (identity.pk().size() != sizeof(Bytes32)) return Error::bad_key_length;
  return identity;
}

Result<hbb::IdPk> verify_identity(std::string_view signed_identity, const PublicKey& signer,
                                  std::string_view id) {
  auto identity = verify_identity(signed_identity, signer);
  if (identity && identity->id() != id) return Error::wrong_id;
  return identity;
}

}  // namespace deskcheck::wire
