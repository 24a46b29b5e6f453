// The calendar time of a time of the world, for what outlives the process.
#pragma once

#include "reference-server/options.hpp"

namespace deskcheck::server {

// Seconds since 1970.
inline std::int64_t unix_time(const Options& options, net::Time now) {
  if (options.calendar) return options.calendar(now).time_since_epoch().count();
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

}  // namespace deskcheck::server
