// The names of what a server can be able to do.
#pragma once

#include "conformance/registry/registry.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

// Those that a glob names.
std::vector<std::string> capabilities_matching(const Registry& registry, std::string_view glob);
// All that a server may lack: not the framing of messages, without which there is none, and not
// what binds the client.
std::set<std::string> optional_capabilities(const Registry& registry);
// "no capability is called 'relay.tpc', did you mean relay.tcp?"
std::string unknown_capability(const Registry& registry, const std::string& name);

}  // namespace deskcheck::conformance
