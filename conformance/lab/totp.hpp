// Codes of an authenticator app by the clock of the target.
#pragma once

#include "client-sim/lab/totp.hpp"
#include "conformance/lab/lab.hpp"

#include <cstdint>

namespace deskcheck::conformance {

using sim::is_totp_secret;
using sim::kTotpStep;
using sim::totp_code;

// Unix seconds. Servers of the suite live in its world, which has begun with the year 1970; all
// others are expected to know what time it is.
std::int64_t target_time(const Lab& lab);
// Until the target's clock has come to the next step: a code of it was in no use before.
Task<void> wait_for_totp_step(Lab& lab);

}  // namespace deskcheck::conformance
