#include "conformance/lab/hook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

// A segment of a JSON pointer without its escapes. RFC 6901 (4).
std::string unescaped(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escape = segment[i] == '~' && i + 1 < segment.size();
    if (escape && segment[i + 1] == '0') text += '~';
    if (escape && segment[i + 1] == '1') text += '/';
    if (escape && (segment[i + 1] == '0' || segment[i + 1] == '1'))
      ++i;
    else
      text += segment[i];
  }
  return text;
}

const json::value* element_with(const json::array& list, const std::string& member,
                                const std::string& wanted) {
  for (const auto& element : list) {
    const auto* object = element.if_object();
    const auto* value = object ? object->if_contains(member) : nullptr;
    if (value && text_of(*value) == wanted) return &element;
  }
  return nullptr;
}

const json::value* child_at(const json::value& value, std::string_view segment,
                            const json::object& arguments) {
  const auto equals = segment.find('=');
  if (segment.starts_with('[') && segment.ends_with(']') && equals != segment.npos) {
    if (!value.is_array()) return nullptr;
    const std::string member = unescaped(segment.substr(1, equals - 1));
    const std::string wanted = unescaped(segment.substr(equals + 1, segment.size() - equals - 2));
    return element_with(value.get_array(), member, filled_in_text(wanted, arguments));
  }
  const std::string name = filled_in_text(unescaped(segment), arguments);
  if (const auto* object = value.if_object()) return object->if_contains(name);
  const auto* list = value.if_array();
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (!list || error != std::errc() || end != name.data() + name.size()) return nullptr;
  return list->if_contains(index);
}

// The place for a member of the suite's name, of which every part but the last is an object.
json::value& place_for(json::object& object, std::string_view name) {
  const auto slash = name.find('/');
  if (slash == name.npos) return object[name];
  json::value& outer = object[name.substr(0, slash)];
  if (!outer.is_object()) outer.emplace_object();
  return place_for(outer.get_object(), name.substr(slash + 1));
}

}  // namespace

std::string filled_in_text(const std::string& text, const json::object& arguments) {
  return with_arguments(text, arguments, [](std::string argument) { return argument; });
}

std::vector<std::string> missing_in(const json::value& body, const json::object& arguments) {
  std::vector<std::string> missing;
  const auto add = [&](const json::value& part) {
    for (auto& name : missing_in(part, arguments)) missing.push_back(std::move(name));
  };
  if (const auto* list = body.if_array())
    for (const auto& element : *list) add(element);
  if (const auto* object = body.if_object())
    for (const auto& member : *object) add(member.value());
  if (!body.is_string()) return missing;
  const std::string_view text = body.get_string();
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 1)) {
    const auto end = text.find('}', at);
    if (end == text.npos) break;
    std::string name(text.substr(at + 2, end - at - 2));
    if (!arguments.contains(name)) missing.push_back(std::move(name));
  }
  return missing;
}

std::optional<json::value> found_at(const json::value& answer, std::string_view place,
                                    const json::object& arguments) {
  const json::value* at = &answer;
  while (at && place.starts_with('/')) {
    place.remove_prefix(1);
    const auto segment = place.substr(0, place.find('/'));
    place.remove_prefix(segment.size());
    if (segment != "*" || !at->is_array()) {
      at = child_at(*at, segment, arguments);
      continue;
    }
    json::array all;
    for (const auto& element : at->get_array())
      if (auto found = found_at(element, place, arguments)) all.push_back(std::move(*found));
    return all;
  }
  if (!at) return std::nullopt;
  return *at;
}

bool is_something(const json::value* value) {
  if (!value || value->is_null()) return false;
  if (const auto* text = value->if_string()) return !text->empty();
  if (const auto* list = value->if_array()) return !list->empty();
  if (const auto* object = value->if_object()) return !object->empty();
  return true;
}

std::string filled_in_path(const std::string& path, const json::object& arguments) {
  return with_arguments(path, arguments, percent_encoded);
}

json::value filled_in(const json::value& body, const json::object& arguments) {
  if (body.is_string()) {
    const std::string text(body.get_string());
    if (const auto* argument = whole_argument(text, arguments)) return *argument;
    return json::value(filled_in_text(text, arguments));
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
    if (const auto* value = answer.find_pointer(pointer, error)) place_for(object, name) = *value;
  }
  return object;
}

}  // namespace deskcheck::conformance
