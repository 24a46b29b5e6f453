// Who has a strategy: the devices of a group, and after a restart of the server those of before.
#include "conformance/cases/strategy/agent.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

// A group that gets another device, another strategy, an edit.
CASE(strategy_group, "api/strategy/device-group",
     checks("HTTP-STRAT-08", "HTTP-HB-11", "HTTP-STRAT-03"), after("api/strategy/pushed"),
     takes(kLongStory)) {
  LabAdmin admin(
      lab, {"put-strategy", "remove-strategy", "strategy-of-device-group", "put-device-group"});
  const std::string first = fresh_strategy(lab), second = fresh_strategy(lab);
  const std::string group = lab.named("group");
  co_await admin.put_strategy(first, says("first"));
  remove_at_end(lab, admin, first);
  // Nobody writes twice within a second, which is one time where servers count them.
  co_await lab.wait(1s);
  co_await admin.put_strategy(second, says("second"));
  remove_at_end(lab, admin, second);
  auto device = co_await lab.registered_device();
  auto late = co_await lab.registered_device();
  StrategyAgent agent(lab, device), other(lab, late);
  co_await agent.upload();
  co_await other.upload();
  const std::vector<std::string> one{device.id()}, both{device.id(), late.id()}, nobody;
  co_await admin.put_device_group(group, one);
  remove_group_at_end(lab, admin, group);
  co_await admin.assign_to_device_group(group, first);
  co_await has_now(lab, agent, "first");
  const auto outside = co_await other.beat();
  lab.verdict("HTTP-HB-11", outside, PushesNoKey(kWhose));
  co_await admin.put_device_group(group, both);
  co_await has_now(lab, other, "first");
  const auto unchanged = co_await agent.beat();
  lab.verdict("HTTP-HB-11", unchanged, PushesNoStrategy());
  co_await admin.assign_to_device_group(group, second);
  co_await has_now(lab, agent, "second");
  co_await has_now(lab, other, "second");
  co_await lab.wait(1s);
  co_await admin.put_strategy(second, says("second, edited"));
  co_await has_now(lab, agent, "second, edited");
  co_await admin.put_device_group(group, nobody);
  co_await has_none_now(lab, agent);
}

// The server starts again, after a strategy was assigned and before the device asks, and remembers
// who has what; also for a device that has the strategy already.
CASE(strategy_restart, "api/strategy/restart", checks("HTTP-HB-11", "HTTP-STRAT-08"),
     after("api/strategy/pushed"), takes(kLongStory), restarts_target()) {
  co_await lab.server_to_restart();
  const std::initializer_list<std::string_view> hooks{"put-strategy", "remove-strategy",
                                                      "strategy-of-device"};
  LabAdmin admin(lab, hooks);
  const std::string kept = fresh_strategy(lab);
  co_await admin.put_strategy(kept, says("kept"));
  remove_at_end(lab, LabAdmin(lab, hooks), kept);  // a login may end with the server
  auto early = co_await lab.registered_device();
  auto late = co_await lab.registered_device();
  StrategyAgent has_it(lab, early), waits(lab, late);
  co_await has_it.upload();
  co_await waits.upload();
  co_await admin.assign_to_device(early.id(), kept);
  co_await has_now(lab, has_it, "kept");
  co_await admin.assign_to_device(late.id(), kept);
  co_await lab.restart_server(Part::api);
  co_await has_now(lab, waits, "kept");
  const auto same = co_await has_it.beat();
  lab.verdict("HTTP-HB-11", same, PushesNoStrategy());
  const auto fresh = co_await has_it.beat_with(0);
  lab.verdict("HTTP-HB-11", fresh, Pushes(kWhose, "kept"));
  LabAdmin later(lab, hooks);
  co_await later.put_strategy(kept, says("edited"));
  co_await has_now(lab, has_it, "edited");
}

}  // namespace deskcheck::conformance
