// What an agent makes of the answer to a heartbeat, and how options of a strategy are merged into a
// device's own. Source: http-api.md sections 5.1 and 5.4; client:src/hbbs_http/sync.rs:242-304
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::sim {

using DeviceOptionValues = std::map<std::string, std::string>;

struct HeartbeatReaction {
  bool wants_sysinfo = false;  // the key is there, whatever its value is
  std::vector<std::int32_t> disconnect;
  std::optional<std::int64_t> modified_at;
  std::optional<DeviceOptionValues> strategy;  // its config_options

  HeartbeatReaction() = default;
};

// Each key is taken or ignored as a whole; text that is no object says nothing, and so does an
// object with an escape sequence in one of its keys.
HeartbeatReaction react_to_heartbeat(std::string_view answer);

// An empty value takes an option away; options that are not named stay.
void apply_strategy(const DeviceOptionValues& strategy, DeviceOptionValues& options);

}  // namespace deskcheck::sim
