// The date, for people who read a report and for entries that expire. Not for waiting: see
// time.hpp.
#pragma once

#include <string>

namespace deskcheck::net {

// Now in UTC, as ISO 8601 writes it: "2026-11-25T13:22:54Z".
std::string utc_now();

}  // namespace deskcheck::net
