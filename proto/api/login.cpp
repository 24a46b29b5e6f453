#include "proto/api/login.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

std::optional<LoginRequest> parse_login(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto member = [&](const char* name) { return text(*object, name).value_or(""); };
  LoginRequest request;
  request.type = member("type");
  request.username = member("username");
  request.password = member("password");
  request.id = member("id");
  request.uuid = member("uuid");
  request.verification_code = member("verificationCode");
  request.tfa_code = member("tfaCode");
  request.secret = member("secret");
  return request;
}

json::object login_answer(std::string_view access_token, const UserPayload& user) {
  json::object answer;
  answer["type"] = "access_token";
  answer["access_token"] = access_token;
  answer["user"] = to_json(user);
  return answer;
}

}  // namespace deskcheck::http_api
