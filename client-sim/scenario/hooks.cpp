#include "client-sim/scenario/hooks.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>

namespace deskcheck::scenario {

namespace json = boost::json;

namespace {

using Kind = HookArgument::Kind;

const std::vector<HookForm>& all() {
  static const std::vector<HookForm> forms{
      {"put-user", {{"user"}, {"password"}, {"email", Kind::text, true}}, {}},
      {"remove-user", {{"user"}}, {}},
      {"set-password", {{"user"}, {"password"}}, {}},
      {"enable-totp", {{"user"}}, "secret"},
      {"require-email-code", {{"user"}, {"address"}}, {}},
      {"put-group", {{"group"}, {"users", Kind::texts}}, {}},
      {"remove-group", {{"group"}}, {}},
      {"share-book", {{"book"}, {"user"}, {"rule", Kind::number}}, {}},
      {"remove-book", {{"book"}}, {}},
      {"expire-token", {{"token"}}, {}},
      {"put-strategy", {{"strategy"}, {"options", Kind::options}}, {}},
      {"remove-strategy", {{"strategy"}}, {}},
      {"strategy-of-device", {{"strategy"}, {"device"}}, {}},
      {"strategy-of-device-group", {{"strategy"}, {"group"}}, {}},
      {"strategy-of-user", {{"strategy"}, {"user"}}, {}},
      {"put-device-group", {{"group"}, {"devices", Kind::texts}}, {}},
      {"remove-device-group", {{"group"}}, {}},
      {"owner-of-device", {{"device"}, {"user"}}, {}},
      {"disconnect", {{"device"}, {"connections", Kind::numbers}}, {}},
      {"force-sysinfo", {{"device"}}, {}},
      {"put-identity-provider", {{"name"}, {"issuer"}, {"client_id"}, {"client_secret"}}, {}},
      {"remove-identity-provider", {{"name"}}, {}},
      {"restart", {}, {}},
      {"read-device", {{"device"}}, "device"},
      {"read-connection-audits", {{"device"}}, "audits"},
      {"read-file-audits", {{"device"}}, "audits"},
      {"read-alarm-audits", {{"device"}}, "audits"},
      {"read-recordings", {}, "recordings"},
      {"read-recording", {{"file"}}, "recording"},
  };
  return forms;
}

json::object typed(std::string_view type) { return {{"type", type}}; }
json::object list_of(json::object items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

// A text may stand for a variable.
json::object number() {
  return {{"anyOf", json::array{typed("integer"), typed("string")}},
          {"description", "a number, or a variable"}};
}

json::object schema_of(Kind kind) {
  switch (kind) {
    case Kind::text:
      break;
    case Kind::number:
      return number();
    case Kind::texts:
      return list_of(typed("string"));
    case Kind::numbers:
      return list_of(number());
    case Kind::options:
      return {{"type", "object"},
              {"description", "a mapping of names to texts"},
              {"additionalProperties", typed("string")}};
  }
  return typed("string");
}

}  // namespace

std::span<const HookForm> hook_forms() { return all(); }

const HookForm* find_hook_form(std::string_view name) {
  const auto found = std::ranges::find(all(), name, &HookForm::name);
  return found == all().end() ? nullptr : &*found;
}

json::object operator_schema() {
  json::object hooks;
  for (const auto& form : all()) {
    json::object arguments;
    json::array required;
    for (const auto& argument : form.arguments) {
      arguments[argument.name] = schema_of(argument.kind);
      if (!argument.may_be_missing) required.emplace_back(argument.name);
    }
    json::object hook{
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(arguments)}};
    if (!required.empty()) hook["required"] = std::move(required);
    hooks[form.name] = std::move(hook);
  }
  return {{"description",
           "a hook of the target with its arguments, such as {read-device: {device: ...}}"},
          {"type", "object"},
          {"additionalProperties", false},
          {"minProperties", 1},
          {"maxProperties", 1},
          {"properties", std::move(hooks)}};
}

}  // namespace deskcheck::scenario
