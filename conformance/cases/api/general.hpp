// What cases of the API share: questions as somebody might get them wrong.
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

namespace deskcheck::conformance {

// The body with members that no server knows today, as clients of tomorrow send them.
boost::json::object of_tomorrow(boost::json::object body);

// Judges `requirement`: somebody else still gets the login options in time. True if so.
Task<bool> api_still_serves(Lab& lab, const ApiClient& client, std::string requirement);

}  // namespace deskcheck::conformance
