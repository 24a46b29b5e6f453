#include "proto/wire/keys.hpp"

#include "proto/wire/sodium.hpp"

#include <algorithm>

namespace deskcheck::wire {
namespace {

static_assert(std::tuple_size_v<Bytes32> == crypto_sign_SEEDBYTES);
static_assert(std::tuple_size_v<Bytes32> == crypto_sign_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<Bytes64> == crypto_sign_SECRETKEYBYTES);
static_assert(std::tuple_size_v<Bytes32> == crypto_box_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<Bytes32> == crypto_box_SECRETKEYBYTES);

Bytes32 draw(net::Random& random) {
  const std::string bytes = random.bytes(sizeof(Bytes32));
  Bytes32 drawn;
  std::copy(bytes.begin(), bytes.end(), drawn.begin());
  return drawn;
}

}  // namespace

std::string_view view(const Bytes32& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<Bytes32> to_bytes32(std::string_view bytes) {
  Bytes32 key;
  if (bytes.size() != key.size()) return Error::bad_key_length;
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

KeyPair key_pair_from_seed(const Bytes32& seed) {
  ready_sodium();
  KeyPair pair;
  crypto_sign_seed_keypair(pair.public_key.bytes.data(), pair.secret.data(), seed.data());
  return pair;
}

KeyPair make_key_pair(net::Random& random) { return key_pair_from_seed(draw(random)); }

KeyPair make_server_key_pair(net::Random& random) {
  KeyPair pair = make_key_pair(random);
  // About half of all texts pass. The servers also look for ':', which base64 does not have.
  while (to_text(pair.public_key).find('/') != std::string::npos) pair = make_key_pair(random);
  return pair;
}

BoxKeyPair box_key_pair_from_secret(const Bytes32& secret) {
  ready_sodium();
  BoxKeyPair pair;
  pair.secret = secret;
  crypto_scalarmult_base(pair.public_key.data(), secret.data());
  return pair;
}

BoxKeyPair make_box_key_pair(net::Random& random) { return box_key_pair_from_secret(draw(random)); }

StreamKey make_stream_key(net::Random& random) { return {draw(random)}; }

std::string to_base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), octets(bytes), bytes.size(), kVariant);
  text.pop_back();  // the terminating zero that the length counts
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  std::size_t length = 0;
  if (sodium_base642bin(octets(bytes), bytes.size(), text.data(), text.size(), nullptr, &length,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return Error::bad_base64;
  }
  bytes.resize(length);
  // libsodium 1.0.18 takes some bytes above 0x7F for letters; no text but the standard one may
  // pass.
  if (to_base64(bytes) != text) return Error::bad_base64;
  return bytes;
}

std::string to_text(const PublicKey& key) { return to_base64(view(key.bytes)); }

std::string to_text(const KeyPair& pair) {
  return to_base64({reinterpret_cast<const char*>(pair.secret.data()), pair.secret.size()});
}

Result<PublicKey> parse_public_key(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes) return bytes.error();
  const auto key = to_bytes32(*bytes);
  if (!key) return key.error();
  return PublicKey{*key};
}

Result<KeyPair> parse_secret_key(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes) return bytes.error();
  if (bytes->size() != sizeof(Bytes64)) return Error::bad_key_length;
  Bytes32 seed;
  std::copy_n(bytes->begin(), seed.size(), seed.begin());
  const KeyPair pair = key_pair_from_seed(seed);
  if (!std::equal(pair.secret.begin(), pair.secret.end(), octets(*bytes))) {
    return Error::key_mismatch;
  }
  return pair;
}

std::string sign(std::string_view message, const KeyPair& signer) {
  ready_sodium();
  std::string combined(crypto_sign_BYTES + message.size(), '\0');
  crypto_sign(octets(combined), nullptr, octets(message), message.size(), signer.secret.data());
  return combined;
}

Result<std::string> verify(std::string_view signed_message, const PublicKey& signer) {
  ready_sodium();
  if (signed_message.size() < crypto_sign_BYTES) return Error::bad_signature;
  std::string message(signed_message.size() - crypto_sign_BYTES, '\0');
  if (crypto_sign_open(octets(message), nullptr, octets(signed_message), signed_message.size(),
                       signer.bytes.data()) != 0) {
    return Error::bad_signature;
  }
  return message;
}

}  // namespace deskcheck::wire
