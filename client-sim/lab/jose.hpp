// JSON Web Tokens as an identity provider makes them (RFC 7515, 7517, 7518), right or wrong:
// decides what stands in a signature, never whether one is to be believed.
#pragma once

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace deskcheck::sim {

// Base64 with the alphabet of URLs and without padding (RFC 7515, 2).
std::string base64url(std::string_view bytes);
std::string sha256(std::string_view bytes);  // 32 bytes

// An RSA key of 2048 bits for RS256.
class SigningKey {
 public:
  // A fresh one, which takes a tenth of a second. Throws std::runtime_error if OpenSSL cannot.
  explicit SigningKey(std::string id);

  const std::string& id() const { return id_; }
  // The public half as an entry of a JWK set.
  boost::json::object public_jwk() const;
  // RSASSA-PKCS1-v1_5 with SHA-256.
  std::string sign(std::string_view input) const;

 private:
  std::string id_;
  std::shared_ptr<void> key_;  // EVP_PKEY
};

// The keys of providers are made once in a process, for they take their time; the n-th is the same
// every time. Whoever knows one has nothing: no provider of them outlives the process.
const SigningKey& nth_signing_key(int n);

// header.claims.signature
std::string rs256_token(const SigningKey& key, const boost::json::object& claims);
// The same signed with another key than the one that it names.
std::string forged_token(const SigningKey& named, const SigningKey& real,
                         const boost::json::object& claims);
// Not signed at all, "alg": "none".
std::string unsigned_token(const boost::json::object& claims);
// Signed with a secret that everybody knows, HS256: what verifiers take who let the token say how.
std::string hs256_token(std::string_view id, std::string_view secret,
                        const boost::json::object& claims);

}  // namespace deskcheck::sim
