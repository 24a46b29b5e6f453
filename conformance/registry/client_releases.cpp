#include "conformance/registry/client_releases.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::conformance {

namespace {

// The tags of the client's repository.
constexpr auto kReleases = std::to_array<std::string_view>(
    {"1.2.1", "1.2.2", "1.2.3", "1.2.3-1", "1.2.3-2", "1.2.4", "1.2.5", "1.2.6", "1.2.7", "1.3.0",
     "1.3.1", "1.3.2", "1.3.3", "1.3.4",   "1.3.5",   "1.3.6", "1.3.7", "1.3.8", "1.3.9", "1.4.0",
     "1.4.1", "1.4.2", "1.4.3", "1.4.4",   "1.4.5",   "1.4.6", "1.4.7", "1.4.8", "1.4.9", "head"});

}  // namespace

std::span<const std::string_view> client_releases() { return kReleases; }

std::optional<std::size_t> client_release_named(std::string_view name) {
  const auto* found = std::ranges::find(kReleases, name);
  if (found == kReleases.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kReleases.begin());
}

bool concerns(const Requirement& requirement, std::size_t release) {
  const auto first = client_release_named(requirement.first_release);
  const auto last = client_release_named(requirement.last_release);
  return (!first || *first <= release) && (!last || release <= *last);
}

}  // namespace deskcheck::conformance
