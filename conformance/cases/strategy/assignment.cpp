// Who has a strategy: the devices of a group, and after a restart of the server those of before.
#include "conformance/cases/group/lists.hpp"
#include "conformance/cases/strategy/agent.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

ServerSetup with_admin(Lab& lab) {
  ServerSetup setup;
  for (const char* role : {"user", "admin"}) {
    setup.accounts.push_back(account_for(lab, role));
    setup.accounts.back().administrator = role == std::string_view("admin");
  }
  return setup;
}

}  // namespace

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
  co_await admin.put_strategy(second, says("second, edited"));
  co_await has_now(lab, agent, "second, edited");
  co_await admin.put_device_group(group, nobody);
  co_await has_none_now(lab, agent);
}

// The server starts again, before a device has its strategy and after it, and remembers who has
// what.
CASE(strategy_restart, "api/strategy/restart", checks("HTTP-HB-11", "HTTP-STRAT-08"),
     after("api/strategy/pushed"), takes(kLongStory), does(Effect::restarts)) {
  co_await lab.own_server(with_admin(lab));
  const std::initializer_list<std::string_view> hooks{"put-strategy", "strategy-of-device"};
  LabAdmin admin(lab, hooks);
  co_await admin.put_strategy("kept", says("kept"));
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  co_await admin.assign_to_device(device.id(), "kept");
  co_await lab.restart_server();
  co_await has_now(lab, agent, "kept");
  co_await lab.restart_server();
  const auto same = co_await agent.beat();
  lab.verdict("HTTP-HB-11", same, PushesNoStrategy());
  const auto fresh = co_await agent.beat_with(0);
  lab.verdict("HTTP-HB-11", fresh, Pushes(kWhose, "kept"));
  LabAdmin later(lab, hooks);
  co_await later.put_strategy("kept", says("edited"));
  co_await has_now(lab, agent, "edited");
}

}  // namespace deskcheck::conformance
