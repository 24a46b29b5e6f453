// The codes of an authenticator app (RFC 6238 with SHA-1, 6 digits, 30 s), and what the clock of
// the target says.
#pragma once

#include "conformance/lab/lab.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

inline constexpr std::int64_t kTotpStep = 30;  // seconds

// Whether codes can be made of it: base32, and not empty.
bool is_totp_secret(std::string_view secret);
// The six digits of this moment, in Unix seconds, 0 or later. Throws std::invalid_argument if the
// secret is no base32.
std::string totp_code(std::string_view secret, std::int64_t at);

// Unix seconds. Servers of the suite live in its world, which has begun with the year 1970; all
// others are expected to know what time it is.
std::int64_t target_time(const Lab& lab);
// Until the target's clock has come to the next step: a code of it was in no use before.
Task<void> wait_for_totp_step(Lab& lab);

}  // namespace deskcheck::conformance
