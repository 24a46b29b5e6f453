// The secret of a second factor: as it is made, and as apps take it from a picture. Whether a code
// is right is decided elsewhere.
#pragma once

#include "proto/net/random.hpp"

#include <string>
#include <string_view>

namespace deskcheck::server::identity {

// 160 bits in base32, without padding.
std::string make_totp_secret(net::Random& random);
// "otpauth://totp/..." for an app; the name of the account is a text for people.
std::string totp_uri(std::string_view account, std::string_view secret);

}  // namespace deskcheck::server::identity
