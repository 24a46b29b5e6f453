// What the cases of the simulated device share.
#pragma once

#include "conformance/lab/matchers.hpp"
#include "conformance/lab/simulated.hpp"

namespace deskcheck::conformance {

// Devices look once per second whether something is due; the rest is for a busy machine.
inline constexpr net::Duration kTick = std::chrono::seconds(1);
inline constexpr net::Duration kSlack = std::chrono::seconds(1);

MATCHER(RegistersKey, "a register_pk") { return arg.arrived() && arg->has_register_pk(); }

}  // namespace deskcheck::conformance
