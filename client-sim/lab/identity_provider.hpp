// An OpenID provider (OpenID Connect Core 1.0, Discovery 1.0; RFC 6749, 7636) without a page: it
// signs in at once whom the test chose, and can be told to be wrong. Decides what a provider says
// and, as a strict one does, what it takes from its relying party; knows no socket and no clock.
#pragma once

#include "client-sim/lab/http_service.hpp"
#include "client-sim/lab/jose.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <vector>

namespace deskcheck::sim {

// Who sits before the browser.
struct Person {
  std::string subject;  // what the provider knows him by, for ever
  std::string user_name, display_name, email;
  bool email_verified = true;

  Person() = default;
};

// The relying party as it was registered.
struct RelyingParty {
  std::string client_id, client_secret;

  RelyingParty() = default;
};

// How it can be wrong.
enum class ProviderFlaw {
  none,
  // The person says no, or something breaks: the browser comes back with an error and no code.
  denies,
  fails,
  // The ID token is not to be believed.
  foreign_key,     // signed with another key than the one in the set
  foreign_key_id,  // signed with a key that is not in the set, whose id it names
  no_signature,    // "alg": "none"
  shared_secret,   // HS256 with the client's secret
  key_as_secret,   // HS256 with the public key as the secret
  changed_claims,  // claims that are not those that were signed
  wrong_nonce,
  no_nonce,
  wrong_audience,
  wrong_issuer,
  expired,
  no_subject,
  // The answers are none.
  no_id_token,
  token_is_no_json,  // 200 with an HTML page
  token_fails,       // 400 invalid_grant
  token_is_silent,   // the connection ends
  discovery_is_no_json,
  keys_are_no_json,
};

// What a relying party asked for in a browser.
struct AuthorizationRequest {
  std::string redirect_uri, state, nonce, scope, challenge, challenge_method;

  AuthorizationRequest() = default;
};

class IdentityProvider {
 public:
  // `issuer`: its URL, without a slash at its end. Codes and subjects are drawn from `random`.
  IdentityProvider(std::string issuer, RelyingParty client, net::Random random);

  const std::string& issuer() const { return issuer_; }
  const RelyingParty& client() const { return client_; }
  // From here on.
  void sign_in(Person person) { person_ = std::move(person); }
  const Person& person() const { return person_; }
  void be(ProviderFlaw flaw) { flaw_ = flaw; }
  // The set has another key from here on, of another id.
  void rotate_keys() { key_ = key_ == 0 ? kForeignKey + 1 : key_ + 1; }
  void answer_after(net::Duration delay) { delay_ = delay; }

  // `now`: Unix seconds.
  HttpResponse on(const HttpRequest& request, std::int64_t now);

  // What was asked of it, the oldest first.
  const std::vector<AuthorizationRequest>& authorizations() const { return authorizations_; }
  // How often each path was asked for: "/token".
  int asked(std::string_view path) const;
  // Why the last question of the relying party was refused; empty if it was not.
  const std::string& complaint() const { return complaint_; }

 private:
  static constexpr int kForeignKey = 1;  // of the keys of the process; in no set
  struct Grant {
    AuthorizationRequest request;
    Person person;
    std::int64_t until = 0;

    Grant() = default;
  };
  HttpResponse answer(const HttpRequest& request, std::int64_t now);
  HttpResponse discovery() const;
  HttpResponse keys() const;
  HttpResponse authorize(const HttpRequest& request, std::int64_t now);
  HttpResponse token(const HttpRequest& request, std::int64_t now);
  HttpResponse user_info(const HttpRequest& request) const;
  bool is_the_client(const HttpRequest& request, const Query& form) const;
  boost::json::object claims_for(const Grant& grant, std::int64_t now) const;
  std::string id_token(const Grant& grant, std::int64_t now) const;
  HttpResponse refuse(std::string why, std::string error);

  std::string issuer_;
  RelyingParty client_;
  net::Random random_;
  Person person_;
  ProviderFlaw flaw_ = ProviderFlaw::none;
  int key_ = 0;
  net::Duration delay_{};
  std::map<std::string, Grant> codes_;  // not yet redeemed
  std::map<std::string, Person> access_tokens_;
  std::vector<AuthorizationRequest> authorizations_;
  std::map<std::string, int, std::less<>> asked_;
  std::string complaint_;
};

}  // namespace deskcheck::sim
