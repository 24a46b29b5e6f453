// Signing in at an identity provider, as the client's background does it: it begins an attempt,
// hands a page to the user's browser, and asks each second whether he is through. What a dialog
// makes of the answer is not here. Source: http-api.md chapter 8; client:src/hbbs_http/account.rs
#pragma once

#include "client-sim/account/answer_classes.hpp"
#include "client-sim/account/http_stacks.hpp"

#include <functional>

namespace deskcheck::sim {

// What the user's browser does with the page: it goes on beside the questions of the client, and is
// ended with them.
using OpenPage = std::function<Task<void>(std::string url)>;

struct SignOnResult {
  std::optional<boost::json::object> answer;  // as a login is answered; then there is no message
  std::string message;                        // what the user reads instead

  SignOnResult() = default;
};

// `host_name` and `os` tell what the client is. Ends 180 s after the first question at the latest.
Task<SignOnResult> sign_on(HttpStacks* stacks, std::string provider, std::string host_name,
                           std::string os, OpenPage open);

// Whether the client can read it: the stricter reader of http-api.md section 1.5. What it cannot
// read it takes for no answer, and asks again.
bool is_auth_body(const boost::json::object& body);

}  // namespace deskcheck::sim
