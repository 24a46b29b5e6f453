// Identifiers that nobody can guess.
#pragma once

#include "proto/net/random.hpp"

#include <string>

namespace deskcheck::server::api {

// A UUID of version 4: 122 random bits, safe as a segment of a path.
std::string new_guid(net::Random& random);

}  // namespace deskcheck::server::api
