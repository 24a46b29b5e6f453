#include "conformance/target/capabilities.hpp"

#include "conformance/registry/glob.hpp"
#include "proto/text/nearest.hpp"

#include <algorithm>

namespace deskcheck::conformance {

namespace {

std::set<std::string> all_capabilities(const Registry& registry) {
  std::set<std::string> names;
  for (const auto& requirement : registry.all())
    if (!requirement.capability.empty()) names.insert(requirement.capability);
  return names;
}

}  // namespace

std::vector<std::string> capabilities_matching(const Registry& registry, std::string_view glob) {
  std::vector<std::string> found;
  for (const auto& name : all_capabilities(registry))
    if (glob_matches(glob, name)) found.push_back(name);
  return found;
}

std::set<std::string> optional_capabilities(const Registry& registry) {
  auto names = all_capabilities(registry);
  names.erase("framing");
  names.erase("client");
  return names;
}

std::string unknown_capability(const Registry& registry, const std::string& name) {
  const auto all = all_capabilities(registry);
  const std::vector<std::string_view> names(all.begin(), all.end());
  const auto near = text::nearest(name, names, 1);
  std::string line = "no capability is called '" + name + "'";
  if (!near.empty()) line += ", did you mean " + near.front() + "?";
  return line;
}

}  // namespace deskcheck::conformance
