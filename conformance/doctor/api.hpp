// What the steps about the HTTP API share. Internal to the doctor.
#pragma once

#include "client-sim/account/http_stacks.hpp"
#include "conformance/doctor/visit.hpp"

namespace deskcheck::doctor {

// The one that was given, or P-2 of the host.
std::string api_url(const Visit& visit);
// Nothing: its name has no address.
Task<std::optional<sim::ApiAccess>> api_access(Visit& visit);
// `date`: of an answer of HTTP; may be empty.
void compare_clocks(Visit& visit, const std::string& date);

}  // namespace deskcheck::doctor
