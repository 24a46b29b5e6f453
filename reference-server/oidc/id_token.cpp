#include "reference-server/oidc/id_token.hpp"

#include "proto/api/json.hpp"

#include <algorithm>

namespace deskcheck::server::oidc {

namespace json = boost::json;

namespace {

constexpr std::int64_t kLeeway = 30;          // seconds by which clocks may differ
constexpr std::size_t kLongestSubject = 255;  // characters: OpenID Connect Core, section 2

// Seconds since 1970, as any JSON number.
std::optional<double> time_in(const json::object& claims, const char* member) {
  const auto* value = claims.if_contains(member);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

bool is_for(const json::object& claims, const std::string& client_id) {
  const auto* audience = claims.if_contains("aud");
  if (!audience) return false;
  const auto named = http_api::text(claims, "azp");
  if (named && *named != client_id) return false;
  if (audience->is_string()) return audience->get_string() == client_id;
  const auto* list = audience->if_array();
  if (!list) return false;
  // With others in it, it has to say for whom it was made.
  if (list->size() > 1 && !named) return false;
  return std::ranges::any_of(*list, [&](const json::value& one) {
    return one.is_string() && one.get_string() == client_id;
  });
}

Claims said_in(const json::object& object) {
  const auto member = [&](const char* name) { return http_api::text(object, name).value_or(""); };
  Claims claims;
  claims.subject = member("sub");
  claims.preferred_username = member("preferred_username");
  claims.email = member("email");
  claims.name = member("name");
  return claims;
}

}  // namespace

Judged<Claims> claims_of(std::string_view payload, const Expected& expected,
                         const WrongOidc& wrong) {
  const auto object = http_api::parse_object(payload);
  if (!object) return std::string("its id token is none");
  if (http_api::text(*object, "iss") != expected.issuer && !wrong.id_token_issuer_is_not_checked)
    return std::string("its id token is of another issuer");
  if (!is_for(*object, expected.client_id) && !wrong.id_token_audience_is_not_checked)
    return std::string("its id token is for somebody else");
  if (http_api::text(*object, "nonce") != expected.nonce && !wrong.id_token_nonce_is_not_checked)
    return std::string("its id token is of another sign-in");
  const auto now = static_cast<double>(expected.now);
  const auto expires = time_in(*object, "exp");
  if ((!expires || now >= *expires + kLeeway) && !wrong.id_token_expiry_is_not_checked)
    return std::string("its id token has expired");
  if (time_in(*object, "nbf").value_or(now) > now + kLeeway)
    return std::string("its id token is not valid yet");
  auto claims = said_in(*object);
  if (claims.subject.empty() || claims.subject.size() > kLongestSubject)
    return std::string("its id token names nobody");
  return claims;
}

Judged<Claims> with_userinfo(Claims claims, std::string_view document) {
  const auto object = http_api::parse_object(document);
  if (!object) return std::string("what it says of the user is no JSON object");
  const auto more = said_in(*object);
  // Section 5.3.2: else the tokens of one could be used to become another.
  if (more.subject != claims.subject) return std::string("what it says is of another user");
  for (auto member : {&Claims::preferred_username, &Claims::email, &Claims::name})
    if ((claims.*member).empty()) claims.*member = more.*member;
  return claims;
}

}  // namespace deskcheck::server::oidc
