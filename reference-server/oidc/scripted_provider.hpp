// An identity provider that says what a test wants it to say. It answers the questions of the
// server as values, without a network. Tests only.
#pragma once

#include "proto/net/http_client.hpp"
#include "reference-server/api/elsewhere.hpp"

#include <cjose/cjose.h>
#include <sodium.h>
#include <boost/json.hpp>

#include <array>
#include <cstdlib>
#include <map>
#include <memory>

namespace deskcheck::server::oidc {

using SigningKey = std::shared_ptr<cjose_jwk_t>;

inline SigningKey named(cjose_jwk_t* key, const std::string& id) {
  cjose_jwk_set_kid(key, id.data(), id.size(), nullptr);
  return SigningKey(key, [](cjose_jwk_t* one) { cjose_jwk_release(one); });
}
inline SigningKey make_rsa_key(const std::string& id, std::size_t bits = 2048) {
  const std::array<std::uint8_t, 3> exponent = {1, 0, 1};
  return named(cjose_jwk_create_RSA_random(bits, exponent.data(), exponent.size(), nullptr), id);
}
inline SigningKey make_ec_key(const std::string& id) {
  return named(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr), id);
}
inline SigningKey make_shared_key(const std::string& id, std::string_view secret) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(secret.data());
  return named(cjose_jwk_create_oct_spec(bytes, secret.size(), nullptr), id);
}
// As published.
inline std::string public_key(const SigningKey& key) {
  char* text = cjose_jwk_to_json(key.get(), false, nullptr);
  const std::string copy(text);
  std::free(text);
  return copy;
}
inline std::string base64url(std::string_view bytes) {
  std::string text(
      sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();
  return text;
}
inline std::string signed_with(const SigningKey& key, const std::string& algorithm,
                               const boost::json::object& claims) {
  const auto payload = boost::json::serialize(claims);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload.data());
  auto* head = cjose_header_new(nullptr);
  cjose_header_set(head, CJOSE_HDR_ALG, algorithm.c_str(), nullptr);
  if (const char* id = cjose_jwk_get_kid(key.get(), nullptr); id && *id != '\0')
    cjose_header_set(head, CJOSE_HDR_KID, id, nullptr);
  auto* token = cjose_jws_sign(key.get(), head, bytes, payload.size(), nullptr);
  const char* text = nullptr;
  cjose_jws_export(token, &text, nullptr);
  std::string copy(text);
  cjose_jws_release(token);
  cjose_header_release(head);
  return copy;
}
inline std::string unsigned_token(const boost::json::object& claims) {
  return base64url(R"({"alg":"none"})") + '.' + base64url(boost::json::serialize(claims)) + '.';
}

class ScriptedProvider {
 public:
  static constexpr const char* kIssuer = "http://idp.example:9000/realm";

  // What the browser brings back from the page at this URL.
  std::string authorize(const std::string& url) {
    api::Request page;
    page.target = url.substr(url.find('/', 8));
    asked = url;
    nonce = page.query("nonce").value_or("");
    challenge = page.query("code_challenge").value_or("");
    redirect_uri = page.query("redirect_uri").value_or("");
    code = "code-" + std::to_string(++codes_);
    return "/api/oidc/callback?code=" + code + "&state=" + page.query("state").value_or("");
  }

  api::Reply answer(const api::Question& question) {
    questions.push_back(question);
    const auto path = question.url.substr(question.url.find('/', 8));
    api::Reply reply;
    if (const auto planned = replies.find(path); planned != replies.end()) return planned->second;
    reply.status = 200;
    if (path == "/realm/.well-known/openid-configuration")
      reply.body = boost::json::serialize(document());
    else if (path == "/realm/keys")
      reply.body = R"({"keys":[)" + published() + "]}";
    else if (path == "/realm/token")
      redeem(question, reply);
    else if (path == "/realm/userinfo")
      reply.body = boost::json::serialize(userinfo);
    else
      reply.status = 404;
    return reply;
  }

  // Who signs in next, and with what is said instead of the truth; null leaves a claim out.
  boost::json::object person{{"sub", "1"}, {"preferred_username", "anna"}};
  boost::json::object instead;
  boost::json::object metadata;  // the same for the discovery document
  boost::json::object userinfo;
  // Signs the claims; by default with `key`.
  std::function<std::string(const boost::json::object&)> sign;
  SigningKey key = rsa_key();
  std::string algorithm = "RS256";
  std::vector<SigningKey> keys = {key};  // published
  std::map<std::string, api::Reply> replies;
  std::int64_t now = 3600;  // Unix time
  // What it has seen.
  std::vector<api::Question> questions;
  std::string asked, nonce, challenge, redirect_uri, code;

  int count(const std::string& path) const {
    int number = 0;
    for (const auto& question : questions) number += question.url == kIssuer + path;
    return number;
  }
  // Making one takes a while.
  static SigningKey rsa_key() {
    static const auto made = make_rsa_key("first");
    return made;
  }

 private:
  static void put(boost::json::object& object, const boost::json::object& changes) {
    for (const auto& change : changes)
      if (change.value().is_null())
        object.erase(change.key());
      else
        object[change.key()] = change.value();
  }
  boost::json::object document() const {
    const std::string issuer = kIssuer;
    boost::json::object document{{"issuer", issuer},
                                 {"authorization_endpoint", issuer + "/authorize"},
                                 {"token_endpoint", issuer + "/token"},
                                 {"jwks_uri", issuer + "/keys"},
                                 {"userinfo_endpoint", issuer + "/userinfo"}};
    put(document, metadata);
    return document;
  }
  std::string published() const {
    std::string list;
    for (const auto& one : keys) list += (list.empty() ? "" : ",") + public_key(one);
    return list;
  }
  // As a provider does that is strict: the code is good once, and with its verifier.
  void redeem(const api::Question& question, api::Reply& reply) {
    api::Request form;
    form.target = "/?" + question.body;
    const auto verifier = form.query("code_verifier").value_or("");
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size());
    const bool right = !code.empty() && form.query("code") == code &&
                       form.query("redirect_uri") == redirect_uri &&
                       (challenge.empty() || base64url(hash) == challenge);
    code.clear();
    if (!right) {
      reply.status = 400;
      reply.body = R"({"error":"invalid_grant"})";
      return;
    }
    boost::json::object claims{
        {"iss", kIssuer}, {"aud", "desk"}, {"nonce", nonce}, {"exp", now + 300}, {"iat", now}};
    put(claims, person);
    put(claims, instead);
    const auto token = sign ? sign(claims) : signed_with(key, algorithm, claims);
    reply.body = boost::json::serialize(
        boost::json::object{{"access_token", "at"}, {"token_type", "Bearer"}, {"id_token", token}});
  }

  int codes_ = 0;
};

}  // namespace deskcheck::server::oidc
