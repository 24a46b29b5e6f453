#include "client-sim/account/answer_classes.hpp"

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestShownBody = 128;  // bytes; longer ones are not shown

std::string status_text(int status) { return "HTTP " + std::to_string(status); }

std::string unreadable(const DartAnswer& answer) {
  const bool is_shown = !answer.text.empty() && answer.text.size() < kLongestShownBody;
  const std::string what = is_shown ? answer.text : "FormatException";
  return answer.status == 200 ? what : status_text(answer.status) + ", " + what;
}

template <class T>
Understood<T> not_understood(std::string failure, int status) {
  Understood<T> result;
  result.failure = std::move(failure);
  result.status = status;
  return result;
}

std::string type_mistake(std::string_view name, const json::value& value) {
  return "'" + std::string(name) + "' has a wrong type: " + json::serialize(value);
}

}  // namespace

std::optional<json::value> parse_json(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 128;
  auto value = json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

std::string printed(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string action_failure(const net::Result<DartAnswer>& answer) {
  if (!answer) return answer.error().message();
  if (answer->status == 200 && answer->body.empty()) return {};
  const auto value = parse_json(answer->body);
  if (value && value->is_object()) {
    // An object without `error` shows as "null".
    const auto* error = value->get_object().if_contains("error");
    std::string text = error ? printed(*error) : "null";
    if (!text.empty()) return text;
  }
  std::string text = answer->status == 200 ? "" : status_text(answer->status);
  if (!answer->body.empty()) text += (text.empty() ? "" : ", ") + answer->body;
  return text;
}

Understood<json::object> as_map(const net::Result<DartAnswer>& answer) {
  if (!answer) return not_understood<json::object>(answer.error().message(), 0);
  auto value = parse_json(answer->text);
  if (!value || !value->is_object())
    return not_understood<json::object>(unreadable(*answer), answer->status);
  if (const auto* error = value->get_object().if_contains("error"))
    return not_understood<json::object>(printed(*error), answer->status);
  if (answer->status != 200)
    return not_understood<json::object>(status_text(answer->status), answer->status);
  Understood<json::object> result;
  result.value = std::move(value->get_object());
  result.status = answer->status;
  return result;
}

Understood<json::array> as_list(const net::Result<DartAnswer>& answer) {
  if (!answer) return not_understood<json::array>(answer.error().message(), 0);
  auto value = parse_json(answer->text);
  if (!value || !value->is_array())
    return not_understood<json::array>(unreadable(*answer), answer->status);
  if (answer->status != 200)
    return not_understood<json::array>(status_text(answer->status), answer->status);
  Understood<json::array> result;
  result.value = std::move(value->get_array());
  result.status = answer->status;
  return result;
}

HbbAnswer as_hbb_answer(const net::Result<HttpAnswer>& answer) {
  HbbAnswer read;
  const auto value = answer ? parse_json(utf8_with_replacement(answer->body)) : std::nullopt;
  const auto* object = value ? value->if_object() : nullptr;
  const auto* error = object ? object->if_contains("error") : nullptr;
  if (!answer)
    read.failure = answer.error().message();
  else if (!object)
    read.failure = "the answer is no JSON object";
  else if (!error)
    read.data = *object;
  else if (error->is_string())
    read.error = std::string(error->get_string());
  return read;
}

std::string text_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || value->is_null()) return {};
  if (!value->is_string()) throw TypeMistake(type_mistake(name, *value));
  return std::string(value->get_string());
}

std::optional<std::int64_t> integer_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  if (!value->is_int64()) throw TypeMistake(type_mistake(name, *value));
  return value->get_int64();
}

}  // namespace deskcheck::sim
