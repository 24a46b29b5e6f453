// Codes that an app makes of a secret and the time: RFC 6238 with SHA-1, 6 digits, 30 s. Values
// only; decides nothing about accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::server::identity {

// The bytes of a secret in base32 (RFC 4648), in any case, with or without padding and spaces;
// nothing for another text, or none.
std::optional<std::string> secret_bytes(std::string_view base32);

// Which of the time steps before, of and after `unix_time` the code belongs to; nothing if to none,
// or if the secret is none. How long it takes tells nothing of the code.
std::optional<std::int64_t> totp_step(std::string_view base32, std::string_view code,
                                      std::int64_t unix_time);
// The code of a time step; for tests, and for whoever has the secret. Empty without a secret.
std::string totp_code(std::string_view base32, std::int64_t step);

constexpr std::int64_t kTotpPeriod = 30;  // seconds

}  // namespace deskcheck::server::identity
