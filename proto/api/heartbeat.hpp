// POST /api/heartbeat. Source: http-api.md sections 5.1 and 5.4.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::http_api {

struct Heartbeat {
  std::string id, uuid;             // never empty
  std::int64_t version = 0;         // 1.4.9 is 1004090; 0: not said
  std::vector<std::int32_t> conns;  // connections that live
  std::int64_t modified_at = 0;     // of the last strategy that arrived

  Heartbeat() = default;
};

// Options that an operator sets on a device. An empty value resets an option.
struct Strategy {
  std::map<std::string, std::string> config_options, extra;

  Strategy() = default;
  bool operator==(const Strategy&) const = default;
};

struct HeartbeatAnswer {
  bool sysinfo = false;  // is to be uploaded
  std::vector<std::int32_t> disconnect;
  // Both or none.
  std::optional<std::int64_t> modified_at;
  std::optional<Strategy> strategy;

  HeartbeatAnswer() = default;
};

// Nothing unless the text is a JSON object with id and uuid. Elements of `conns` that are no int32
// are left out.
std::optional<Heartbeat> parse_heartbeat(std::string_view text);
// Only the keys that say something: the mere presence of some has an effect.
boost::json::object to_json(const HeartbeatAnswer& answer);

}  // namespace deskcheck::http_api
