// Keys: Ed25519 identities of servers and devices, X25519 keys of one connection, symmetric stream
// keys, their base64 text, and the two key files of a server.
// Source of the rules: server src/common.rs:161-209; client src/common.rs:2053-2071.
#pragma once

#include "proto/net/random.hpp"
#include "proto/wire/error.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace deskcheck::wire {

using Bytes32 = std::array<unsigned char, 32>;
using Bytes64 = std::array<unsigned char, 64>;

// An Ed25519 public key; text form: 44 characters of base64.
struct PublicKey {
  Bytes32 bytes{};
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};
// An Ed25519 key pair; the secret is seed and public half, text form: 88 characters of base64.
struct KeyPair {
  PublicKey public_key;
  Bytes64 secret{};
};
// One side of an X25519 key agreement.
struct BoxKeyPair {
  Bytes32 public_key{};
  Bytes32 secret{};
};
// The key of an encrypted stream.
struct StreamKey {
  Bytes32 bytes{};
  friend bool operator==(const StreamKey&, const StreamKey&) = default;
};

std::string_view view(const Bytes32& bytes);
// bad_key_length unless `bytes` are exactly 32.
Result<Bytes32> to_bytes32(std::string_view bytes);

KeyPair key_pair_from_seed(const Bytes32& seed);
KeyPair make_key_pair(net::Random& random);
// As key servers do: the public text has neither '/' nor ':' in it, so that it fits file names.
KeyPair make_server_key_pair(net::Random& random);
BoxKeyPair box_key_pair_from_secret(const Bytes32& secret);
BoxKeyPair make_box_key_pair(net::Random& random);
StreamKey make_stream_key(net::Random& random);

// Standard base64 with padding.
std::string to_base64(std::string_view bytes);
// bad_base64 for anything else, white space and missing padding included.
Result<std::string> from_base64(std::string_view text);

std::string to_text(const PublicKey& key);
std::string to_text(const KeyPair& pair);  // the secret
// bad_base64 or bad_key_length.
Result<PublicKey> parse_public_key(std::string_view text);
// The 88-character secret; key_mismatch if its public half does not belong to its seed.
Result<KeyPair> parse_secret_key(std::string_view text);

// `id_ed25519` and `id_ed25519.pub` in `folder`. The first is read; the second only tells people
// the public key and is never read. If there is no `id_ed25519` at all, both are made: each appears
// complete or not at all, and of two processes that do this at once both return the same key.
// White space around the text is ignored; no newline is written; the secret is readable by its
// owner only. key_file_malformed, key_file_unreadable, key_file_unwritable: no secret was replaced.
Result<KeyPair> load_or_create_key_files(const std::filesystem::path& folder, net::Random& random);

// Ed25519 "combined" form: 64 bytes of signature, then the message.
std::string sign(std::string_view message, const KeyPair& signer);
// The message inside; bad_signature.
Result<std::string> verify(std::string_view signed_message, const PublicKey& signer);

}  // namespace deskcheck::wire
