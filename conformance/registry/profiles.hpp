// Profiles: what a server is for, in a word, and which requirements that is made of. Knows neither
// runs nor verdicts (conformance/report/profiles.hpp).
#pragma once

#include "conformance/registry/registry.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

struct Profile {
  std::string name;  // "address-book"
  std::string text;  // what it is for, without full stop
  // Globs over capabilities: without these no server is of that kind, and what it may have besides.
  std::vector<std::string> core;
  std::vector<std::string> extended;

  bool is_core(std::string_view capability) const;
  // Core or extended.
  bool contains(const Requirement& requirement) const;
};

// The data compiled into this program: profiles.tsv, in its order. Throws std::runtime_error when
// they are malformed, which the tests of this folder rule out.
std::vector<Profile> built_in_profiles();

// Columns profile, core, extended and text; globs are separated by spaces, "-" is none. The first
// thing wrong is the error: a malformed table, a name that occurs twice.
DataResult<std::vector<Profile>> parse_profiles(SourceText source);

// The profile of that name; null if there is none.
const Profile* find_profile(std::span<const Profile> profiles, std::string_view name);

// Capabilities of requirements that are core to the profile, and of those that are extended only.
struct ProfileCapabilities {
  std::vector<std::string> core, extended;  // sorted
};
ProfileCapabilities capabilities_of(const Profile& profile, const Registry& registry);

// What a person wants to know about it, as text for a terminal.
std::string explain(const Profile& profile, const Registry& registry);

}  // namespace deskcheck::conformance
