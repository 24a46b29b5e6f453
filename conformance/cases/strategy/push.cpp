// Strategies on their way: pushed when they are new to the device, and not again.
#include "conformance/cases/strategy/agent.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// A wrong value of these takes the device away from its server.
constexpr std::array<std::string_view, 3> kMigrating{"custom-rendezvous-server", "key",
                                                     "api-server"};

// What two agents and two ways take at most.
constexpr net::Duration kStrategyStory = 96s;

StrategyOptions kiosk() {
  return {{"enable-audio", "N"},
          {"allow-auto-disconnect", "Y"},
          {"whitelist", "10.0.0.0/8"},
          {"auto-disconnect-timeout", "5"}};
}

}  // namespace

CASE(strategy_pushed, "api/strategy/pushed",
     checks("HTTP-STRAT-01", "HTTP-STRAT-02", "HTTP-STRAT-04", "HTTP-STRAT-05", "HTTP-STRAT-07",
            "HTTP-HB-09", "HTTP-HB-10"),
     after("api/heartbeat/answer"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, kiosk());
  remove_at_end(lab, admin, name);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    co_await admin.assign_to_device(device.id(), name);
    const auto pushed = co_await agent.beat();
    lab.verdict("HTTP-STRAT-02", pushed, PushesNothingReadable());
    lab.verdict("HTTP-HB-09", pushed, HasMember("modified_at", IsInt64()));
    lab.verdict("HTTP-HB-10", pushed, HasStrategyWithTimestamp());
    if (!lab.verdict("HTTP-STRAT-01", pushed, PushesStrategy())) co_return;
    for (const auto& [key, value] : kiosk()) {
      const bool is_switch = value == "Y" || value == "N";
      lab.verdict(is_switch ? "HTTP-STRAT-04" : "HTTP-STRAT-01", pushed, Pushes(key, value));
    }
    lab.verdict("HTTP-STRAT-05", pushed, PushesNoKey("stop-service"));
    for (const auto key : kMigrating) lab.verdict("HTTP-STRAT-07", pushed, PushesNoKey(key));
  }
}

// As long as the device has it, there is nothing to say; and whatever else it has, all of it.
CASE(strategy_once, "api/strategy/once", checks("HTTP-HB-10", "HTTP-HB-11"),
     after("api/strategy/pushed"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, kiosk());
  remove_at_end(lab, admin, name);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    co_await admin.assign_to_device(device.id(), name);
    const auto pushed = co_await agent.beat();
    lab.require("the strategy is pushed", pushed, PushesStrategy());
    for (int time = 0; time < 3; ++time) {
      const auto next = co_await agent.beat();
      lab.verdict("HTTP-HB-11", next, PushesNoStrategy());
    }
    // Its store was restored, or is another server's: smaller, larger, nothing.
    for (const std::int64_t other : {agent.modified_at() - 1, agent.modified_at() + 1000,
                                     std::int64_t{0}, INT64_MAX, INT64_MIN}) {
      const auto again = co_await agent.beat_with(other);
      lab.verdict("HTTP-HB-11", again, Pushes("enable-audio", "N"));
      lab.verdict("HTTP-HB-10", again,
                  HasMember("modified_at", testing::Eq(json::value(agent.modified_at()))));
    }
  }
}

// An edit, another strategy, none: the device has what the operator sees.
CASE(strategy_changes, "api/strategy/changes",
     checks("HTTP-STRAT-01", "HTTP-STRAT-03", "HTTP-STRAT-08", "HTTP-HB-11"),
     after("api/strategy/pushed"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  for (const Way way : ways(lab)) {
    const std::string name = fresh_strategy(lab), other = fresh_strategy(lab);
    co_await admin.put_strategy(name, kiosk());
    remove_at_end(lab, admin, name);
    const StrategyOptions quiet{{"enable-clipboard", "N"}};
    co_await admin.put_strategy(other, quiet);
    remove_at_end(lab, admin, other);
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    co_await admin.assign_to_device(device.id(), name);
    const auto pushed = co_await agent.beat();
    lab.require("the strategy is pushed", pushed, Pushes("enable-audio", "N"));
    // Edited: one value is another one, one key is gone.
    std::int64_t before = agent.modified_at();
    const StrategyOptions edited{{"enable-audio", "Y"}, {"whitelist", "10.0.0.0/8"}};
    co_await admin.put_strategy(name, edited);
    const auto changed = co_await agent.beat();
    lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
    lab.verdict("HTTP-STRAT-08", changed, Pushes("enable-audio", "Y"));
    lab.verdict("HTTP-STRAT-01", changed, PushesStrategy());
    lab.verdict("HTTP-STRAT-03", agent.option("allow-auto-disconnect"), testing::Eq(""));
    lab.verdict("HTTP-STRAT-03", changed, Pushes("allow-auto-disconnect", ""));
    // Another one.
    before = agent.modified_at();
    co_await admin.assign_to_device(device.id(), other);
    const auto second = co_await agent.beat();
    lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
    lab.verdict("HTTP-STRAT-08", second, Pushes("enable-clipboard", "N"));
    lab.verdict("HTTP-STRAT-03", agent.option("whitelist"), testing::Eq(""));
    // None.
    before = agent.modified_at();
    const std::string none;
    co_await admin.assign_to_device(device.id(), none);
    const auto taken = co_await agent.beat();
    lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
    lab.verdict("HTTP-STRAT-03", taken, Pushes("enable-clipboard", ""));
    const auto quiet_now = co_await agent.beat();
    lab.verdict("HTTP-HB-11", quiet_now, PushesNoStrategy());
    // And a strategy that is removed while a device has it.
    co_await admin.assign_to_device(device.id(), name);
    const auto again = co_await agent.beat();
    lab.require("the strategy is pushed again", again, Pushes("enable-audio", "Y"));
    before = agent.modified_at();
    co_await admin.remove_strategy(name);
    const auto removed = co_await agent.beat();
    lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
    lab.verdict("HTTP-STRAT-03", removed, Pushes("enable-audio", ""));
  }
}

// Clients look for these elsewhere, so whoever chose them would wait for their effect in vain.
CASE(strategy_useless, "api/strategy/keys-without-effect", checks("HTTP-STRAT-06"),
     after("api/strategy/pushed"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  for (const char* key : {"use-raw-tcp-for-api", "preset-user-name", "enable-udp-punch", "theme",
                          "view_style", "proxy-url"}) {
    const std::string name = fresh_strategy(lab);
    const json::object options{{key, "Y"}, {"enable-audio", "N"}};
    const bool taken = co_await admin.try_strategy(name, options);
    if (taken) {
      remove_at_end(lab, admin, name);
      co_await admin.assign_to_device(device.id(), name);
    }
    const auto heard = co_await agent.beat_with(0);
    lab.verdict("HTTP-STRAT-06", heard, PushesNoKey(key));
  }
}

// Whoever writes true where clients want a text is told so, or it is made one: a device that gets
// the strategy drops all of it.
CASE(strategy_values, "api/strategy/values-that-are-no-texts",
     checks("HTTP-STRAT-01", "HTTP-STRAT-02"), after("api/strategy/pushed"),
     takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  for (const json::value& value :
       {json::value(true), json::value(5), json::value(nullptr), json::value(json::array{"Y"})}) {
    const std::string name = fresh_strategy(lab);
    const json::object options{{"enable-audio", value}, {"whitelist", "10.0.0.0/8"}};
    const bool taken = co_await admin.try_strategy(name, options);
    if (taken) {
      remove_at_end(lab, admin, name);
      co_await admin.assign_to_device(device.id(), name);
    }
    const auto heard = co_await agent.beat_with(0);
    lab.verdict("HTTP-STRAT-01", heard, PushesNothingReadable());
    lab.verdict("HTTP-STRAT-02", heard, PushesNothingReadable());
  }
}

// Each of them has it, and what one has heard is not known to the other.
CASE(strategy_two_devices, "api/strategy/two-devices", checks("HTTP-HB-11", "HTTP-STRAT-08"),
     after("api/strategy/pushed"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, kiosk());
  remove_at_end(lab, admin, name);
  auto device = co_await lab.registered_device();
  auto twin = co_await lab.registered_device();
  auto stranger = co_await lab.registered_device();
  StrategyAgent agent(lab, device), other(lab, twin), nobody(lab, stranger);
  for (StrategyAgent* one : {&agent, &other, &nobody}) {
    co_await one->upload();
  }
  co_await admin.assign_to_device(device.id(), name);
  co_await admin.assign_to_device(twin.id(), name);
  for (StrategyAgent* one : {&agent, &other}) {
    const auto pushed = co_await one->beat();
    lab.verdict("HTTP-HB-11", pushed, Pushes("enable-audio", "N"));
    const auto next = co_await one->beat();
    lab.verdict("HTTP-HB-11", next, PushesNoStrategy());
  }
  const auto none = co_await nobody.beat();
  lab.verdict("HTTP-HB-11", none, PushesNoKey("enable-audio"));
  const StrategyOptions edited{{"enable-audio", "Y"}};
  co_await admin.put_strategy(name, edited);
  for (StrategyAgent* one : {&agent, &other}) {
    const auto changed = co_await one->beat();
    lab.verdict("HTTP-STRAT-08", changed, Pushes("enable-audio", "Y"));
  }
}

// Ids are guessed easily, and what a strategy says is nobody's business.
CASE(strategy_foreign, "api/strategy/foreign-uuid", checks("HTTP-HB-15"),
     after("api/strategy/pushed"), takes(kStrategyStory)) {
  LabAdmin admin(lab, {"put-strategy", "remove-strategy", "strategy-of-device"});
  const std::string name = fresh_strategy(lab);
  co_await admin.put_strategy(name, kiosk());
  remove_at_end(lab, admin, name);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    co_await admin.assign_to_device(device.id(), name);
    auto thief = agent.client().neighbour();
    thief.pretend(agent.id(), thief.uuid());
    const auto stolen = co_await thief.heartbeat();
    lab.verdict("HTTP-HB-15", stolen, PushesNoStrategy());
    const auto pushed = co_await agent.beat();
    lab.verdict("HTTP-HB-15", pushed, Pushes("enable-audio", "N"));
  }
}

}  // namespace deskcheck::conformance
