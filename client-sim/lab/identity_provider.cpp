#include "client-sim/lab/identity_provider.hpp"

#include "proto/wire/keys.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

constexpr std::int64_t kCodeLives = 60;    // seconds
constexpr std::int64_t kTokenLives = 300;  // seconds
constexpr std::size_t kRemembered = 1000;  // requests, codes, tokens

HttpResponse as_json(const json::value& value) {
  HttpResponse response;
  response.body = json::serialize(value);
  return response;
}

HttpResponse page(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html";
  response.body = "<!doctype html><title>Provider</title><p>" + std::move(text);
  return response;
}

std::string with_query(const std::string& url, const Query& query) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + query.text();
}

// RFC 7636, 4.6.
bool fits(const AuthorizationRequest& request, const std::string& verifier) {
  if (request.challenge.empty()) return verifier.empty();
  if (request.challenge_method == "S256") return base64url(sha256(verifier)) == request.challenge;
  return verifier == request.challenge;
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (text.substr(0, end) == word) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

IdentityProvider::IdentityProvider(std::string issuer, RelyingParty client, net::Random random)
    : issuer_(std::move(issuer)), client_(std::move(client)), random_(random) {}

int IdentityProvider::asked(std::string_view path) const {
  const auto found = asked_.find(path);
  return found == asked_.end() ? 0 : found->second;
}

HttpResponse IdentityProvider::refuse(std::string why, std::string error) {
  complaint_ = std::move(why);
  HttpResponse response =
      as_json(json::object{{"error", error}, {"error_description", complaint_}});
  response.status = error == "invalid_client" ? 401 : 400;
  return response;
}

HttpResponse IdentityProvider::on(const HttpRequest& request, std::int64_t now) {
  const std::string path(path_of(request.target));
  if (asked_.size() < kRemembered || asked_.contains(path)) ++asked_[path];
  HttpResponse response = answer(request, now);
  response.delay = delay_;
  return response;
}

HttpResponse IdentityProvider::answer(const HttpRequest& request, std::int64_t now) {
  const auto path = path_of(request.target);
  const bool gets = request.method == "GET", posts = request.method == "POST";
  if (gets && path == "/.well-known/openid-configuration") return discovery();
  if (gets && path == "/keys") return keys();
  if ((gets || posts) && path == "/authorize") return authorize(request, now);
  if (posts && path == "/token") return token(request, now);
  if ((gets || posts) && path == "/userinfo") return user_info(request);
  return page(404, "There is no such page here.");
}

HttpResponse IdentityProvider::discovery() const {
  if (flaw_ == ProviderFlaw::discovery_is_no_json) return page(200, "Welcome.");
  return as_json(json::object{
      {"issuer", issuer_},
      {"authorization_endpoint", issuer_ + "/authorize"},
      {"token_endpoint", issuer_ + "/token"},
      {"userinfo_endpoint", issuer_ + "/userinfo"},
      {"jwks_uri", issuer_ + "/keys"},
      {"response_types_supported", {"code"}},
      {"subject_types_supported", {"public"}},
      {"id_token_signing_alg_values_supported", {"RS256"}},
      {"scopes_supported", {"openid", "profile", "email"}},
      {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
      {"claims_supported", {"sub", "name", "preferred_username", "email", "email_verified"}},
      {"code_challenge_methods_supported", {"S256", "plain"}}});
}

HttpResponse IdentityProvider::keys() const {
  if (flaw_ == ProviderFlaw::keys_are_no_json) return page(200, "Keys are in the kitchen.");
  json::array set{nth_signing_key(key_).public_jwk()};
  return as_json(json::object{{"keys", set}});
}

// OpenID Connect Core 3.1.2: what is wrong with the client or its redirect URI is told to the
// person, everything else to the client.
HttpResponse IdentityProvider::authorize(const HttpRequest& request, std::int64_t now) {
  const Query query = request.method == "POST" ? Query(request.body) : query_of(request.target);
  AuthorizationRequest asked;
  asked.redirect_uri = query.get("redirect_uri");
  asked.state = query.get("state");
  asked.nonce = query.get("nonce");
  asked.scope = query.get("scope");
  asked.challenge = query.get("code_challenge");
  asked.challenge_method = query.get("code_challenge_method");
  if (authorizations_.size() < kRemembered) authorizations_.push_back(asked);
  if (query.get("client_id") != client_.client_id || !parse_url(asked.redirect_uri)) {
    complaint_ = "an unknown client_id, or a redirect_uri that is no URL";
    return page(400, "This application is not known here.");
  }
  Query back;
  const bool wrong = query.get("response_type") != "code" || !has_word(asked.scope, "openid");
  if (wrong) complaint_ = "response_type is not code, or scope has no openid";
  if (wrong) back.add("error", "invalid_request");
  if (flaw_ == ProviderFlaw::denies) back.add("error", "access_denied");
  if (flaw_ == ProviderFlaw::fails) back.add("error", "server_error");
  if (!back.find("error") && codes_.size() < kRemembered) {
    const std::string code = base64url(random_.bytes(24));
    Grant& grant = codes_[code];
    grant.request = asked;
    grant.person = person_;
    grant.until = now + kCodeLives;
    back.add("code", code);
  }
  if (!asked.state.empty()) back.add("state", asked.state);
  HttpResponse response = page(302, "Back to where you came from.");
  response.location = with_query(asked.redirect_uri, back);
  return response;
}

// RFC 6749, 2.3.1: as HTTP Basic, each half form-encoded, or in the form.
bool IdentityProvider::is_the_client(const HttpRequest& request, const Query& form) const {
  constexpr std::string_view kBasic = "Basic ";
  if (request.authorization.starts_with(kBasic)) {
    const auto plain = client_.client_id + ':' + client_.client_secret;
    Query encoded;
    encoded.add(client_.client_id, client_.client_secret);
    std::string pair = encoded.text();
    pair[pair.find('=')] = ':';
    const auto sent = std::string_view(request.authorization).substr(kBasic.size());
    return sent == wire::to_base64(plain) || sent == wire::to_base64(pair);
  }
  return form.get("client_id") == client_.client_id &&
         form.get("client_secret") == client_.client_secret;
}

HttpResponse IdentityProvider::token(const HttpRequest& request, std::int64_t now) {
  const Query form(request.body);
  if (flaw_ == ProviderFlaw::token_is_no_json) return page(200, "Here you are.");
  if (flaw_ == ProviderFlaw::token_is_silent) {
    HttpResponse nothing;
    nothing.silent = true;
    return nothing;
  }
  if (!is_the_client(request, form))
    return refuse("the client does not prove who it is", "invalid_client");
  if (form.get("grant_type") != "authorization_code")
    return refuse("grant_type is not authorization_code", "unsupported_grant_type");
  const auto found = codes_.find(form.get("code"));
  if (found == codes_.end()) return refuse("an unknown code, or one used before", "invalid_grant");
  const Grant grant = found->second;
  codes_.erase(found);
  if (now > grant.until) return refuse("a code that is too old", "invalid_grant");
  if (form.get("redirect_uri") != grant.request.redirect_uri)
    return refuse("another redirect_uri than the one before", "invalid_grant");
  if (!fits(grant.request, form.get("code_verifier")))
    return refuse("a code_verifier that does not fit", "invalid_grant");
  if (flaw_ == ProviderFlaw::token_fails) return refuse("told to refuse", "invalid_grant");
  complaint_.clear();
  const std::string access = base64url(random_.bytes(24));
  if (access_tokens_.size() < kRemembered) access_tokens_[access] = grant.person;
  json::object body{{"access_token", access},
                    {"token_type", "Bearer"},
                    {"expires_in", kTokenLives},
                    {"scope", grant.request.scope}};
  if (flaw_ != ProviderFlaw::no_id_token) body["id_token"] = id_token(grant, now);
  return as_json(body);
}

json::object IdentityProvider::claims_for(const Grant& grant, std::int64_t now) const {
  json::object claims{{"iss", issuer_},
                      {"sub", grant.person.subject},
                      {"aud", client_.client_id},
                      {"iat", now},
                      {"exp", now + kTokenLives},
                      {"name", grant.person.display_name},
                      {"preferred_username", grant.person.user_name},
                      {"email", grant.person.email},
                      {"email_verified", grant.person.email_verified}};
  if (!grant.request.nonce.empty()) claims["nonce"] = grant.request.nonce;
  switch (flaw_) {
    case ProviderFlaw::wrong_nonce:
      claims["nonce"] = "of-another-login";
      break;
    case ProviderFlaw::no_nonce:
      claims.erase("nonce");
      break;
    case ProviderFlaw::wrong_audience:
      claims["aud"] = "another-application";
      break;
    case ProviderFlaw::wrong_issuer:
      claims["iss"] = "https://another-provider.test";
      break;
    case ProviderFlaw::expired:
      claims["iat"] = now - 2 * 86'400;
      claims["exp"] = now - 86'400;
      break;
    case ProviderFlaw::no_subject:
      claims.erase("sub");
      break;
    default:
      break;
  }
  return claims;
}

std::string IdentityProvider::id_token(const Grant& grant, std::int64_t now) const {
  const auto claims = claims_for(grant, now);
  const SigningKey& key = nth_signing_key(key_);
  switch (flaw_) {
    case ProviderFlaw::foreign_key:
      return forged_token(key, nth_signing_key(kForeignKey), claims);
    case ProviderFlaw::foreign_key_id:
      return rs256_token(nth_signing_key(kForeignKey), claims);
    case ProviderFlaw::no_signature:
      return unsigned_token(claims);
    case ProviderFlaw::shared_secret:
      return hs256_token("", client_.client_secret, claims);
    case ProviderFlaw::key_as_secret:
      return hs256_token(key.id(), json::serialize(key.public_jwk()), claims);
    case ProviderFlaw::changed_claims: {
      auto others = claims;
      others["sub"] = "somebody-else";
      const std::string right = rs256_token(key, claims), other = rs256_token(key, others);
      return other.substr(0, other.rfind('.')) + right.substr(right.rfind('.'));
    }
    default:
      return rs256_token(key, claims);
  }
}

HttpResponse IdentityProvider::user_info(const HttpRequest& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  std::string token;
  if (request.authorization.starts_with(kBearer))
    token = request.authorization.substr(kBearer.size());
  const auto found = access_tokens_.find(token);
  if (found == access_tokens_.end()) {
    HttpResponse response = as_json(json::object{{"error", "invalid_token"}});
    response.status = 401;
    return response;
  }
  const Person& person = found->second;
  return as_json(json::object{{"sub", person.subject},
                              {"name", person.display_name},
                              {"preferred_username", person.user_name},
                              {"email", person.email},
                              {"email_verified", person.email_verified}});
}

}  // namespace deskcheck::sim
