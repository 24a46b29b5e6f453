#include "reference-server/key_agreement.hpp"

#include "reference-server/faults/wrong.hpp"

namespace deskcheck::server {

KeyAgreement::KeyAgreement(const wire::KeyPair& identity, net::Random& random,
                           const WrongPolicies& wrong)
    : identity_(identity),
      wrong_(wrong),
      ephemeral_(wrong.one_key_for_all_connections
                     ? wire::box_key_pair_from_secret(another_key().public_key.bytes)
                     : wire::make_box_key_pair(random)) {}

hbb::RendezvousMessage KeyAgreement::offer() const {
  hbb::RendezvousMessage message;
  auto& offer = *message.mutable_key_exchange();
  offer = wire::offer_key_exchange(ephemeral_,
                                   wrong_.offer_has_wrong_signature ? another_key() : identity_);
  if (wrong_.offers_two_keys) offer.add_keys(offer.keys(0));
  return message;
}

wire::Result<wire::StreamKey> KeyAgreement::finish(const hbb::KeyExchange& answer) const {
  return wire::finish_key_exchange(answer, ephemeral_);
}

}  // namespace deskcheck::server
