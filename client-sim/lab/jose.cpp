#include "client-sim/lab/jose.hpp"

#include "proto/wire/keys.hpp"

#include <boost/json/serialize.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <deque>
#include <mutex>
#include <stdexcept>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

EVP_PKEY* as_key(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

void must(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &value) == 1, "reading a public key failed");
  const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> owner(value, BN_free);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

std::string header_of(std::string_view algorithm, std::string_view id) {
  json::object header{{"alg", algorithm}, {"typ", "JWT"}};
  if (!id.empty()) header["kid"] = id;
  return base64url(json::serialize(header));
}

std::string signing_input(const std::string& header, const json::object& claims) {
  return header + '.' + base64url(json::serialize(claims));
}

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text = wire::to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  must(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                  nullptr, EVP_sha256(), nullptr) == 1,
       "SHA-256 failed");
  return digest;
}

SigningKey::SigningKey(std::string id) : id_(std::move(id)) {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  must(key != nullptr, "no RSA key could be made");
  key_ =
      std::shared_ptr<void>(key, [](void* owned) { EVP_PKEY_free(static_cast<EVP_PKEY*>(owned)); });
}

json::object SigningKey::public_jwk() const {
  return {{"kty", "RSA"},
          {"use", "sig"},
          {"alg", "RS256"},
          {"kid", id_},
          {"n", base64url(number(as_key(key_), OSSL_PKEY_PARAM_RSA_N))},
          {"e", base64url(number(as_key(key_), OSSL_PKEY_PARAM_RSA_E))}};
}

std::string SigningKey::sign(std::string_view input) const {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  must(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, as_key(key_)) == 1,
       "signing failed");
  std::size_t size = 0;
  must(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) == 1,
       "signing failed");
  std::string signature(size, '\0');
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      bytes_of(input), input.size()) == 1,
       "signing failed");
  signature.resize(size);
  return signature;
}

const SigningKey& nth_signing_key(int n) {
  static std::mutex guard;
  static std::deque<SigningKey> keys;  // references into a deque stay
  const std::lock_guard lock(guard);
  while (keys.size() <= static_cast<std::size_t>(n))
    keys.emplace_back("lab-" + std::to_string(keys.size()));
  return keys[static_cast<std::size_t>(n)];
}

std::string rs256_token(const SigningKey& key, const json::object& claims) {
  return forged_token(key, key, claims);
}

std::string forged_token(const SigningKey& named, const SigningKey& real,
                         const json::object& claims) {
  const std::string input = signing_input(header_of("RS256", named.id()), claims);
  return input + '.' + base64url(real.sign(input));
}

std::string unsigned_token(const json::object& claims) {
  return signing_input(header_of("none", ""), claims) + '.';
}

std::string hs256_token(std::string_view id, std::string_view secret, const json::object& claims) {
  const std::string input = signing_input(header_of("HS256", id), claims);
  std::string code(32, '\0');
  must(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(input),
            input.size(), reinterpret_cast<unsigned char*>(code.data()), nullptr) != nullptr,
       "HMAC failed");
  return input + '.' + base64url(code);
}

}  // namespace deskcheck::sim
