#include "reference-server/api/strategies.hpp"

#include "reference-server/calendar.hpp"

namespace deskcheck::server::api {

Strategies::Strategies(const Options& options, ApiStore& store, Accessible& accessible)
    : options_(options), wrong_(options.faults.policies), store_(store), accessible_(accessible) {
  if (wrong_.restart_forgets_strategies) forget_assignments();
}

void Strategies::forget_assignments() {
  const auto known = fleet().assignments();
  if (!known) return;
  for (auto assignment : *known) {
    assignment.strategy.clear();
    (void)fleet().assign(assignment);
  }
}

// Empty: none.
Strategies::Result<std::string> Strategies::name_in_effect(const std::string& device) {
  auto name = fleet().assigned(AssignedTo::device, device);
  if (!name || !name->empty()) return name;
  const auto groups = fleet().groups_of_device(device);
  if (!groups) return groups.error();
  for (const auto& group : *groups) {
    name = fleet().assigned(AssignedTo::device_group, group);
    if (!name || !name->empty()) return name;
  }
  const auto owner = accessible_.owner_of_device(device);
  if (!owner || owner->empty()) return owner;
  return fleet().assigned(AssignedTo::user, *owner);
}

Strategies::Result<StrategyRecord> Strategies::in_effect(const std::string& device) {
  const auto name = name_in_effect(device);
  if (!name) return name.error();
  if (name->empty()) return StrategyRecord();
  const auto strategy = fleet().find_strategy(*name);
  if (!strategy) return strategy.error();
  return strategy->value_or(StrategyRecord());
}

bool Strategies::overlooks(const PushRecord& before, const StrategyRecord& now_in_effect) const {
  if (now_in_effect.name == before.strategy.name)
    return wrong_.strategy_edits_are_overlooked && !now_in_effect.name.empty();
  return wrong_.strategy_removals_are_overlooked && now_in_effect.name.empty();
}

// A device does not remember which options came with a strategy, so each that it was ever told is
// reset by name (HTTP-STRAT-03).
Strategies::Result<PushRecord> Strategies::find_out(const std::string& device, net::Time now) {
  const auto known = fleet().find_push(device);
  if (!known) return known.error();
  auto strategy = in_effect(device);
  if (!strategy) return strategy.error();
  const PushRecord nothing;
  const PushRecord& before = *known ? **known : nothing;
  for (const auto& [key, value] : before.strategy.config_options)
    if (!wrong_.strategy_resets_are_forgotten) strategy->config_options.try_emplace(key, "");
  if (*strategy == before.strategy || overlooks(before, *strategy)) return before;
  PushRecord push;
  push.device = device;
  push.strategy = std::move(*strategy);
  const bool stays = wrong_.modified_at_stays && before.modified_at != 0;
  push.modified_at =
      stays ? before.modified_at : std::max(before.modified_at + 1, unix_time(options_, now));
  if (const auto done = fleet().put_push(push); !done) return done.error();
  return push;
}

Strategies::Result<PushRecord> Strategies::of(const std::string& device, net::Time now) {
  const auto found = found_.find(device);
  if (found != found_.end() && found->second.generation == generation_) {
    const auto push = fleet().find_push(device);
    if (!push) return push.error();
    return push->value_or(PushRecord());
  }
  auto push = find_out(device, now);
  if (push) found_[device] = Found{generation_, push->modified_at};
  return push;
}

// It may be another device, that another one has signed in from.
void Strategies::uploaded(const std::string& device) {
  changed(device);
  if (wrong_.strategy_comes_after_uploads) uploaded_.insert(device);
}

void Strategies::tell(const http_api::Heartbeat& heartbeat, net::Time now,
                      http_api::HeartbeatAnswer& answer) {
  const auto found = found_.find(heartbeat.id);
  const bool up_to_date = found != found_.end() && found->second.generation == generation_;
  // Most heartbeats are of devices that have all of it: no question to the storage.
  if (up_to_date && found->second.modified_at == heartbeat.modified_at &&
      !wrong_.strategy_comes_always)
    return;
  if (up_to_date && found->second.modified_at == 0) return;
  const auto push = of(heartbeat.id, now);
  if (!push || push->modified_at == 0) return;
  const bool differs = wrong_.strategy_comes_only_if_newer
                           ? push->modified_at > heartbeat.modified_at
                           : push->modified_at != heartbeat.modified_at;
  const bool again = uploaded_.erase(heartbeat.id) > 0;
  if (!differs && !again && !wrong_.strategy_comes_always) return;
  answer.modified_at = push->modified_at;
  http_api::Strategy strategy;
  strategy.config_options = push->strategy.config_options;
  strategy.extra = push->strategy.extra;
  answer.strategy = std::move(strategy);
}

}  // namespace deskcheck::server::api
