#include "reference-server/identity/password.hpp"

#include "proto/wire/sodium.hpp"

#include <fmt/format.h>

#include <array>
#include <new>

namespace deskcheck::server::identity {

namespace {

struct Cost {
  unsigned long long operations;
  std::size_t memory;  // bytes
};

Cost cost_of(PasswordCost cost) {
  if (cost == PasswordCost::minimal)
    return {crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN};
  // The least that OWASP's Password Storage Cheat Sheet advises. A hash stops the server for as
  // long as it takes, so more would let a hundred people who sign in at once wait too long for each
  // other.
  return {2, 19 << 20};
}

std::string unpadded_base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), wire::octets(bytes), bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace

// Not crypto_pwhash_str(): its salt comes from the library's own generator, not from the world's.
std::string hash_password(std::string_view password, PasswordCost cost, net::Random& random) {
  wire::ready_sodium();
  const auto [operations, memory] = cost_of(cost);
  const auto salt = random.bytes(crypto_pwhash_argon2id_SALTBYTES);
  std::string key(32, '\0');
  if (crypto_pwhash_argon2id(wire::octets(key), key.size(), password.data(), password.size(),
                             wire::octets(std::string_view(salt)), operations, memory,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", memory / 1024, operations,
                     unpadded_base64(salt), unpadded_base64(key));
}

bool is_password(const std::string& hash, std::string_view password) {
  wire::ready_sodium();
  // The library reads an array of this length.
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  hash.copy(text.data(), hash.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace deskcheck::server::identity
