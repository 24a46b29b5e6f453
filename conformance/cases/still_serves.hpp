// The barrier after something that a server must survive.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

// Judges `requirement`: others are still served, over UDP and over a new TCP connection. True if
// so.
Task<bool> still_serves(Lab& lab, std::string requirement);

}  // namespace deskcheck::conformance
