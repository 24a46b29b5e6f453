// A user as every endpoint shows it. The types are those of the strictest reader, which is the one
// after a login through an identity provider. Source: http-api.md section 1.5; client
// src/hbbs_http/account.rs:46-108.
#pragma once

#include <boost/json.hpp>

#include <string>

namespace deskcheck::http_api {

struct UserPayload {
  std::string name;  // never empty
  std::string display_name, avatar, email, note;
  std::string third_auth_type;  // the identity provider that vouched for the user
  int status = 1;               // 1 normal, 0 disabled, -1 unverified
  bool is_admin = false;
  bool email_verification = false, email_alarm_notification = false;

  UserPayload() = default;
};

boost::json::object to_json(const UserPayload& user);

}  // namespace deskcheck::http_api
