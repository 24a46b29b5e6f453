// What happens to the code that a browser brings back: it is redeemed for tokens, whose signature
// and claims are checked. Every step that needs the provider is a question.
#include "reference-server/api/answers.hpp"
#include "reference-server/calendar.hpp"
#include "reference-server/oidc/callback_page.hpp"
#include "reference-server/oidc/sign_ins.hpp"
#include "reference-server/oidc/web_url.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::server::oidc {

namespace {

constexpr net::Duration kMetadataKeep = std::chrono::minutes(5);
constexpr net::Duration kKeysKeep = std::chrono::hours(1);
constexpr std::size_t kMostKnown = 1000;    // issuers
constexpr std::size_t kLongestCode = 4096;  // bytes

// Why a reply is of no use; empty: it is. Only that of a token endpoint says more than its status.
std::string trouble_of(const api::Reply& reply) {
  if (!reply.failure.empty()) return reply.failure;
  if (reply.status == 200) return {};
  const auto object = http_api::parse_object(reply.body);
  const auto error = object ? http_api::text(*object, "error") : std::nullopt;
  return "it answers " + std::to_string(reply.status) + (error ? " " + harmless(*error) : "");
}

}  // namespace

api::Response SignIns::with_metadata(const IdentityProviderRecord& provider, net::Time now,
                                     WithMetadata then) {
  const auto found = known_.find(provider.issuer);
  if (found != known_.end() && now - found->second.at < kMetadataKeep)
    return then(found->second.metadata, now);
  api::Question question;
  question.url = discovery_url(provider.issuer);
  question.headers = {{"Accept", "application/json"}};
  const auto issuer = provider.issuer;
  return api::ask_elsewhere(std::move(question),
                            [this, issuer, then](const api::Reply& reply, net::Time later) {
                              if (auto trouble = trouble_of(reply); !trouble.empty())
                                return then(Judged<Metadata>(std::move(trouble)), later);
                              const auto metadata = parse_metadata(reply.body, issuer);
                              if (metadata) {
                                if (known_.size() >= kMostKnown) known_.clear();
                                auto& known = known_[issuer];
                                known.metadata = *metadata;
                                known.at = later;
                              }
                              return then(metadata, later);
                            });
}

api::Response SignIns::come_back(const api::Request& request, net::Time now) {
  const auto member = [&](const char* name) { return request.query(name).value_or(""); };
  // Whoever looks only whether the page is there must not use up what the browser brings.
  if (request.method == "HEAD") return callback_page("Signing in", "");
  const auto attempt = attempts_.take(member("state"), now);
  if (!attempt)
    return callback_page("You are not signed in",
                         "This sign-in is not known, or has ended. Begin again in the client.");
  const auto provider = store_.identities().find_provider(attempt->provider.name);
  if (!provider || *provider != attempt->provider)
    return failed(attempt, "The identity provider was changed meanwhile; begin again");
  const auto code = member("code");
  if (const auto error = request.query("error"))
    return failed(attempt, "The identity provider " + attempt->provider.name +
                               " has not signed you in: " + harmless(*error));
  if (code.empty() || code.size() > kLongestCode)
    return failed(attempt, text_of(attempt->provider, "it sends no code"));
  return redeem(attempt, code, member("iss"), now);
}

api::Response SignIns::redeem(const Attempts::Held& attempt, const std::string& code,
                              const std::string& named_issuer, net::Time now) {
  return with_metadata(
      attempt->provider, now,
      [this, attempt, code, named_issuer](const Judged<Metadata>& metadata, net::Time) {
        if (!metadata) return failed(attempt, text_of(attempt->provider, metadata.error()));
        // Else the code of one provider could be redeemed at another: RFC 9207.
        const bool unnamed = named_issuer.empty() && !metadata->redirects_name_issuer;
        if (!unnamed && named_issuer != metadata->issuer)
          return failed(attempt, text_of(attempt->provider, "another one has answered"));
        auto errand = std::make_shared<Errand>();
        errand->attempt = attempt;
        errand->metadata = *metadata;
        return api::ask_elsewhere(token_question(*metadata, attempt->provider, attempt->secrets,
                                                 attempt->redirect_uri, code),
                                  [this, errand](const api::Reply& reply, net::Time later) {
                                    return redeemed(errand, reply, later);
                                  });
      });
}

api::Response SignIns::redeemed(const Held& errand, const api::Reply& reply, net::Time now) {
  const auto& attempt = errand->attempt;
  const auto trouble = trouble_of(reply);
  if (!trouble.empty()) return failed(attempt, text_of(attempt->provider, trouble));
  const auto object = http_api::parse_object(reply.body);
  const auto id_token = object ? http_api::text(*object, "id_token") : std::nullopt;
  if (!id_token) return failed(attempt, text_of(attempt->provider, "it sends no id token"));
  errand->id_token = *id_token;
  errand->access_token = http_api::text(*object, "access_token").value_or("");
  const auto head = head_of(*id_token, wrong_);
  if (!head) return failed(attempt, text_of(attempt->provider, head.error()));
  errand->head = *head;
  return verify(errand, false, now);
}

// A key that is not known may have come since the keys were fetched.
api::Response SignIns::verify(const Held& errand, bool keys_are_new, net::Time now) {
  const auto& attempt = errand->attempt;
  const auto known = known_.find(attempt->provider.issuer);
  const bool old =
      known == known_.end() || !known->second.keys || now - known->second.keys_at >= kKeysKeep;
  if (old && !keys_are_new) return fetch_keys(errand, now);
  if (old) return failed(attempt, text_of(attempt->provider, "its keys are not known"));
  const auto& keys = *known->second.keys;
  const bool may_fetch = !keys_are_new && !wrong_.oidc_keys_are_fetched_once;
  if (may_fetch && !keys.has_key_for(errand->head)) return fetch_keys(errand, now);
  const auto payload = keys.open(errand->id_token, errand->head, wrong_);
  if (payload) return verified(errand, *payload, now);
  if (may_fetch && errand->head.key.empty()) return fetch_keys(errand, now);
  return failed(attempt, text_of(attempt->provider, payload.error()));
}

api::Response SignIns::fetch_keys(const Held& errand, net::Time) {
  api::Question question;
  question.url = errand->metadata.jwks_uri;
  question.headers = {{"Accept", "application/json"}};
  return api::ask_elsewhere(std::move(question),
                            [this, errand](const api::Reply& reply, net::Time later) {
                              const auto& attempt = errand->attempt;
                              const auto trouble = trouble_of(reply);
                              if (!trouble.empty())
                                return failed(attempt, text_of(attempt->provider, trouble));
                              const auto keys = KeySet::parse(reply.body);
                              if (!keys)
                                return failed(attempt, text_of(attempt->provider, keys.error()));
                              auto& known = known_[attempt->provider.issuer];
                              known.keys = *keys;
                              known.keys_at = later;
                              return verify(errand, true, later);
                            });
}

api::Response SignIns::verified(const Held& errand, const std::string& payload, net::Time now) {
  const auto& attempt = errand->attempt;
  Expected expected;
  expected.issuer = attempt->provider.issuer;
  expected.client_id = attempt->provider.client_id;
  expected.nonce = attempt->secrets.nonce;
  expected.now = unix_time(options_, now);
  const auto claims = claims_of(payload, expected, wrong_);
  if (!claims) return failed(attempt, text_of(attempt->provider, claims.error()));
  const bool says_all = !claims->preferred_username.empty();
  if (says_all || errand->metadata.userinfo_endpoint.empty() || errand->access_token.empty())
    return admit(attempt, *claims, now);
  return ask_for_more(errand, *claims);
}

// Tokens may leave out what the userinfo endpoint says: OpenID Connect Core, section 5.4.
api::Response SignIns::ask_for_more(const Held& errand, const Claims& claims) {
  return api::ask_elsewhere(userinfo_question(errand->metadata, errand->access_token),
                            [this, errand, claims](const api::Reply& reply, net::Time later) {
                              const auto& attempt = errand->attempt;
                              const auto trouble = trouble_of(reply);
                              if (!trouble.empty())
                                return failed(attempt, text_of(attempt->provider, trouble));
                              const auto all = with_userinfo(claims, reply.body);
                              if (!all)
                                return failed(attempt, text_of(attempt->provider, all.error()));
                              return admit(attempt, *all, later);
                            });
}

}  // namespace deskcheck::server::oidc
