// What the server sends to an identity provider: the browser of the user to its page (RFC 6749,
// section 4.1, with RFC 7636), and the code that the browser brings back.
#pragma once

#include "reference-server/api/elsewhere.hpp"
#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/oidc/discovery.hpp"
#include "reference-server/store/identity_store.hpp"

namespace deskcheck::server::oidc {

// What makes an attempt to sign in unlike all others; each is 32 random bytes in base64url.
struct Secrets {
  std::string state;     // travels with the browser
  std::string nonce;     // comes back in the token
  std::string verifier;  // never leaves before the code is redeemed

  Secrets() = default;
};

std::string authorization_url(const Metadata& metadata, const IdentityProviderRecord& provider,
                              const Secrets& secrets, const std::string& redirect_uri,
                              const WrongOidc& wrong);
api::Question token_question(const Metadata& metadata, const IdentityProviderRecord& provider,
                             const Secrets& secrets, const std::string& redirect_uri,
                             const std::string& code);
api::Question userinfo_question(const Metadata& metadata, const std::string& access_token);

}  // namespace deskcheck::server::oidc
