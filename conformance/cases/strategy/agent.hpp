// The agent of a device with its heartbeats: it keeps the options that a server has pushed, and the
// timestamp of the last answer, as the real one does. client:src/hbbs_http/sync.rs:230-304
#pragma once

#include "conformance/lab/admin.hpp"
#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

#include <map>

namespace deskcheck::conformance {

// For stories with several heartbeats, each of which may take as long as a client waits.
inline constexpr net::Duration kLongStory = std::chrono::seconds(96);

class StrategyAgent {
 public:
  StrategyAgent(Lab& lab, const LabDevice& device);

  const std::string& id() const { return client_.id(); }
  ApiClient& client() { return client_; }
  void use(Way way) { client_.use(way); }
  // The ids of its live connections, from the next heartbeat on.
  void have(std::vector<std::int32_t> connections) { connections_ = std::move(connections); }
  std::int64_t modified_at() const { return modified_at_; }
  // Of the option, as strategies have left it; empty: the default.
  std::string option(const std::string& key) const;

  // One heartbeat, of which everything takes effect that does in a client.
  Task<Answer<HttpAnswer>> beat();
  // The same with another timestamp than its own, and without any effect.
  Task<Answer<HttpAnswer>> beat_with(std::int64_t modified_at);
  // What it tells about itself; blocked if that is not taken.
  Task<void> upload();

 private:
  boost::json::object body(std::int64_t modified_at) const;
  void apply(const boost::json::object& answer);

  Lab* lab_;
  ApiClient client_;
  std::vector<std::int32_t> connections_;
  std::int64_t modified_at_ = 0;
  std::map<std::string, std::string> options_;
};

// A strategy with one option, which tells it from others: one that takes a text, and that servers
// which know the options of clients let through.
inline constexpr const char* kWhose = "whitelist";
StrategyOptions says(std::string whose);
// Judges (HTTP-STRAT-08, HTTP-HB-11) that the next heartbeat brings this strategy at a time that is
// another one, and the one after it nothing.
Task<void> has_now(Lab& lab, StrategyAgent& agent, std::string whose);
// The same where the device no longer has any (HTTP-STRAT-03): the option is reset.
Task<void> has_none_now(Lab& lab, StrategyAgent& agent);

// A name that no other case has.
std::string fresh_strategy(Lab& lab);
// Removed when the case ends, however that is.
void remove_at_end(Lab& lab, LabAdmin admin, std::string strategy);
// The same with a group of devices, where the target can remove one.
void remove_group_at_end(Lab& lab, LabAdmin admin, std::string group);

// The options of an answer; nothing if it has no strategy that the client can read: both maps are
// objects or absent, and all their values are texts.
std::optional<std::map<std::string, std::string>> pushed_options(const HttpAnswer& answer);

MATCHER(PushesStrategy, "a strategy whose maps are objects, or absent, of texts") {
  return arg.arrived() && pushed_options(*arg).has_value();
}
MATCHER(PushesNoStrategy, "a JSON object without strategy") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && !body->contains("strategy");
}
// What servers may say that give a strategy a new time although it is the same to the device.
MATCHER_P(PushesOnlyAtAnotherTime, known, "no strategy, or one with another modified_at") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && (!body->contains("strategy") ||
                  member_of(*body, "modified_at") != boost::json::value(std::int64_t{known}));
}
MATCHER(PushesNothingReadable, "a JSON object, and in it no strategy but a readable one") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && (!body->contains("strategy") || pushed_options(*arg));
}
MATCHER_P2(Pushes, key, value,
           "a strategy with \"" + std::string(key) + "\": \"" + std::string(value) + "\"") {
  const auto options = arg.arrived() ? pushed_options(*arg) : std::nullopt;
  if (!options) return false;
  const auto found = options->find(std::string(key));
  return found != options->end() && found->second == value;
}
MATCHER_P(PushesNoKey, key, "no \"" + std::string(key) + "\" in a strategy") {
  if (!arg.arrived()) return false;
  const auto options = pushed_options(*arg);
  return !options || !options->contains(std::string(key));
}
MATCHER(HasStrategyWithTimestamp, "strategy and modified_at together, or neither") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && (!body->contains("strategy") || member_of(*body, "modified_at").is_int64());
}

}  // namespace deskcheck::conformance
