// GET and POST /api/admin/strategies, POST .../remove and .../assign.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"
#include "reference-server/admin/strategy_options.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;

namespace {

// In the order of AssignedTo.
constexpr const char* kTargets[] = {"device", "device_group", "user"};
constexpr const char* kLists[] = {"devices", "device_groups", "users"};

json::object texts_json(const TextMap& texts) {
  json::object object;
  for (const auto& [key, value] : texts) object[key] = value;
  return object;
}

Response list_strategies(const Desk& desk) {
  const auto strategies = desk.fleet().strategies();
  const auto assignments = desk.fleet().assignments();
  if (!strategies || !assignments) return api::storage_failure();
  json::array list;
  for (const auto& strategy : *strategies) {
    json::object object{{"name", strategy.name},
                        {"config_options", texts_json(strategy.config_options)},
                        {"extra", texts_json(strategy.extra)}};
    for (const char* name : kLists) object[name] = json::array();
    for (const auto& one : *assignments)
      if (one.strategy == strategy.name)
        object[kLists[static_cast<int>(one.to)]].as_array().emplace_back(one.target);
    list.push_back(std::move(object));
  }
  return api::json_answer(json::object{{"strategies", std::move(list)}});
}

Response put_strategy(const Desk& desk, Members& body) {
  StrategyRecord strategy;
  strategy.name = body.name("name");
  const bool any_value = desk.wrong().strategy_takes_any_value;
  auto options =
      any_value ? body.maybe_values("config_options") : body.maybe_texts("config_options");
  auto extra = body.maybe_texts("extra");
  if (!options) body.refuse("config_options is missing");
  strategy.config_options = std::move(options).value_or(TextMap());
  strategy.extra = std::move(extra).value_or(TextMap());
  for (const auto& [key, value] : strategy.config_options)
    if (const auto mistake = mistake_of_option(key, value);
        !mistake.empty() && !any_value && !desk.wrong().strategy_takes_any_key)
      body.refuse("config_options." + key + mistake);
  if (const auto refusal = body.refusal()) return *refusal;
  const auto result = desk.fleet().put_strategy(strategy);
  desk.strategies.changed();
  return done(result);
}

Response remove_strategy(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto known = desk.fleet().find_strategy(name);
  if (!known) return api::storage_failure();
  if (!*known) return no_such("strategy", name);
  const auto result = desk.fleet().remove_strategy(name);
  desk.strategies.changed();
  return done(result);
}

// Nothing, or why there is no such target. Any device may come.
std::optional<Response> missing(const Desk& desk, const Assignment& assignment) {
  if (assignment.to == AssignedTo::device_group) {
    const auto group = desk.fleet().find_group(assignment.target);
    if (!group) return api::storage_failure();
    if (!*group) return no_such("device group", assignment.target);
  }
  if (assignment.to == AssignedTo::user) {
    const auto account = desk.store.find_account(assignment.target);
    if (!account) return api::storage_failure();
    if (!*account) return no_such("user", assignment.target);
  }
  return std::nullopt;
}

Response assign(const Desk& desk, Members& body) {
  Assignment assignment;
  const auto strategy = body.maybe_text("strategy");
  if (!strategy) body.refuse("strategy is missing");
  int targets = 0;
  for (const auto to : {AssignedTo::device, AssignedTo::device_group, AssignedTo::user})
    if (const auto target = body.maybe_name(kTargets[static_cast<int>(to)])) {
      ++targets;
      assignment.to = to;
      assignment.target = *target;
    }
  if (targets != 1) body.refuse("One of device, device_group and user has to be there");
  if (const auto refusal = body.refusal()) return *refusal;
  assignment.strategy = *strategy;
  const auto known = desk.fleet().find_strategy(*strategy);
  if (!known) return api::storage_failure();
  if (!strategy->empty() && !*known) return no_such("strategy", *strategy);
  if (auto refusal = missing(desk, assignment)) return *refusal;
  const auto result = desk.fleet().assign(assignment);
  desk.strategies.changed();
  return done(result);
}

}  // namespace

void add_strategies(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/strategies",
             for_administrators(desk, [desk](const auto&...) { return list_strategies(desk); }));
  using Change = Response (*)(const Desk&, Members&);
  const auto add = [&](const char* path, Change change) {
    router.add("POST", path, changing(desk, [desk, change](const auto&, Members& body, net::Time) {
                 return change(desk, body);
               }));
  };
  add("/api/admin/strategies", put_strategy);
  add("/api/admin/strategies/remove", remove_strategy);
  add("/api/admin/strategies/assign", assign);
}

}  // namespace deskcheck::server::admin
