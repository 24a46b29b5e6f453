#include "conformance/runner/lack.hpp"

#include "conformance/registry/usage_error.hpp"
#include "conformance/target/capabilities.hpp"
#include "reference-server/capabilities.hpp"

#include <fmt/format.h>

namespace deskcheck::conformance {

Lack lack_named(const std::vector<std::string>& globs, const Registry& registry,
                std::string_view what) {
  const auto optional = optional_capabilities(registry);
  std::set<std::string> without;
  for (const auto& glob : globs) {
    const auto named = capabilities_matching(registry, glob);
    if (named.empty())
      throw UsageError(fmt::format("{} {}: {}; `deskcheck list` shows them", what, glob,
                                   unknown_capability(registry, glob)));
    std::set<std::string> some;
    for (const auto& one : named)
      if (optional.contains(one)) some.insert(one);
    if (some.empty())
      throw UsageError(fmt::format(
          "{} {}: no server can lack it; name another one of `deskcheck list`", what, glob));
    without.merge(some);
  }
  return Lack{server::with_what_needs_them(std::move(without)), true};
}

}  // namespace deskcheck::conformance
