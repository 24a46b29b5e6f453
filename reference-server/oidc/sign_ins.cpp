#include "reference-server/oidc/sign_ins.hpp"

#include "reference-server/api/answers.hpp"
#include "reference-server/api/user.hpp"
#include "reference-server/identity/vouched.hpp"
#include "reference-server/oidc/callback_page.hpp"
#include "reference-server/oidc/web_url.hpp"

#include <algorithm>

namespace deskcheck::server::oidc {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 1024;                 // bytes, of what a client says of itself
constexpr net::Duration kPause = std::chrono::seconds(5);  // of a wrong server

// Clients show the error, whatever the status.
api::Response refused(std::string_view text, const WrongApi& wrong) {
  auto response = api::failure(200, text);
  if (wrong.oidc_errors_are_messages)
    response.body = json::serialize(json::object{{"message", text}});
  return response;
}

bool is_plain(const http_api::OidcRequest& request) {
  const auto fits = [](const std::string& text) { return text.size() <= kLongestText; };
  return fits(request.op) && fits(request.id) && fits(request.uuid) && fits(request.device_name);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

SignIns::SignIns(const Options& options, ApiStore& store, identity::Accounts& accounts,
                 api::Accessible& accessible, net::Random random)
    : options_(options),
      wrong_(options.faults.policies),
      store_(store),
      accounts_(accounts),
      accessible_(accessible),
      attempts_(random, wrong_) {
  for (const auto& fixture : options.identity_providers) create(fixture);
}

void SignIns::create(const IdentityProviderFixture& fixture) {
  IdentityProviderRecord provider;
  provider.name = fixture.name;
  provider.issuer = fixture.issuer;
  provider.client_id = fixture.client_id;
  provider.client_secret = fixture.client_secret;
  provider.icon = fixture.icon;
  provider.scopes = fixture.scopes;
  provider.makes_accounts = fixture.makes_accounts;
  warn_of(provider);
  const auto known = store_.identities().find_provider(provider.name);
  if (known && *known == provider) return;
  const auto done = known ? store_.identities().put_provider(provider) : known.error();
  if (!done)
    throw identity::AccountError("identity provider " + provider.name +
                                 " cannot be stored: " + done.error().message());
}

void SignIns::warn_of(const IdentityProviderRecord& provider) const {
  if (options_.log && provider.issuer.starts_with("http://"))
    options_.log("identity provider " + provider.name +
                 " is asked over http://: whoever is between can sign in as anybody");
}

void SignIns::changed(const std::string& former_issuer, const IdentityProviderRecord& provider) {
  known_.erase(former_issuer);
  known_.erase(provider.issuer);
  warn_of(provider);
}

std::string SignIns::text_of(const IdentityProviderRecord& provider,
                             const std::string& reason) const {
  auto text = "The identity provider " + provider.name + " is of no use: " + reason;
  if (options_.log) options_.log(text);
  return text;
}

api::Response SignIns::begin(const http_api::OidcRequest& request, const std::string& base,
                             const boost::asio::ip::address& from, net::Time now) {
  if (!is_plain(request)) return refused("A name is too long", wrong_);
  const auto op = wrong_.op_becomes_lower_case ? lower(request.op) : request.op;
  const auto provider = store_.identities().find_provider(op);
  if (!provider) return api::storage_failure();
  if (!*provider) return refused("There is no identity provider of this name", wrong_);
  if (wrong_.oidc_needs_api_domain && request.api_domain.empty())
    return refused("apiDomain is missing", wrong_);
  auto home = options_.public_url;
  const std::string* const others[] = {&request.api_domain, &base, &url_};
  for (const auto* url : others)
    if (home.empty()) home = *url;
  while (home.ends_with('/')) home.pop_back();
  if (wrong_.oidc_ignores_api_domain) home = "http://localhost:21114";
  if (!is_base_url(home))
    return refused("The server does not know its URL; its administrator has to set it", wrong_);
  auto attempt = std::make_shared<Attempt>();
  attempt->id = request.id;
  attempt->uuid = request.uuid;
  attempt->device_name = request.device_name;
  attempt->provider = **provider;
  attempt->redirect_uri = home + std::string(kCallback);
  const auto code = attempts_.begin(attempt, from, now);
  if (!code) return refused("Please try 1 minute later", wrong_);
  return with_metadata(
      **provider, now,
      [this, attempt, home, code = *code](const Judged<Metadata>& metadata, net::Time) {
        if (!metadata) {
          attempts_.forget(code);
          return refused(text_of(attempt->provider, metadata.error()), wrong_);
        }
        auto url = authorization_url(*metadata, attempt->provider, attempt->secrets,
                                     attempt->redirect_uri, wrong_);
        if (wrong_.oidc_url_is_relative) url = url.substr(url.find('/', sizeof "https://"));
        if (wrong_.oidc_page_needs_token) url = home + "/api/oidc/page";
        auto answer = http_api::oidc_answer(code, url);
        if (wrong_.oidc_code_is_number) answer["code"] = 1;
        return api::json_answer(answer);
      });
}

api::Response SignIns::ask(const api::Request& request, net::Time now) {
  const auto member = [&](const char* name) { return request.query(name).value_or(""); };
  if (wrong_.oidc_polls_need_content_type && request.header("Content-Type").empty())
    return api::failure(415, "The Content-Type is missing");
  const auto attempt = attempts_.find(member("code"), member("id"), member("uuid"), now);
  if (!attempt) return refused("The sign-in is not known, or has ended", wrong_);
  const auto last = std::exchange(attempt->polled, now);
  if (wrong_.oidc_polls_are_throttled && last != net::Time() && now - last < kPause)
    return api::failure(429, "Too many requests");
  const bool refusal = attempt->stage == Attempt::Stage::failed;
  if (refusal && !wrong_.oidc_refusals_stay_pending) return refused(attempt->failure, wrong_);
  if (attempt->stage == Attempt::Stage::done && !wrong_.oidc_answer_is_lost)
    return signed_in(*attempt, now);
  auto pending = refused(
      wrong_.oidc_pending_in_other_words ? "Waiting for the browser" : http_api::kNotAuthedYet,
      wrong_);
  if (wrong_.oidc_pending_is_500) pending.status = 500;
  return pending;
}

api::Response SignIns::signed_in(Attempt& attempt, net::Time now) {
  const auto account = store_.find_account(attempt.account);
  if (!account) return api::storage_failure();
  if (!*account || (*account)->disabled) return refused("The account is disabled", wrong_);
  if (attempt.token.empty()) {
    const auto result = accounts_.complete(**account, now);
    const auto* done = std::get_if<identity::SignedIn>(&result);
    if (!done || !accessible_.signed_in((*account)->name, attempt.id, attempt.uuid))
      return api::storage_failure();
    attempt.token = done->token;
  }
  auto user = api::user_payload(**account, wrong_);
  user["third_auth_type"] = attempt.provider.name;
  if (wrong_.oidc_user_without_info) user.erase("info");
  if (wrong_.oidc_status_is_null) user["status"] = nullptr;
  json::object answer{{"type", "access_token"}, {"access_token", attempt.token}};
  answer["user"] = std::move(user);
  if (wrong_.oidc_answer_without_type) answer.erase("type");
  if (wrong_.oidc_login_says_success) answer["type"] = "success";
  if (wrong_.oidc_tfa_type_is_null) answer["tfa_type"] = nullptr;
  return api::json_answer(answer);
}

api::Response SignIns::failed(const Attempts::Held& attempt, const std::string& reason) {
  attempt->stage = Attempt::Stage::failed;
  attempt->failure = reason;
  return callback_page("You are not signed in", reason);
}

api::Response SignIns::admit(const Attempts::Held& attempt, const Claims& claims, net::Time now) {
  using identity::NotAdmitted;
  identity::Vouched person;
  person.subject = claims.subject;
  person.preferred_username = claims.preferred_username;
  person.email = claims.email;
  person.display_name = claims.name;
  const auto result = identity::admit(store_, attempt->provider, person, wrong_);
  if (const auto* account = std::get_if<AccountRecord>(&result)) {
    attempts_.done(*attempt, account->name, now);
    const auto device =
        attempt->device_name.empty() ? attempt->id : attempt->device_name + " " + attempt->id;
    return callback_page("You are signed in", "As " + account->name + ", on the device " + device +
                                                  ". You can close this window.");
  }
  switch (std::get<NotAdmitted>(result)) {
    case NotAdmitted::unknown:
      return failed(attempt, "You have no account on this server; ask its administrator");
    case NotAdmitted::name_taken:
      return failed(attempt, "Somebody else has an account of your name; ask the administrator");
    case NotAdmitted::disabled:
      return failed(attempt, "The account is disabled");
    case NotAdmitted::storage_fails:
      break;
  }
  return failed(attempt, "The server cannot use its storage");
}

}  // namespace deskcheck::server::oidc
