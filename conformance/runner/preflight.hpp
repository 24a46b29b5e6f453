// Before a run against somebody else's server: is anybody there, and does the key fit? Anything
// else that is odd is left to the cases, which tell it better.
#pragma once

#include "conformance/lab/case.hpp"
#include "conformance/runner/result.hpp"
#include "conformance/target/target.hpp"
#include "proto/net/network.hpp"

#include <optional>

namespace deskcheck::conformance {

struct Problem {
  ExitCode code;
  std::string text;  // what, where, how to mend it: one line
};

// Connects to TCP P and asks for an id that nobody has. `from`: the source address.
Task<std::optional<Problem>> preflight(net::World world, Target target, net::Endpoint from);
// The same, in a real world of its own.
std::optional<Problem> preflight_in_real_time(const Target& target,
                                              const boost::asio::ip::address& from);

// Whether a socket can have this address, as it can have those of the machine only.
bool is_on_this_machine(const boost::asio::ip::address& address);

}  // namespace deskcheck::conformance
