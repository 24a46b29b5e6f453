#include "proto/api/user_payload.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

json::object to_json(const UserPayload& user) {
  json::object info;
  info["email_verification"] = user.email_verification;
  info["email_alarm_notification"] = user.email_alarm_notification;
  info["login_device_whitelist"] = json::array();
  info["other"] = json::object();
  json::object object;
  object["name"] = user.name;
  object["display_name"] = user.display_name;
  object["avatar"] = user.avatar;
  object["email"] = user.email;
  object["note"] = user.note;
  object["status"] = user.status;
  object["is_admin"] = user.is_admin;
  object["third_auth_type"] = user.third_auth_type;
  object["info"] = std::move(info);
  return object;
}

}  // namespace deskcheck::http_api
