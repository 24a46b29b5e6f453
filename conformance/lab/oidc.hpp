// Signing in at an identity provider as clients do: the question that begins it, the polls, and
// what the client makes of their answers. client:src/hbbs_http/account.rs
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

// The names of the buttons that a client shows for an answer of login-options; nothing if it cannot
// read them. client:flutter/lib/models/user_model.dart:240-265
std::optional<std::vector<std::string>> buttons_in(const HttpAnswer& answer);

// The body with which a client begins; of clients up to 1.4.9 without apiDomain.
boost::json::object oidc_auth_body(const Lab& lab, const ApiClient& client, std::string_view op,
                                   bool with_api_domain = true);
Task<Answer<HttpAnswer>> oidc_auth(ApiClient client, boost::json::object body);
// One poll: without a header, the values of the query form-encoded.
Task<Answer<HttpAnswer>> oidc_query(ApiClient client, std::string code);

// What begins an attempt.
struct OidcStart {
  std::string code, url;
};
// Nothing if a client says "Invalid auth response", or shows an error.
std::optional<OidcStart> start_in(const HttpAnswer& answer);
// Begins an attempt; blocked if that fails.
Task<OidcStart> begin_oidc(Lab& lab, ApiClient client, std::string op);

// What a client makes of the answer to a poll.
enum class Poll {
  pending,    // goes on: "No authed oidc is found"
  signed_in,  // ends
  failed,     // ends: another text, which the user reads
  ignored,    // goes on: what it cannot read
};
Poll poll_in(const HttpAnswer& answer);
// The answers of a client's polls, one each second, until one of them ends it or there were `most`:
// the last one.
Task<Answer<HttpAnswer>> poll_until_over(Lab& lab, ApiClient client, std::string code, int most);
// The token of a sign-in; empty if it is none.
std::string token_in(const HttpAnswer& answer);

// Where the provider sends the browser back to, as the URL says; empty if it does not.
std::string redirect_uri_in(std::string_view url);

// --- expectations
MATCHER(BeginsSignIn, "a JSON object with a text code and an absolute url") {
  return arg.arrived() && start_in(*arg).has_value();
}
MATCHER(IsErrorText, "{\"error\": \"<text>\"}, with whatever status") {
  return arg.arrived() && error_in(*arg).has_value();
}
MATCHER(IsPending, "an error that contains 'No authed oidc is found'") {
  return arg.arrived() && poll_in(*arg) == Poll::pending;
}
MATCHER(IsSignedIn, "a sign-in that the client can read") {
  return arg.arrived() && poll_in(*arg) == Poll::signed_in;
}
MATCHER(IsNoSignIn, "no sign-in") { return arg.arrived() && token_in(*arg).empty(); }
MATCHER(EndsInAnError, "an error text that ends the polls") {
  return arg.arrived() && poll_in(*arg) == Poll::failed;
}

}  // namespace deskcheck::conformance
