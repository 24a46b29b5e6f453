// Scripts that assign a device right after its installation. client:src/core_main.rs:541-696
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

namespace deskcheck::conformance {

// The token that the target lends; not applicable if it lends none.
std::string script_token(const Lab& lab);

// The device that it is about, and one thing to do with it.
boost::json::object assignment(const ApiClient& device, std::string_view name,
                               std::string_view value);
// `rustdesk --assign --token T ...`
Task<Answer<HttpAnswer>> assign(ApiClient& device, boost::json::object body, std::string token);

// client:src/core_main.rs:630-635, whatever the status
MATCHER(PrintsDone, "an empty body") { return arg.arrived() && arg->body.empty(); }
MATCHER(PrintsSomething, "a body that is not empty") {
  return arg.arrived() && arg->body.find_first_not_of(" \t\r\n") != std::string::npos;
}

}  // namespace deskcheck::conformance
