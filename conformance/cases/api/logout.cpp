// Signing out: the client forgets its token whatever the answer, so the server has to as well.
#include "conformance/cases/api/general.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// client:flutter/lib/models/user_model.dart:183
constexpr net::Duration kLogoutPatience = 2s;

MATCHER(IsEmptyOrJson, "an empty body or JSON") {
  return arg.arrived() && (arg->body.empty() || json_in(*arg).has_value());
}
MATCHER(NamesNobody, "no user") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return arg->status != 200 || !body || !body->contains("name");
}

}  // namespace

CASE(logout, "api/logout/token-ends",
     checks("HTTP-LOGOUT-01", "HTTP-LOGOUT-02", "HTTP-LOGOUT-03", "HTTP-GEN-04"),
     after("api/current-user/signed-in", "HTTP-CURUSER-01"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  auto elsewhere = client.neighbour();
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const std::string other = co_await elsewhere.sign_in("other");
    const auto before = co_await client.current_user(token);
    lab.require("the token works", before, AnswersMap());
    const net::Time begun = lab.now();
    const auto answer = co_await client.logout(token);
    const net::Duration took = lab.now() - begun;
    lab.verdict("HTTP-LOGOUT-02", took, IsShorterThan(kLogoutPatience));
    lab.verdict("HTTP-LOGOUT-03", answer, IsEmptyOrJson());
    const auto after = co_await client.current_user(token);
    // Without it nothing here is a revoked token.
    if (lab.verdict("HTTP-LOGOUT-01", after, NamesNobody()))
      lab.verdict("HTTP-GEN-04", after, Is401());
    const auto still = co_await elsewhere.current_user(other);
    lab.require("somebody else stays signed in", still, AnswersMap());
  }
}

// Once more, and with a token that never was: nothing that a client could see goes wrong.
CASE(logout_again, "api/logout/again", checks("HTTP-LOGOUT-03", "HTTP-GEN-07"),
     after("api/logout/token-ends"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto first = co_await client.logout(token);
    lab.verdict("HTTP-LOGOUT-03", first, IsEmptyOrJson());
    for (const auto& gone : {token, "wrong-" + lab.fresh_id(), std::string()}) {
      const auto answer = co_await client.logout(gone);
      lab.verdict("HTTP-LOGOUT-03", answer, IsEmptyOrJson());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
}

}  // namespace deskcheck::conformance
