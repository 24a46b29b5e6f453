// POST /api/login. Source: http-api.md section 1.1.
#pragma once

#include "proto/api/user_payload.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::http_api {

struct LoginRequest {
  std::string type;  // "account", "email_code"; others are never sent
  std::string username, password;
  std::string id, uuid;  // of the device
  std::string verification_code, tfa_code, secret;

  LoginRequest() = default;
};

// Every member may be absent, and is empty then; nothing if the text is no JSON object.
std::optional<LoginRequest> parse_login(std::string_view text);

// The answer to a completed login.
boost::json::object login_answer(std::string_view access_token, const UserPayload& user);

}  // namespace deskcheck::http_api
