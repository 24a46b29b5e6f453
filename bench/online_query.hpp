// Asks a server on P-1 which devices are online.
#pragma once

#include "bench/measures.hpp"

#include <vector>

namespace deskcheck::bench {

// For each of the devices from 0 on whether it is online; waits for the answers. Throws
// std::runtime_error if there are none.
std::vector<bool> ask_who_is_online(const Load& load);

}  // namespace deskcheck::bench
