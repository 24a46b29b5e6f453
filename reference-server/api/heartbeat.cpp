// POST /api/heartbeat. Source: http-api.md section 5.1.
#include "proto/api/heartbeat.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

std::string escaped_keys(std::string text) {
  for (const auto& [key, escaped] :
       {std::pair(R"("sysinfo")", R"("\u0073ysinfo")"), {R"("strategy")", R"("\u0073trategy")"}})
    if (const auto at = text.find(key); at != std::string::npos)
      text.replace(at, std::string_view(key).size(), escaped);
  return text;
}

json::array as_texts(const json::array& numbers) {
  json::array texts;
  for (const auto& number : numbers) texts.emplace_back(json::serialize(number));
  return texts;
}

json::value spoiled_value(const std::string& value, const WrongApi& wrong) {
  const bool is_flag = value == "Y" || value == "N";
  if (is_flag && wrong.strategy_values_are_bools) return value == "Y";
  if (is_flag && wrong.strategy_booleans_are_digits) return value == "Y" ? "1" : "0";
  if (value.empty() && wrong.strategy_resets_are_null) return nullptr;
  const bool is_raw = value == "true" || value == "null";
  if (is_raw && wrong.strategy_takes_any_value)
    return value == "true" ? json::value(true) : json::value(nullptr);
  const bool is_number = !value.empty() && value.size() < 10 &&
                         value.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && wrong.strategy_digits_are_numbers) return std::stoi(value);
  return json::value(value);
}

void spoil_strategy(json::object& strategy, const WrongApi& wrong) {
  auto& options = strategy.at("config_options").as_object();
  if (wrong.strategy_stops_the_service) options["stop-service"] = "Y";
  if (wrong.strategy_moves_devices) options["custom-rendezvous-server"] = "127.0.0.1";
  for (auto& [key, value] : options) value = spoiled_value(std::string(value.as_string()), wrong);
  if (wrong.strategy_options_are_a_list) {
    json::array list;
    for (const auto& [key, value] : options)
      list.push_back(json::object{{"key", key}, {"value", value}});
    strategy["config_options"] = std::move(list);
  }
  auto& extra = strategy.at("extra");
  if (wrong.strategy_extra_is_null && extra.as_object().empty()) extra = nullptr;
}

// What a wrong server makes of a right answer.
void spoil_answer(json::object& answer, const WrongApi& wrong) {
  if (auto* strategy = answer.if_contains("strategy")) spoil_strategy(strategy->as_object(), wrong);
  if (auto* list = answer.if_contains("disconnect"); list && wrong.disconnect_has_one_text)
    list->as_array().front() = json::serialize(list->as_array().front());
  if (auto* list = answer.if_contains("disconnect"); list && wrong.disconnect_is_one_number)
    *list = json::value(list->as_array().front());
  if (wrong.sysinfo_is_false && !answer.contains("sysinfo")) answer["sysinfo"] = false;
  if (auto* list = answer.if_contains("disconnect"); list && wrong.disconnect_has_texts)
    *list = as_texts(list->as_array());
  // A wrong time is said to devices without a strategy, too, so that anybody can see it.
  if (wrong.modified_at_comes_alone) answer.erase("strategy");
  if (wrong.modified_at_comes_alone || wrong.modified_at_is_text)
    answer.emplace("modified_at", std::int64_t(1));
  if (wrong.modified_at_is_text) answer["modified_at"] = json::serialize(answer.at("modified_at"));
}

Response heartbeat(const Request& request, net::Time now, Devices& devices, Strategies& strategies,
                   const WrongApi& wrong) {
  const auto heartbeat = http_api::parse_heartbeat(request.body);
  if (!heartbeat) return failure(400, "id and uuid have to be texts");
  if (wrong.heartbeat_needs_conns && heartbeat->conns.empty())
    return failure(400, "conns are missing");
  if (wrong.unknown_devices_are_404 && !devices.knows(heartbeat->id))
    return failure(404, "Unknown device");
  auto heard = devices.on(*heartbeat, request.from, now);
  if (heard.from_device || wrong.any_uuid_gets_the_strategy)
    strategies.tell(*heartbeat, now, heard.answer);
  auto answer = to_json(heard.answer);
  spoil_answer(answer, wrong);
  auto response = json_answer(answer);
  if (wrong.heartbeat_keys_are_escaped) response.body = escaped_keys(std::move(response.body));
  if (wrong.heartbeat_answer_is_empty) response.body.clear();
  return response;
}

}  // namespace

void add_heartbeat(Router& router, const Options& options, Devices& devices,
                   Strategies& strategies) {
  const WrongApi& wrong = options.faults.policies;
  router.add(
      "POST", "/api/heartbeat", [&, heard = 0](const Request& request, net::Time now) mutable {
        if (wrong.every_second_heartbeat_is_refused && ++heard % 2 == 0) {
          auto limit = failure(429, "Too many requests");
          limit.headers.emplace_back("Retry-After", "3");
          return limit;
        }
        const bool needs_token = wrong.heartbeat_needs_token || wrong.everything_needs_a_token;
        if (needs_token && bearer(request).empty()) return failure(401, "Invalid token");
        return heartbeat(request, now, devices, strategies, wrong);
      });
}

}  // namespace deskcheck::server::api
