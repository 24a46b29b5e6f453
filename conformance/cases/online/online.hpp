// The query with which a client colours the dots of its device list.
#pragma once

#include "conformance/lab/query.hpp"

#include <gmock/gmock.h>

#include <set>

namespace deskcheck::conformance {

// Asks on a new connection from `home` to `port`.
Task<Answer<hbb::OnlineResponse>> ask_online(Lab& lab, net::Endpoint home, net::Endpoint port,
                                             std::vector<std::string> ids);
// Ids that nobody has registered.
std::vector<std::string> strangers(Lab& lab, std::size_t count);

// The bitmap for `count` ids of which those at `online` are online: most significant bit first.
std::string bitmap(std::size_t count, const std::set<std::size_t>& online);

MATCHER_P(HasStates, wanted, "an online_response with states " + show_bytes(wanted)) {
  return arg.arrived() && arg->states() == wanted;
}
MATCHER_P(HasStatesOfSize, size,
          "an online_response with " + std::to_string(size) + " bytes of states") {
  return arg.arrived() && arg->states().size() == size;
}
// The bit of the id at this place; the bitmap has to reach that far.
MATCHER_P2(HasState, place, online,
           "an online_response in which the id at place " + std::to_string(place) + " is " +
               (online ? "online" : "offline")) {
  if (!arg.arrived() || arg->states().size() <= std::size_t{place} / 8) return false;
  const auto byte = static_cast<unsigned char>(arg->states()[std::size_t{place} / 8]);
  return ((byte >> (7 - place % 8) & 1U) == 1U) == online;
}

}  // namespace deskcheck::conformance
