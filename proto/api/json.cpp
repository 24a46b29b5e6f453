#include "proto/api/json.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::optional<std::string> text(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  const auto* string = member ? member->if_string() : nullptr;
  if (!string) return std::nullopt;
  return std::string(*string);
}

std::optional<std::int64_t> integer(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  if (!member || !member->is_number() || member->is_double()) return std::nullopt;
  boost::system::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
}

}  // namespace deskcheck::http_api
