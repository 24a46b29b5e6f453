// Which strategy a device has, if it could have several, and what becomes of it when the server or
// the group changes. Servers of the suite say: that of the device over that of its group over that
// of its user.
#include "conformance/cases/group/lists.hpp"
#include "conformance/cases/strategy/agent.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

StrategyOptions says(std::string who) { return {{"preset-note", std::move(who)}}; }

ServerSetup with_admin(Lab& lab) {
  ServerSetup setup;
  for (const char* role : {"user", "admin"}) {
    setup.accounts.push_back(account_for(lab, role));
    setup.accounts.back().administrator = role == std::string_view("admin");
  }
  return setup;
}

// Judges that the next heartbeat brings this strategy, and a timestamp that is another one.
Task<void> has_now(Lab& lab, StrategyAgent& agent, std::string who) {
  const std::int64_t before = agent.modified_at();
  const auto heard = co_await agent.beat();
  lab.verdict("HTTP-STRAT-08", heard, Pushes("preset-note", who));
  lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
  const auto next = co_await agent.beat();
  lab.verdict("HTTP-HB-11", next, PushesNoStrategy());
}

}  // namespace

CASE(strategy_precedence, "api/strategy/precedence", checks("HTTP-STRAT-08", "HTTP-HB-11"),
     after("api/strategy/pushed"), takes(kLongStory), does(Effect::restarts)) {
  co_await lab.own_server(with_admin(lab));
  LabAdmin admin(lab, {"put-strategy", "strategy-of-device", "strategy-of-device-group",
                       "strategy-of-user", "put-device-group", "owner-of-device"});
  const std::string user = account_of(lab, "user").user, none;
  for (const char* name : {"of the device", "of the group", "of the user"}) {
    const auto options = says(name);
    co_await admin.put_strategy(name, options);
  }
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  const std::vector<std::string> members{device.id()}, nobody;
  co_await admin.assign_to_user(user, "of the user");
  co_await admin.set_owner(device.id(), user);
  co_await has_now(lab, agent, "of the user");
  co_await admin.put_device_group("Branch", members);
  co_await admin.assign_to_device_group("Branch", "of the group");
  co_await has_now(lab, agent, "of the group");
  co_await admin.assign_to_device(device.id(), "of the device");
  co_await has_now(lab, agent, "of the device");
  // What is below it changes nothing as long as it stands.
  co_await admin.assign_to_device_group("Branch", none);
  const auto still = co_await agent.beat();
  lab.verdict("HTTP-HB-11", still, PushesNoStrategy());
  co_await admin.assign_to_device_group("Branch", "of the group");
  co_await admin.assign_to_device(device.id(), none);
  co_await has_now(lab, agent, "of the group");
  // The device leaves the group, and then its owner.
  co_await admin.put_device_group("Branch", nobody);
  co_await has_now(lab, agent, "of the user");
  co_await admin.set_owner(device.id(), none);
  co_await has_now(lab, agent, none);
}

// A group that gets another device, another strategy, an edit.
CASE(strategy_group, "api/strategy/device-group", checks("HTTP-STRAT-08", "HTTP-HB-11"),
     after("api/strategy/pushed"), takes(kLongStory)) {
  LabAdmin admin(
      lab, {"put-strategy", "remove-strategy", "strategy-of-device-group", "put-device-group"});
  const std::string first = fresh_strategy(lab), second = fresh_strategy(lab), none;
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
  lab.verdict("HTTP-HB-11", outside, PushesNoKey("preset-note"));
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
  co_await has_now(lab, agent, none);
}

// The server starts again and remembers who has what.
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
  co_await has_now(lab, agent, "kept");
  co_await lab.restart_server();
  const auto same = co_await agent.beat();
  lab.verdict("HTTP-HB-11", same, PushesNoStrategy());
  const auto fresh = co_await agent.beat_with(0);
  lab.verdict("HTTP-HB-11", fresh, Pushes("preset-note", "kept"));
  LabAdmin later(lab, hooks);
  co_await later.put_strategy("kept", says("edited"));
  co_await has_now(lab, agent, "edited");
}

}  // namespace deskcheck::conformance
