// Signing in through identity providers: the client begins an attempt and gets the URL of the
// provider's page, the browser of the user comes back from there with a code, the server redeems it
// for a token that says who the user is, and the client, which asks every second, is signed in.
// Sans-IO: what has to be asked of the provider is handed out (api/elsewhere.hpp).
// Source of the rules: http-api.md chapter 8; OpenID Connect Core 1.0, section 3.1.
#pragma once

#include "proto/api/oidc.hpp"
#include "reference-server/api/accessible.hpp"
#include "reference-server/api/elsewhere.hpp"
#include "reference-server/identity/accounts.hpp"
#include "reference-server/oidc/attempts.hpp"
#include "reference-server/oidc/id_token.hpp"
#include "reference-server/oidc/key_set.hpp"

namespace deskcheck::server::oidc {

constexpr std::string_view kCallback = "/api/oidc/callback";

class SignIns {
 public:
  // All of them outlive this. Stores the providers of the options, in place of those of their
  // names. Throws identity::AccountError.
  SignIns(const Options& options, ApiStore& store, identity::Accounts& accounts,
          api::Accessible& accessible, net::Random random);

  // POST /api/oidc/auth. `base`: the URL of this server for browsers, if the client did not say it.
  api::Response begin(const http_api::OidcRequest& request, const std::string& base,
                      const boost::asio::ip::address& from, net::Time now);
  // GET /api/oidc/callback.
  api::Response come_back(const api::Request& request, net::Time now);
  // GET /api/oidc/auth-query.
  api::Response ask(const api::Request& request, net::Time now);
  // A provider that was changed is asked anew what it says of itself.
  void changed(const std::string& former_issuer, const IdentityProviderRecord& provider);
  // The URL of this server for requests that do not tell one, as those through the tunnel.
  void listens_at(std::string url) { url_ = std::move(url); }

 private:
  // What a provider has said of itself, for some minutes.
  struct Known {
    Metadata metadata;
    net::Time at{};
    std::optional<KeySet> keys;
    net::Time keys_at{};
  };
  // A code on its way to an account.
  struct Errand {
    Attempts::Held attempt;
    Metadata metadata;
    std::string id_token, access_token;
    TokenHead head;
  };
  using Held = std::shared_ptr<Errand>;
  using WithMetadata = std::function<api::Response(const Judged<Metadata>&, net::Time)>;

  void create(const IdentityProviderFixture& fixture);
  void warn_of(const IdentityProviderRecord& provider) const;
  api::Response with_metadata(const IdentityProviderRecord& provider, net::Time now,
                              WithMetadata then);
  api::Response redeem(const Attempts::Held& attempt, const std::string& code,
                       const std::string& named_issuer, net::Time now);
  api::Response redeemed(const Held& errand, const api::Reply& reply, net::Time now);
  api::Response verify(const Held& errand, bool keys_are_new, net::Time now);
  api::Response fetch_keys(const Held& errand, net::Time now);
  api::Response verified(const Held& errand, const std::string& payload, net::Time now);
  api::Response ask_for_more(const Held& errand, const Claims& claims);
  api::Response admit(const Attempts::Held& attempt, const Claims& claims, net::Time now);
  // The user is told the reason in the browser, and again in the client.
  api::Response failed(const Attempts::Held& attempt, const std::string& reason);
  api::Response signed_in(Attempt& attempt, net::Time now);
  std::string text_of(const IdentityProviderRecord& provider, const std::string& reason) const;

  const Options& options_;
  const WrongApi& wrong_;
  ApiStore& store_;
  identity::Accounts& accounts_;
  api::Accessible& accessible_;
  Attempts attempts_;
  std::map<std::string, Known> known_;  // by issuer
  std::string url_;
};

}  // namespace deskcheck::server::oidc
