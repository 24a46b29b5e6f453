#include "proto/api/oidc.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

std::optional<OidcRequest> parse_oidc_request(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const auto member = [&](const char* name) { return text(*object, name).value_or(""); };
  OidcRequest request;
  request.op = member("op");
  request.id = member("id");
  request.uuid = member("uuid");
  request.api_domain = member("apiDomain");
  const auto* info = object->if_contains("deviceInfo");
  if (info && info->is_object())
    request.device_name = text(info->get_object(), "name").value_or("");
  return request;
}

json::object oidc_answer(std::string_view code, std::string_view url) {
  return {{"code", code}, {"url", url}};
}

json::array login_options(const std::vector<LoginOption>& options) {
  json::array texts;
  if (options.empty()) return texts;
  json::array together;
  for (const auto& option : options) {
    json::object one{{"name", option.name}, {"icon", nullptr}};
    if (!option.icon.empty()) one["icon"] = option.icon;
    together.push_back(std::move(one));
  }
  texts.emplace_back("common-oidc/" + json::serialize(together));
  for (const auto& option : options) texts.emplace_back("oidc/" + option.name);
  return texts;
}

}  // namespace deskcheck::http_api
