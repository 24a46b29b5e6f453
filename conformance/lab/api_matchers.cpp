#include "conformance/lab/api_matchers.hpp"

#include <boost/json/parse.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

std::optional<json::value> json_in(const HttpAnswer& answer) {
  boost::system::error_code error;
  auto value = json::parse(answer.body, error);
  if (error) return std::nullopt;
  return value;
}

std::optional<json::object> object_in(const HttpAnswer& answer) {
  const auto value = json_in(answer);
  if (!value || !value->is_object()) return std::nullopt;
  return value->get_object();
}

std::optional<std::string> error_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto* error = body ? body->if_contains("error") : nullptr;
  if (!error || !error->is_string() || error->get_string().empty()) return std::nullopt;
  return std::string(error->get_string());
}

json::value member_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found ? *found : json::value();
}

bool is_read_as_utf8(std::string_view content_type) {
  std::string type;
  for (const char c : content_type)
    if (c != ' ' && c != '"') type += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto charset = type.find(";charset=");
  if (charset == type.npos) return type.substr(0, type.find(';')) == "application/json";
  const std::string_view named = std::string_view(type).substr(charset + 9);
  return named.substr(0, named.find(';')) == "utf-8" || named.substr(0, named.find(';')) == "utf8";
}

}  // namespace deskcheck::conformance
