// What an identity provider says of somebody: OpenID Connect Core 1.0, sections 2, 3.1.3.7 and 5.
#pragma once

#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/oidc/discovery.hpp"

#include <cstdint>

namespace deskcheck::server::oidc {

struct Expected {
  std::string issuer, client_id, nonce;
  std::int64_t now = 0;  // Unix time

  Expected() = default;
};

struct Claims {
  std::string subject;
  std::string preferred_username, email, name;  // empty: not said

  Claims() = default;
};

// The payload of a token whose signature is right.
Judged<Claims> claims_of(std::string_view payload, const Expected& expected,
                         const WrongOidc& wrong);
// What the userinfo endpoint says of the same person; it adds what the token left out.
Judged<Claims> with_userinfo(Claims claims, std::string_view document);

}  // namespace deskcheck::server::oidc
