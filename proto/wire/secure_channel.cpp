#include "proto/wire/secure_channel.hpp"

#include "proto/wire/sodium.hpp"

#include <array>

namespace deskcheck::wire {
namespace {

using Nonce = std::array<unsigned char, crypto_secretbox_NONCEBYTES>;
constexpr Nonce kZeroNonce{};
static_assert(kZeroNonce.size() == crypto_box_NONCEBYTES);
static_assert(sizeof(Bytes32) == crypto_secretbox_KEYBYTES);

// The counter as 64 bits little-endian, then zeros.
Nonce nonce_of(std::uint64_t counter) {
  Nonce nonce{};
  for (unsigned i = 0; i < 8; ++i) nonce[i] = static_cast<unsigned char>(counter >> (8 * i));
  return nonce;
}

struct Agreed {
  SealedKey sealed;
  StreamKey key;
};

// What the connecting side of both agreements does: a fresh key pair, a fresh key, sealed.
Result<Agreed> agree(const Bytes32& peer_public, net::Random& random) {
  const BoxKeyPair own = make_box_key_pair(random);
  const StreamKey key = make_stream_key(random);
  auto sealed = seal_key(key, own, peer_public);
  if (!sealed) return sealed.error();
  return Agreed{*std::move(sealed), key};
}

// What the other side does with the two values that come back.
Result<StreamKey> finish(std::string_view public_key, std::string_view box,
                         const BoxKeyPair& ephemeral) {
  const auto peer_public = to_bytes32(public_key);
  if (!peer_public) return peer_public.error();
  return open_key(box, ephemeral, *peer_public);
}

std::string sha256(const std::string& bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(octets(digest), octets(std::string_view(bytes)), bytes.size());
  return digest;
}

}  // namespace

std::string SecureChannel::seal(std::string_view plain) {
  ready_sodium();
  const Nonce nonce = nonce_of(++sent_);
  std::string sealed(crypto_secretbox_MACBYTES + plain.size(), '\0');
  crypto_secretbox_easy(octets(sealed), octets(plain), plain.size(), nonce.data(),
                        key_.bytes.data());
  return sealed;
}

Result<std::string> SecureChannel::open(std::string_view payload) {
  if (payload.size() <= 1) return std::string(payload);
  ready_sodium();
  const Nonce nonce = nonce_of(++received_);
  if (payload.size() < crypto_secretbox_MACBYTES) return Error::bad_ciphertext;
  std::string plain(payload.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(octets(plain), octets(payload), payload.size(), nonce.data(),
                                 key_.bytes.data()) != 0) {
    return Error::bad_ciphertext;
  }
  return plain;
}

Result<SealedKey> seal_key(const StreamKey& key, const BoxKeyPair& own,
                           const Bytes32& peer_public) {
  ready_sodium();
  SealedKey sealed{own.public_key, std::string(crypto_box_MACBYTES + key.bytes.size(), '\0')};
  if (crypto_box_easy(octets(sealed.box), key.bytes.data(), key.bytes.size(), kZeroNonce.data(),
                      peer_public.data(), own.secret.data()) != 0) {
    return Error::weak_key;
  }
  return sealed;
}

Result<StreamKey> open_key(std::string_view box, const BoxKeyPair& own,
                           const Bytes32& peer_public) {
  ready_sodium();
  if (box.size() < crypto_box_MACBYTES) return Error::bad_box;
  std::string opened(box.size() - crypto_box_MACBYTES, '\0');
  if (crypto_box_open_easy(octets(opened), octets(box), box.size(), kZeroNonce.data(),
                           peer_public.data(), own.secret.data()) != 0) {
    return Error::bad_box;
  }
  const auto key = to_bytes32(opened);
  if (!key) return key.error();
  return StreamKey{*key};
}

hbb::KeyExchange offer_key_exchange(const BoxKeyPair& ephemeral, const KeyPair& server) {
  hbb::KeyExchange offer;
  offer.add_keys(sign(view(ephemeral.public_key), server));
  return offer;
}

Result<AcceptedKeyExchange> accept_key_exchange(const hbb::KeyExchange& offer,
                                                const PublicKey& server, net::Random& random) {
  if (offer.keys_size() != 1) return Error::wrong_key_count;
  const auto signed_key = verify(offer.keys(0), server);
  if (!signed_key) return signed_key.error();
  const auto peer_public = to_bytes32(*signed_key);
  if (!peer_public) return peer_public.error();
  const auto agreed = agree(*peer_public, random);
  if (!agreed) return agreed.error();

  AcceptedKeyExchange accepted;
  accepted.answer.add_keys(std::string(view(agreed->sealed.public_key)));
  accepted.answer.add_keys(agreed->sealed.box);
  accepted.key = agreed->key;
  return accepted;
}

Result<StreamKey> finish_key_exchange(const hbb::KeyExchange& answer, const BoxKeyPair& ephemeral) {
  if (answer.keys_size() != 2) return Error::wrong_key_count;
  return finish(answer.keys(0), answer.keys(1), ephemeral);
}

hbb::Message offer_session(std::string_view id, const BoxKeyPair& ephemeral,
                           const KeyPair& device) {
  hbb::Message offer;
  offer.mutable_signed_id()->set_id(sign_identity(id, view(ephemeral.public_key), device));
  return offer;
}

Result<AcceptedSession> accept_session(const hbb::SignedId& offer, std::string_view id,
                                       const PublicKey& device, net::Random& random) {
  const auto identity = verify_identity(offer.id(), device, id);
  if (!identity) return identity.error();
  const auto agreed = agree(*to_bytes32(identity->pk()), random);
  if (!agreed) return agreed.error();

  AcceptedSession accepted;
  auto* answer = accepted.answer.mutable_public_key();
  answer->set_asymmetric_value(std::string(view(agreed->sealed.public_key)));
  answer->set_symmetric_value(agreed->sealed.box);
  accepted.key = agreed->key;
  return accepted;
}

Result<StreamKey> finish_session(const hbb::PublicKey& answer, const BoxKeyPair& ephemeral) {
  return finish(answer.asymmetric_value(), answer.symmetric_value(), ephemeral);
}

std::string password_proof(std::string_view password, std::string_view salt,
                           std::string_view challenge) {
  ready_sodium();
  return sha256(sha256(std::string(password).append(salt)).append(challenge));
}

}  // namespace deskcheck::wire
