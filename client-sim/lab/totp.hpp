// The codes of an authenticator app: RFC 6238 with SHA-1, 6 digits, 30 s.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deskcheck::sim {

inline constexpr std::int64_t kTotpStep = 30;  // seconds

// Whether codes can be made of it: base32, and not empty.
bool is_totp_secret(std::string_view secret);
// The six digits of this moment, in Unix seconds, 0 or later. Throws std::invalid_argument if the
// secret is no base32.
std::string totp_code(std::string_view secret, std::int64_t at);

}  // namespace deskcheck::sim
