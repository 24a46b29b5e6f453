// The names of the control hooks, and what the suite says to each: what stands for ${NAME} in it.
// What they do and answer is said in target.schema.json, which people read.
#pragma once

#include <set>
#include <string>

namespace deskcheck::conformance {

// Empty for a hook that takes nothing, and for a name that is no hook's.
std::set<std::string> hook_arguments(const std::string& hook);
// All names, for a test that the schema knows the same.
std::set<std::string> hook_names();

}  // namespace deskcheck::conformance
