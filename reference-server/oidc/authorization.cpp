#include "reference-server/oidc/authorization.hpp"

#include "proto/net/http_client.hpp"
#include "reference-server/oidc/web_url.hpp"

#include <sodium.h>

namespace deskcheck::server::oidc {

namespace {

std::string base64(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the terminating zero
  return text;
}

// RFC 7636, section 4.2: S256.
std::string challenge_of(const std::string& verifier) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size());
  return base64(hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

// What is in a form, from what a query would be.
std::string form(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string text;
  for (const auto& [name, value] : members) append_query(text, name, value);
  return text.substr(1);
}

}  // namespace

std::string authorization_url(const Metadata& metadata, const IdentityProviderRecord& provider,
                              const Secrets& secrets, const std::string& redirect_uri,
                              const WrongOidc& wrong) {
  auto url = metadata.authorization_endpoint.substr(0, metadata.authorization_endpoint.find('#'));
  append_query(url, "response_type", "code");
  append_query(url, "client_id", provider.client_id);
  append_query(url, "redirect_uri", redirect_uri);
  append_query(url, "scope", provider.scopes);
  append_query(url, "state", secrets.state);
  append_query(url, "nonce", secrets.nonce);
  if (wrong.oidc_without_pkce) return url;
  append_query(url, "code_challenge", challenge_of(secrets.verifier));
  append_query(url, "code_challenge_method", "S256");
  return url;
}

api::Question token_question(const Metadata& metadata, const IdentityProviderRecord& provider,
                             const Secrets& secrets, const std::string& redirect_uri,
                             const std::string& code) {
  api::Question question;
  question.url = metadata.token_endpoint;
  question.method = "POST";
  question.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                      {"Accept", "application/json"}};
  std::vector<std::pair<std::string, std::string>> members = {{"grant_type", "authorization_code"},
                                                              {"code", code},
                                                              {"redirect_uri", redirect_uri},
                                                              {"code_verifier", secrets.verifier}};
  const bool in_header = !provider.client_secret.empty() && !metadata.secret_in_form;
  if (in_header) {
    const auto both = net::percent_encoded(provider.client_id) + ':' +
                      net::percent_encoded(provider.client_secret);
    question.headers.emplace_back("Authorization",
                                  "Basic " + base64(both, sodium_base64_VARIANT_ORIGINAL));
  } else {
    members.emplace_back("client_id", provider.client_id);
    if (!provider.client_secret.empty())
      members.emplace_back("client_secret", provider.client_secret);
  }
  question.body = form(members);
  return question;
}

api::Question userinfo_question(const Metadata& metadata, const std::string& access_token) {
  api::Question question;
  question.url = metadata.userinfo_endpoint;
  question.headers = {{"Authorization", "Bearer " + access_token}, {"Accept", "application/json"}};
  return question;
}

}  // namespace deskcheck::server::oidc
