// POST /api/oidc/auth and GET /api/oidc/auth-query; the elements of GET /api/login-options.
// Source: http-api.md sections 1.2 and 8.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::http_api {

struct OidcRequest {
  std::string op;           // the name of an identity provider
  std::string id, uuid;     // of the device
  std::string device_name;  // "name" in deviceInfo
  std::string api_domain;   // the URL by which the client knows the server; clients up to 1.4.9: ""

  OidcRequest() = default;
};

// Every member may be absent, and is empty then; nothing if the text is no JSON object.
std::optional<OidcRequest> parse_oidc_request(std::string_view text);

// `url` is where the user signs in; with `code` the client asks for the result.
boost::json::object oidc_answer(std::string_view code, std::string_view url);

struct LoginOption {
  std::string name;
  std::string icon;  // SVG markup; empty: none

  LoginOption() = default;
};

// Once for all clients, and one by one for those before 1.2.2; [] if there are none.
boost::json::array login_options(const std::vector<LoginOption>& options);

// What the error of an attempt that is not finished has in it: the client asks again.
constexpr std::string_view kNotAuthedYet = "No authed oidc is found";

}  // namespace deskcheck::http_api
