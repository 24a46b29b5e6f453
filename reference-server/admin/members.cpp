#include "reference-server/admin/members.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"

#include <algorithm>

namespace deskcheck::server::admin {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostElements = 10'000;

std::optional<std::int32_t> int32_of(const json::value& value) {
  if (!value.is_int64() && !value.is_uint64()) return std::nullopt;
  boost::system::error_code error;
  const auto number = value.to_number<std::int32_t>(error);
  return error ? std::nullopt : std::optional(number);
}

}  // namespace

Members::Members(std::string_view body) {
  if (body.empty()) return;
  auto object = http_api::parse_object(body);
  if (object)
    body_ = std::move(*object);
  else
    refuse("The body has to be a JSON object");
}

void Members::refuse(const std::string& text) {
  if (mistake_.empty()) mistake_ = text;
}

const json::value* Members::read(const char* member) {
  read_.insert(member);
  return body_.if_contains(member);
}

std::optional<std::string> Members::text_of(const char* member, std::size_t longest) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    refuse(std::string(member) + " has to be a text");
    return std::nullopt;
  }
  std::string text(value->get_string());
  if (text.size() > longest)
    refuse(std::string(member) + " is longer than " + std::to_string(longest) + " bytes");
  return text;
}

bool Members::is_name(const std::string& text, const char* member) {
  const bool fits = !text.empty() && text.size() <= kLongestName &&
                    std::ranges::none_of(text, [](unsigned char c) { return c < 32 || c == 127; });
  if (!fits)
    refuse(std::string(member) + " has to be a name of 1 to 256 bytes, without control characters");
  return fits;
}

std::string Members::name(const char* member) {
  const auto text = maybe_name(member);
  if (!text) refuse(std::string(member) + " is missing");
  return text.value_or("");
}

std::optional<std::string> Members::maybe_name(const char* member) {
  auto text = text_of(member, kLongestText);
  if (text) is_name(*text, member);
  return text;
}

std::optional<std::string> Members::maybe_text(const char* member, std::size_t longest) {
  return text_of(member, longest);
}

std::optional<bool> Members::maybe_flag(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  refuse(std::string(member) + " has to be true or false");
  return std::nullopt;
}

std::optional<std::set<std::string>> Members::maybe_names(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  std::set<std::string> names;
  const auto* list = value->if_array();
  if (!list || list->size() > kMostElements) refuse(std::string(member) + " has to be a list");
  for (const auto& one : list ? *list : json::array()) {
    std::string text = one.is_string() ? std::string(one.get_string()) : "";
    if (!is_name(text, member)) break;
    names.insert(std::move(text));
  }
  return names;
}

std::optional<std::int32_t> Members::maybe_number(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  const auto number = int32_of(*value);
  if (!number) refuse(std::string(member) + " has to be an integer of 32 bits");
  return number;
}

std::optional<std::set<std::int32_t>> Members::maybe_numbers(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  std::set<std::int32_t> numbers;
  const auto* list = value->if_array();
  if (!list || list->size() > kMostElements) refuse(std::string(member) + " has to be a list");
  for (const auto& one : list ? *list : json::array()) {
    const auto number = int32_of(one);
    if (number)
      numbers.insert(*number);
    else
      refuse(std::string(member) + " has to be a list of integers of 32 bits");
  }
  return numbers;
}

std::optional<TextMap> Members::maybe_texts(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  TextMap texts;
  const auto* object = value->if_object();
  if (!object || object->size() > kMostElements)
    refuse(std::string(member) + " has to be an object of texts");
  for (const auto& [key, one] : object ? *object : json::object()) {
    const std::string name(key);
    if (!one.is_string()) refuse(std::string(member) + "." + name + " has to be a text");
    if (one.is_string()) texts[name] = std::string(one.get_string());
    if (name.empty() || name.size() > kLongestName || texts[name].size() > kLongestText)
      refuse(std::string(member) + "." + name + " is too long, or has no name");
  }
  return texts;
}

std::optional<TextMap> Members::maybe_values(const char* member) {
  const auto* value = read(member);
  const auto* object = value ? value->if_object() : nullptr;
  if (!object) return std::nullopt;
  TextMap texts;
  for (const auto& [key, one] : *object)
    texts[key] = one.is_string() ? std::string(one.get_string()) : json::serialize(one);
  return texts;
}

std::optional<std::map<std::string, int>> Members::maybe_rules(const char* member) {
  const auto* value = read(member);
  if (!value) return std::nullopt;
  std::map<std::string, int> rules;
  const auto* object = value->if_object();
  if (!object || object->size() > kMostElements)
    refuse(std::string(member) + " has to be an object of rules");
  for (const auto& [key, one] : object ? *object : json::object()) {
    const auto rule = int32_of(one).value_or(0);
    if (rule < 1 || rule > 3)
      refuse(std::string(member) + "." + std::string(key) + " has to be 1, 2 or 3");
    rules[std::string(key)] = rule;
  }
  return rules;
}

std::optional<api::Response> Members::refusal() const {
  if (!mistake_.empty()) return api::failure(400, mistake_);
  for (const auto& member : body_) {
    const std::string name(member.key());
    if (!read_.contains(name)) return api::failure(400, "Unknown member: " + name);
  }
  return std::nullopt;
}

}  // namespace deskcheck::server::admin
