#include "proto/api/heartbeat.hpp"

#include "proto/api/json.hpp"

namespace deskcheck::http_api {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostConns = 4096;

std::vector<std::int32_t> int32s(const json::value* value) {
  std::vector<std::int32_t> numbers;
  const auto* array = value ? value->if_array() : nullptr;
  if (!array) return numbers;
  for (const auto& element : *array) {
    if (numbers.size() == kMostConns) break;
    if (!element.is_number() || element.is_double()) continue;
    boost::system::error_code error;
    const auto number = element.to_number<std::int32_t>(error);
    if (!error) numbers.push_back(number);
  }
  return numbers;
}

json::object texts(const std::map<std::string, std::string>& map) {
  json::object object;
  for (const auto& [key, value] : map) object[key] = value;
  return object;
}

}  // namespace

std::optional<Heartbeat> parse_heartbeat(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  Heartbeat heartbeat;
  heartbeat.id = text(*object, "id").value_or("");
  heartbeat.uuid = text(*object, "uuid").value_or("");
  if (heartbeat.id.empty() || heartbeat.uuid.empty()) return std::nullopt;
  heartbeat.version = integer(*object, "ver").value_or(0);
  heartbeat.conns = int32s(object->if_contains("conns"));
  heartbeat.modified_at = integer(*object, "modified_at").value_or(0);
  return heartbeat;
}

json::object to_json(const HeartbeatAnswer& answer) {
  json::object object;
  if (answer.modified_at) object["modified_at"] = *answer.modified_at;
  if (answer.strategy) {
    json::object strategy;
    strategy["config_options"] = texts(answer.strategy->config_options);
    strategy["extra"] = texts(answer.strategy->extra);
    object["strategy"] = std::move(strategy);
  }
  if (!answer.disconnect.empty())
    object["disconnect"] = json::array(answer.disconnect.begin(), answer.disconnect.end());
  if (answer.sysinfo) object["sysinfo"] = true;
  return object;
}

}  // namespace deskcheck::http_api
