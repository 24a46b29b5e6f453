// One POST after the other, each on a connection of its own, as clients make them.
#pragma once

#include "bench/measures.hpp"

#include <string>
#include <string_view>

namespace deskcheck::bench {

struct HttpCall {
  std::string target;
  std::string body = {};   // JSON; empty: none
  std::string token = {};  // of a login; empty: none
};

// The body of the answer. Throws std::runtime_error that names the target if there is none within
// ten seconds, or its status is not 200.
std::string call_http(const Load& load, const HttpCall& call);

}  // namespace deskcheck::bench
