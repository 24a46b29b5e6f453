// What an operator does to a device that is online: ends a connection, wants to know what it is,
// looks whether it is there.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/strategy/agent.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// The list that an answer asks to be closed; nothing if the client can make nothing of it.
std::optional<std::vector<std::int64_t>> disconnects_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto list = body ? member_of(*body, "disconnect") : json::value();
  if (!list.is_array()) return std::nullopt;
  std::vector<std::int64_t> ids;
  for (const auto& id : list.get_array()) {
    if (!id.is_int64() || id.get_int64() < INT32_MIN || id.get_int64() > INT32_MAX)
      return std::nullopt;
    ids.push_back(id.get_int64());
  }
  return ids;
}

MATCHER_P(Disconnects, wanted, "disconnect: [" + std::to_string(wanted) + "]") {
  const auto ids = arg.arrived() ? disconnects_in(*arg) : std::nullopt;
  return ids && *ids == std::vector<std::int64_t>{wanted};
}
MATCHER(DisconnectsNobody, "a JSON object without disconnect, or with an empty one") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  if (!body) return false;
  const auto* list = body->if_contains("disconnect");
  return !list || (list->is_array() && list->get_array().empty());
}
MATCHER(DisconnectsIntegersOnly, "disconnect: an array of integers within int32") {
  return arg.arrived() && disconnects_in(*arg).has_value();
}
MATCHER_P(HasConnections, wanted, "the connections " + testing::PrintToString(wanted)) {
  if (!arg.is_array()) return false;
  std::vector<std::int32_t> ids;
  for (const auto& id : arg.get_array()) {
    if (!id.is_int64()) return false;
    ids.push_back(static_cast<std::int32_t>(id.get_int64()));
  }
  std::sort(ids.begin(), ids.end());
  return ids == std::vector<std::int32_t>(wanted);
}
MATCHER(IsOnline, "online: true") { return arg == json::value(true); }
MATCHER(WantsSysinfo, "a JSON object with sysinfo") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && body->contains("sysinfo");
}

}  // namespace

// One of three, again and again until it is gone: answers get lost.
CASE(disconnect_one, "api/heartbeat/disconnect",
     checks("HTTP-HB-06", "HTTP-HB-07", "HTTP-HB-08", "HTTP-HB-12"), after("api/heartbeat/answer"),
     takes(kLongStory)) {
  LabAdmin admin(lab, {"disconnect"});
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    agent.have({7, 8, 2147483647});
    const auto quiet = co_await agent.beat();
    lab.verdict("HTTP-HB-07", quiet, DisconnectsNobody());
    const std::vector<std::int32_t> one{8}, first{7};
    co_await admin.disconnect(device.id(), one);
    // The agent loses the answer, and asks again.
    const auto lost = co_await agent.beat_with(agent.modified_at());
    lab.verdict("HTTP-HB-06", lost, DisconnectsIntegersOnly());
    lab.verdict("HTTP-HB-07", lost, Disconnects(8));
    const auto again = co_await agent.beat();
    lab.verdict("HTTP-HB-08", again, Disconnects(8));
    const auto done = co_await agent.beat();
    lab.verdict("HTTP-HB-07", done, DisconnectsNobody());
    lab.verdict("HTTP-HB-08", done, DisconnectsNobody());
    // Its process starts again and counts from the beginning: that is another one.
    co_await admin.disconnect(device.id(), first);
    agent.have({});
    const auto empty = co_await agent.beat();
    lab.verdict("HTTP-HB-12", empty, AnswersObject());
    lab.verdict("HTTP-HB-12", empty, DisconnectsNobody());
    agent.have({7});
    const auto later = co_await agent.beat();
    lab.verdict("HTTP-HB-12", later, DisconnectsNobody());
  }
}

CASE(connections_shown, "api/heartbeat/connections", checks("HTTP-HB-12"),
     after("api/heartbeat/answer"), takes(kLongStory)) {
  LabAdmin admin(lab, {"read-device"});
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    const auto before = co_await admin.device(device.id());
    admin.need_shown("read-device", before, "connections");
    agent.use(way);
    for (const std::vector<std::int32_t>& ids :
         {std::vector<std::int32_t>{3, 4}, {4}, {}, {9}, {}}) {
      agent.have(ids);
      const auto heard = co_await agent.beat();
      lab.verdict("HTTP-HB-12", heard, AnswersObject());
      const auto shown = co_await admin.device(device.id());
      lab.verdict("HTTP-HB-12", member_of(shown, "connections"), HasConnections(ids));
    }
  }
}

// Nobody's connections end because somebody else knows an id.
CASE(disconnect_foreign, "api/heartbeat/disconnect-foreign", checks("HTTP-HB-07", "HTTP-HB-15"),
     after("api/heartbeat/disconnect", "HTTP-HB-07"), takes(kLongStory)) {
  LabAdmin admin(lab, {"disconnect"});
  auto device = co_await lab.registered_device();
  auto twin = co_await lab.registered_device();
  StrategyAgent agent(lab, device), other(lab, twin);
  co_await agent.upload();
  co_await other.upload();
  for (const Way way : ways(lab)) {
    agent.use(way);
    other.use(way);
    agent.have({7});
    other.have({7});
    for (StrategyAgent* one : {&agent, &other}) {
      const auto heard = co_await one->beat();
      lab.require("a heartbeat", heard, AnswersObject());
    }
    const std::vector<std::int32_t> one{7};
    co_await admin.disconnect(device.id(), one);
    // Numbers are the device's own: the other one has a connection of the same.
    const auto spared = co_await other.beat();
    lab.verdict("HTTP-HB-07", spared, DisconnectsNobody());
    auto thief = agent.client().neighbour();
    thief.pretend(agent.id(), thief.uuid());
    const auto stolen = co_await thief.heartbeat();
    lab.verdict("HTTP-HB-15", stolen, DisconnectsNobody());
    const auto ended = co_await agent.beat();
    lab.verdict("HTTP-HB-15", ended, Disconnects(7));
    const auto gone = co_await agent.beat();
    lab.require("the connection is gone", gone, DisconnectsNobody());
  }
}

// Asked for with the next heartbeat. Whether it is asked for again before it has come is the
// server's to say: no requirement has it, and clients upload after the first answer.
CASE(sysinfo_forced, "api/heartbeat/sysinfo-wanted", checks("HTTP-HB-04", "HTTP-HB-05"),
     after("api/heartbeat/after-sysinfo"), takes(kLongStory)) {
  LabAdmin admin(lab, {"force-sysinfo"});
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    co_await agent.upload();
    agent.use(way);
    const auto quiet = co_await agent.beat();
    lab.verdict("HTTP-HB-04", quiet, LacksMember("sysinfo"));
    co_await admin.force_sysinfo(device.id());
    const auto wanted = co_await agent.beat();
    lab.verdict("HTTP-HB-04", wanted, WantsSysinfo());
    co_await agent.upload();
    const auto done = co_await agent.beat();
    lab.verdict("HTTP-HB-05", done, LacksMember("sysinfo"));
  }
}

// 15 s between heartbeats, 12 s for one that fails over HTTP, 36 s for the tunnel after it.
CASE(online_between, "api/heartbeat/online", checks("HTTP-HB-13"), after("api/heartbeat/answer"),
     takes(120s)) {
  LabAdmin admin(lab, {"read-device"});
  auto device = co_await lab.registered_device();
  StrategyAgent agent(lab, device);
  co_await agent.upload();
  const auto before = co_await admin.device(device.id());
  admin.need_shown("read-device", before, "online");
  const auto heard = co_await agent.beat();
  lab.require("a heartbeat", heard, AnswersObject());
  const net::Time since = lab.now();
  for (const net::Duration after_it : {0s, 16s, 45s, 62s}) {
    co_await lab.wait_until(since + after_it);
    const auto shown = co_await admin.device(device.id());
    lab.verdict("HTTP-HB-13", member_of(shown, "online"), IsOnline());
  }
}

}  // namespace deskcheck::conformance
