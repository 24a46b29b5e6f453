#include "conformance/lab/hook.hpp"

#include <fmt/format.h>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// All but what RFC 3986 (2.3) calls unreserved.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || std::string_view("-._~").find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// Calls `write` with every argument that the text names; the rest of it stays.
template <class Write>
std::string with_arguments(const std::string& text, const json::object& arguments, Write write) {
  std::string filled;
  std::size_t at = 0;
  for (;;) {
    const auto begin = text.find("${", at);
    const auto end = begin == text.npos ? text.npos : text.find('}', begin);
    if (end == text.npos) return filled + text.substr(at);
    const auto* argument = arguments.if_contains(text.substr(begin + 2, end - begin - 2));
    filled += text.substr(at, begin - at);
    filled += argument ? write(text_of(*argument)) : text.substr(begin, end + 1 - begin);
    at = end + 1;
  }
}

const json::value* whole_argument(const std::string& text, const json::object& arguments) {
  if (!text.starts_with("${") || text.find('}') != text.size() - 1) return nullptr;
  return arguments.if_contains(text.substr(2, text.size() - 3));
}

}  // namespace

std::string filled_in_path(const std::string& path, const json::object& arguments) {
  return with_arguments(path, arguments, percent_encoded);
}

json::value filled_in(const json::value& body, const json::object& arguments) {
  if (body.is_string()) {
    const std::string text(body.get_string());
    if (const auto* argument = whole_argument(text, arguments)) return *argument;
    const auto as_it_is = [](std::string argument) { return argument; };
    return json::value(with_arguments(text, arguments, as_it_is));
  }
  if (body.is_array()) {
    json::array list;
    for (const auto& element : body.get_array()) list.push_back(filled_in(element, arguments));
    return list;
  }
  if (!body.is_object()) return body;
  json::object object;
  for (const auto& [name, value] : body.get_object()) object[name] = filled_in(value, arguments);
  return object;
}

json::value renamed(const json::value& answer, const std::map<std::string, std::string>& members) {
  if (answer.is_array()) {
    json::array list;
    for (const auto& element : answer.get_array()) list.push_back(renamed(element, members));
    return list;
  }
  if (!answer.is_object()) return answer;
  json::object object = answer.get_object();
  for (const auto& [name, pointer] : members) {
    boost::system::error_code error;
    if (const auto* value = answer.find_pointer(pointer, error)) object[name] = *value;
  }
  return object;
}

}  // namespace deskcheck::conformance
