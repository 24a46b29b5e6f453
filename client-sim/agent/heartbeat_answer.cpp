#include "client-sim/agent/heartbeat_answer.hpp"

#include "client-sim/account/answer_classes.hpp"

#include <limits>

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

// Of well-formed JSON: whether a key of the outermost object is written with a backslash. The
// client borrows keys from the text, which it cannot where they are escaped.
bool has_escaped_key(std::string_view text) {
  int depth = 0;
  bool in_text = false, escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') {
        escaped = true;
        ++i;
      } else if (c == '"') {
        in_text = false;
        const auto next = text.find_first_not_of(" \t\r\n", i + 1);
        if (escaped && depth == 1 && next != text.npos && text[next] == ':') return true;
      }
      continue;
    }
    if (c == '"') {
      in_text = true;
      escaped = false;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return false;
}

std::vector<std::int32_t> connections_in(const json::value& value) {
  std::vector<std::int32_t> all;
  if (!value.is_array()) return all;
  for (const auto& one : value.get_array()) {
    const auto* number = one.if_int64();
    if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
        *number > std::numeric_limits<std::int32_t>::max())
      return {};
    all.push_back(static_cast<std::int32_t>(*number));
  }
  return all;
}

// A map of texts, empty if absent; nothing if it is anything else.
std::optional<DeviceOptionValues> texts_in(const json::object& object, std::string_view name) {
  DeviceOptionValues values;
  const auto* member = object.if_contains(name);
  if (!member) return values;
  if (!member->is_object()) return std::nullopt;
  for (const auto& [key, value] : member->get_object()) {
    if (!value.is_string()) return std::nullopt;
    values[std::string(key)] = value.get_string();
  }
  return values;
}

std::optional<DeviceOptionValues> strategy_in(const json::value& value) {
  if (!value.is_object() || !texts_in(value.get_object(), "extra")) return std::nullopt;
  return texts_in(value.get_object(), "config_options");
}

}  // namespace

HeartbeatReaction react_to_heartbeat(std::string_view answer) {
  HeartbeatReaction reaction;
  const auto value = parse_json(answer);
  if (!value || !value->is_object() || has_escaped_key(answer)) return reaction;
  const auto& object = value->get_object();
  reaction.wants_sysinfo = object.contains("sysinfo");
  if (const auto* list = object.if_contains("disconnect"))
    reaction.disconnect = connections_in(*list);
  if (const auto* at = object.if_contains("modified_at"); at && at->is_int64())
    reaction.modified_at = at->get_int64();
  if (const auto* strategy = object.if_contains("strategy"))
    reaction.strategy = strategy_in(*strategy);
  return reaction;
}

void apply_strategy(const DeviceOptionValues& strategy, DeviceOptionValues& options) {
  for (const auto& [name, value] : strategy) {
    if (value.empty())
      options.erase(name);
    else
      options[name] = value;
  }
}

}  // namespace deskcheck::sim
