#include "conformance/cases/strategy/agent.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

using Options = std::map<std::string, std::string>;

// A map of the strategy; nothing if the client cannot read it, which voids the whole.
std::optional<Options> texts_in(const json::object& strategy, std::string_view name) {
  const auto* map = strategy.if_contains(name);
  if (!map) return Options();
  if (!map->is_object()) return std::nullopt;
  Options texts;
  for (const auto& member : map->get_object()) {
    if (!member.value().is_string()) return std::nullopt;
    texts[std::string(member.key())] = std::string(member.value().get_string());
  }
  return texts;
}

Task<void> remove_quietly(LabAdmin admin, std::string strategy) {
  try {
    co_await admin.remove_strategy(strategy);
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

Task<void> remove_group_quietly(LabAdmin admin, std::string group) {
  try {
    co_await admin.remove_device_group(group);
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

}  // namespace

std::optional<Options> pushed_options(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto* strategy = body ? body->if_contains("strategy") : nullptr;
  if (!strategy || !strategy->is_object()) return std::nullopt;
  if (!texts_in(strategy->get_object(), "extra")) return std::nullopt;
  return texts_in(strategy->get_object(), "config_options");
}

std::string fresh_strategy(Lab& lab) { return lab.named("strategy"); }

void remove_at_end(Lab& lab, LabAdmin admin, std::string strategy) {
  lab.at_end([admin, strategy] { return remove_quietly(admin, strategy); });
}

void remove_group_at_end(Lab& lab, LabAdmin admin, std::string group) {
  if (!find_hook(lab.target(), "remove-device-group")) return;
  lab.at_end([admin, group] { return remove_group_quietly(admin, group); });
}

StrategyOptions says(std::string whose) { return {{kWhose, std::move(whose)}}; }

namespace {

Task<void> changes(Lab& lab, StrategyAgent& agent, std::string requirement, std::string value) {
  const std::int64_t before = agent.modified_at();
  const auto heard = co_await agent.beat();
  lab.verdict(requirement, heard, Pushes(kWhose, value));
  lab.verdict("HTTP-STRAT-08", agent.modified_at(), testing::Ne(before));
  const auto next = co_await agent.beat();
  lab.verdict("HTTP-HB-11", next, PushesNoStrategy());
}

}  // namespace

Task<void> has_now(Lab& lab, StrategyAgent& agent, std::string whose) {
  return changes(lab, agent, "HTTP-STRAT-08", std::move(whose));
}

Task<void> has_none_now(Lab& lab, StrategyAgent& agent) {
  return changes(lab, agent, "HTTP-STRAT-03", "");
}

StrategyAgent::StrategyAgent(Lab& lab, const LabDevice& device)
    : lab_(&lab), client_(lab, device) {}

std::string StrategyAgent::option(const std::string& key) const {
  const auto found = options_.find(key);
  return found == options_.end() ? "" : found->second;
}

json::object StrategyAgent::body(std::int64_t modified_at) const {
  auto body = client_.heartbeat_body();
  body["modified_at"] = modified_at;
  if (!connections_.empty()) body["conns"] = json::array(connections_.begin(), connections_.end());
  return body;
}

void StrategyAgent::apply(const json::object& answer) {
  const auto at = member_of(answer, "modified_at");
  if (at.is_int64()) modified_at_ = at.get_int64();
  const auto ended = member_of(answer, "disconnect");
  if (!ended.is_array()) return;
  for (const auto& connection : ended.get_array())
    if (!connection.is_int64()) return;  // voids the whole list
  for (const auto& connection : ended.get_array()) std::erase(connections_, connection.get_int64());
}

Task<Answer<HttpAnswer>> StrategyAgent::beat() {
  auto answer = co_await client_.post("/api/heartbeat", body(modified_at_));
  const auto object = answer ? object_in(*answer) : std::nullopt;
  if (!object) co_return std::move(answer);
  apply(*object);
  if (const auto pushed = pushed_options(*answer))
    for (const auto& [key, value] : *pushed) options_[key] = value;
  co_return std::move(answer);
}

Task<Answer<HttpAnswer>> StrategyAgent::beat_with(std::int64_t modified_at) {
  return client_.post("/api/heartbeat", body(modified_at));
}

Task<void> StrategyAgent::upload() {
  if (lab_->target().without.contains("api.device.sysinfo"))
    lab_->not_applicable(
        "the target does not claim api.device.sysinfo, which devices become known by");
  const auto answer = co_await client_.sysinfo_until_known();
  lab_->require("an upload of what the device is", answer, AnswersText("SYSINFO_UPDATED"));
}

}  // namespace deskcheck::conformance
