#include "reference-server/oidc/key_set.hpp"

#include "proto/api/json.hpp"

#include <cjose/cjose.h>
#include <sodium.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace deskcheck::server::oidc {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostKeys = 100;
constexpr std::size_t kShortestRsa = 2048;        // bits: RFC 7518, section 3.3
constexpr std::size_t kLongestToken = 64 * 1024;  // bytes

struct Algorithm {
  const char* name;
  const char* key_type;
  const char* curve;  // empty: has none
};
// Those of RFC 7518 that are signatures.
constexpr Algorithm kAlgorithms[] = {
    {"RS256", "RSA", ""},     {"RS384", "RSA", ""},     {"RS512", "RSA", ""},
    {"PS256", "RSA", ""},     {"PS384", "RSA", ""},     {"PS512", "RSA", ""},
    {"ES256", "EC", "P-256"}, {"ES384", "EC", "P-384"}, {"ES512", "EC", "P-521"},
};

const Algorithm* find_algorithm(std::string_view name) {
  const auto* found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == std::end(kAlgorithms) ? nullptr : found;
}

std::optional<std::string> base64url_decoded(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                       text.data(), text.size(), nullptr, &size, nullptr,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (failed != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

// The part of a token between two dots, decoded.
std::optional<std::string> part_of(std::string_view token, int number) {
  for (; number > 0; --number) token.remove_prefix(std::min(token.size(), token.find('.') + 1));
  return base64url_decoded(token.substr(0, token.find('.')));
}

bool suits(const json::object& key, const TokenHead& head) {
  const auto* algorithm = find_algorithm(head.algorithm);
  if (!algorithm) return false;
  const auto is = [&](const char* member, std::string_view wanted) {
    return http_api::text(key, member).value_or(std::string(wanted)) == wanted;
  };
  return http_api::text(key, "kty") == algorithm->key_type && is("use", "sig") &&
         is("alg", head.algorithm) &&
         (*algorithm->curve == '\0' || http_api::text(key, "crv") == algorithm->curve) &&
         (head.key.empty() || http_api::text(key, "kid") == head.key);
}

struct Release {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
};
using Key = std::unique_ptr<cjose_jwk_t, Release>;
using Signed = std::unique_ptr<cjose_jws_t, Release>;

// The public half alone: whoever publishes the other one by mistake does not have it used.
Key import(const json::object& key) {
  json::object halved;
  for (const char* member : {"kty", "kid", "n", "e", "crv", "x", "y"})
    if (const auto* value = key.if_contains(member)) halved[member] = *value;
  const auto text = json::serialize(halved);
  cjose_err error{};
  Key imported(cjose_jwk_import(text.data(), text.size(), &error));
  if (imported && cjose_jwk_get_kty(imported.get(), &error) == CJOSE_JWK_KTY_RSA &&
      cjose_jwk_get_keysize(imported.get(), &error) < kShortestRsa)
    return nullptr;
  return imported;
}

bool verifies(const std::string& token, const json::object& key) {
  cjose_err error{};
  const auto imported = import(key);
  const Signed parsed(cjose_jws_import(token.data(), token.size(), &error));
  return imported && parsed && cjose_jws_verify(parsed.get(), imported.get(), &error);
}

}  // namespace

Judged<TokenHead> head_of(std::string_view token, const WrongOidc& wrong) {
  const std::string no_token = "its id token is none";
  if (token.size() > kLongestToken || std::ranges::count(token, '.') != 2) return no_token;
  const auto text = part_of(token, 0);
  const auto object = text ? http_api::parse_object(*text) : std::nullopt;
  if (!object) return no_token;
  TokenHead head;
  head.algorithm = http_api::text(*object, "alg").value_or("");
  head.key = http_api::text(*object, "kid").value_or("");
  const bool unsigned_passes = wrong.id_tokens_may_be_unsigned && head.algorithm == "none";
  if (!find_algorithm(head.algorithm) && !unsigned_passes)
    return std::string("its id token is not signed as it has to be");
  // What has to be understood and is not: RFC 7515, section 4.1.11.
  if (object->contains("crit")) return no_token;
  return head;
}

Judged<KeySet> KeySet::parse(std::string_view document) {
  const auto object = http_api::parse_object(document);
  const auto* keys = object ? object->if_contains("keys") : nullptr;
  if (!keys || !keys->is_array()) return std::string("its keys are no key set");
  KeySet set;
  for (const auto& key : keys->get_array())
    if (key.is_object() && set.keys_.size() < kMostKeys) set.keys_.push_back(key.get_object());
  return set;
}

bool KeySet::has_key_for(const TokenHead& head) const {
  return std::ranges::any_of(keys_, [&](const json::object& key) { return suits(key, head); });
}

Judged<std::string> KeySet::open(const std::string& token, const TokenHead& head,
                                 const WrongOidc& wrong) const {
  const bool passes = wrong.id_token_signatures_are_not_checked || head.algorithm == "none";
  const auto proves = [&](const json::object& key) {
    return suits(key, head) && verifies(token, key);
  };
  const auto payload = part_of(token, 1);
  if (!payload || (!passes && std::ranges::none_of(keys_, proves)))
    return {boost::system::in_place_error, "the signature of its id token is wrong"};
  return {boost::system::in_place_value, *payload};
}

}  // namespace deskcheck::server::oidc
