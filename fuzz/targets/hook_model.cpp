#include "fuzz/targets/hook_model.hpp"

#include "fuzz/engine/target.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>

namespace deskcheck::fuzz {

namespace {

namespace json = boost::json;
using conformance::HookCall;

std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char hex[4] = {c, 0, 0, 0};
    if (!is_plain(c)) std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
    out += is_plain(c) ? std::string(1, c) : std::string(hex);
  }
  return out;
}

// A text in parts: what stands there, and names, in turn; names first if it begins with one.
struct Part {
  std::string text;
  bool is_name;
};
std::vector<Part> parts_of(const std::string& text) {
  std::vector<Part> parts;
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = text.compare(i, 2, "${") == 0 ? text.find('}', i) : text.npos;
    if (end == text.npos) {
      plain += text[i++];
      continue;
    }
    parts.push_back({plain, false});
    parts.push_back({text.substr(i + 2, end - i - 2), true});
    plain.clear();
    i = end + 1;
  }
  parts.push_back({plain, false});
  return parts;
}

std::string filled(const std::string& text, const json::object& values, bool encode) {
  std::string out;
  for (const auto& part : parts_of(text)) {
    const auto* value = part.is_name ? values.if_contains(part.text) : nullptr;
    if (value)
      out += encode ? encoded(as_text(*value)) : as_text(*value);
    else
      out += part.is_name ? "${" + part.text + '}' : part.text;
  }
  return out;
}

json::value filled(const json::value& body, const json::object& values) {
  json::value out = body;
  if (auto* list = out.if_array())
    for (auto& element : *list) element = filled(json::value(element), values);
  if (auto* object = out.if_object())
    for (auto& member : *object) member.value() = filled(json::value(member.value()), values);
  if (!body.is_string()) return out;
  const auto parts = parts_of(std::string(body.as_string()));
  const bool whole = parts.size() == 3 && parts[0].text.empty() && parts[2].text.empty();
  if (whole && values.contains(parts[1].text)) return values.at(parts[1].text);
  return json::value(filled(std::string(body.as_string()), values, false));
}

bool lacks(const json::value& said, const json::object& values) {
  if (const auto* list = said.if_array())
    return std::any_of(list->begin(), list->end(),
                       [&](const auto& element) { return lacks(element, values); });
  if (const auto* object = said.if_object())
    return std::any_of(object->begin(), object->end(),
                       [&](const auto& member) { return lacks(member.value(), values); });
  if (!said.is_string()) return false;
  for (const auto& part : parts_of(std::string(said.as_string())))
    if (part.is_name && !values.contains(part.text)) return true;
  return false;
}

bool is_empty(const json::value* value) {
  return !value || value->is_null() || (value->is_string() && value->as_string().empty()) ||
         (value->is_array() && value->as_array().empty()) ||
         (value->is_object() && value->as_object().empty());
}

std::string plain_segment(std::string text) {
  for (std::size_t at = 0; (at = text.find('~', at)) != text.npos; ++at) {
    if (text.compare(at, 2, "~1") == 0) text.replace(at, 2, "/");
    if (text.compare(at, 2, "~0") == 0) text.replace(at, 2, "~");
  }
  return text;
}

std::optional<json::value> one_below(const json::value& value, const std::string& segment,
                                     const json::object& values) {
  const auto equals = segment.find('=');
  if (segment.size() > 1 && segment.front() == '[' && segment.back() == ']' &&
      equals != segment.npos) {
    if (!value.is_array()) return std::nullopt;
    const auto member = plain_segment(segment.substr(1, equals - 1));
    const auto wanted = filled(
        plain_segment(segment.substr(equals + 1, segment.size() - equals - 2)), values, false);
    for (const auto& element : value.as_array())
      if (element.is_object() && element.as_object().contains(member) &&
          as_text(element.as_object().at(member)) == wanted)
        return element;
    return std::nullopt;
  }
  const auto name = filled(plain_segment(segment), values, false);
  if (value.is_object()) {
    if (!value.as_object().contains(name)) return std::nullopt;
    return value.as_object().at(name);
  }
  const bool number =
      !name.empty() && name.size() < 19 && name.find_first_not_of("0123456789") == name.npos;
  if (!value.is_array() || !number) return std::nullopt;
  const auto index = static_cast<std::size_t>(std::stoull(name));
  if (index >= value.as_array().size()) return std::nullopt;
  return value.as_array()[index];
}

std::optional<json::value> found(const json::value& value, const std::string& place,
                                 const json::object& values) {
  if (!place.starts_with('/')) return value;
  const auto end = std::min(place.find('/', 1), place.size());
  const auto segment = place.substr(1, end - 1), rest = place.substr(end);
  if (segment == "*" && value.is_array()) {
    json::array all;
    for (const auto& element : value.as_array())
      if (auto one = found(element, rest, values)) all.push_back(std::move(*one));
    return json::value(all);
  }
  const auto below = one_below(value, segment, values);
  return below ? found(*below, rest, values) : std::nullopt;
}

HookCall usual_login() {
  HookCall call;
  call.path = "/api/login";
  call.take["token"] = "/access_token";
  return call;
}

bool is_header(const std::string& text) {
  return text.size() <= 8192 && std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return (c < ' ' && c != '\t') || c == 0x7F;
         });
}

}  // namespace

bool HookModel::next(const HookExchange*& exchange) {
  require(at_ < exchanges_->size(), "a hook asks what its calls say");
  exchange = &exchanges_->at(at_++);
  return !exchange->broken;
}

HookModel::Step HookModel::read(const HookCall& call, json::object& values,
                                const std::string& text) {
  if (call.expect.empty() && call.take.empty()) return {};
  boost::system::error_code error;
  const auto answer = json::parse(text, error);
  if (error) return {true, false};
  for (const auto& [place, wanted] : call.expect) {
    const auto there = found(answer, place, values);
    if (!there || *there != filled(wanted, values)) return {false, true};
  }
  const auto before = values;
  for (const auto& [name, place] : call.take) {
    const auto value = found(answer, place, before);
    if (value && !value->is_null()) values[name] = *value;
  }
  return {};
}

// False: it fails.
bool HookModel::sign_in() {
  json::object values{{"user", user_}, {"password", password_}};
  const auto& login = control_.login;
  const auto question = login ? login->call : std::optional(usual_login());
  if (question) {
    const HookExchange* asked = nullptr;
    const bool heard = next(asked);
    require(!asked->command && asked->target == filled(question->path, values, true),
            "the login asks where it says");
    if (login && asked->body)
      require(*asked->body == json::serialize(filled(question->body, values)),
              "the login says what it is told to");
    if (!heard || asked->refused) return false;
    const auto step = read(*question, values, asked->answer);
    if (step.broken || step.refused) return false;
    for (const auto& [name, place] : question->take)
      if (values.contains(name)) taken_.push_back(as_text(values.at(name)));
  }
  if (!login) return values.contains("token") && is_header(as_text(values.at("token")));
  return std::all_of(login->headers.begin(), login->headers.end(), [&](const auto& header) {
    return !lacks(json::value(header.second), values) &&
           is_header(filled(header.second, values, false));
  });
}

HookModel::Step HookModel::call(const HookCall& call, json::object& values) {
  json::array said{json::value(call.path), call.body};
  for (const auto& word : call.exec) said.emplace_back(word);
  for (const auto& [place, value] : call.expect) said.push_back(value);
  if (lacks(said, values)) return {true, false};
  std::vector<std::string> words;
  for (const auto& word : call.exec) words.push_back(filled(word, values, false));
  for (const auto& word : words)
    if (word.find('\0') != word.npos) return {true, false};
  const bool first = call.exec.empty() && signed_in_.insert(call.as).second;
  if (first && !sign_in()) return {true, false};
  const HookExchange* asked = nullptr;
  const bool heard = next(asked);
  require(asked->command == !call.exec.empty(), "a hook asks or runs, as it says");
  if (asked->command) {
    require(asked->words == words, "a command has the words that the hook says");
  } else {
    require(asked->method == call.method, "a question has the method that the hook says");
    require(asked->target == filled(call.path, values, true),
            "arguments are percent-encoded in a path, and everything else is as it was");
    require(asked->body.has_value() == !call.body.is_null(), "a body is sent if there is one");
    if (asked->body) {
      boost::system::error_code error;
      (void)json::parse(*asked->body, error);
      require(!error && *asked->body == json::serialize(filled(call.body, values)),
              "arguments stay one value of JSON, wherever they stand");
    }
  }
  if (!heard) return {true, false};
  Step step{false, asked->refused};
  if (!step.refused) step = read(call, values, asked->answer);
  if (step.refused && !call.take.empty()) step.broken = true;
  return step;
}

HookModel::Ending HookModel::check(const std::string& hook, json::object arguments,
                                   const std::vector<HookExchange>& exchanges) {
  exchanges_ = &exchanges;
  at_ = 0;
  auto ending = Ending::done;
  for (const auto& one : control_.hooks.at(hook).calls) {
    if (!one.only_if.empty() && is_empty(arguments.if_contains(one.only_if))) continue;
    if (!one.unless.empty() && !is_empty(arguments.if_contains(one.unless))) continue;
    const auto step = call(one, arguments);
    if (step.broken) ending = Ending::environment;
    if (step.refused && !step.broken) ending = Ending::refused;
    if (ending != Ending::done) break;
  }
  require(at_ == exchanges.size(), "a hook that has failed asks no more");
  return ending;
}

}  // namespace deskcheck::fuzz
