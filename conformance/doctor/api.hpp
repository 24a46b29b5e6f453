// What the steps about the HTTP API share. Internal to the doctor.
#pragma once

#include "client-sim/account/http_stacks.hpp"
#include "conformance/doctor/visit.hpp"

namespace deskcheck::doctor {

// `date`: of an answer of HTTP; may be empty.
void compare_clocks(Visit& visit, const std::string& date);

}  // namespace deskcheck::doctor
