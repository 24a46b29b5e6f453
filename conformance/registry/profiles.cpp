#include "conformance/registry/profiles.hpp"

#include "conformance/registry/embedded.hpp"
#include "conformance/registry/glob.hpp"
#include "conformance/registry/table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace deskcheck::conformance {

namespace {

constexpr std::array<std::string_view, 4> kColumns{"profile", "core", "extended", "text"};

std::vector<std::string> globs_of(std::string_view cell) {
  std::vector<std::string> globs;
  if (cell == "-") return globs;
  while (!cell.empty()) {
    const auto end = std::min(cell.find(' '), cell.size());
    if (end > 0) globs.emplace_back(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return globs;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view name) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return glob_matches(glob, name); });
}

std::string listed(const std::vector<std::string>& names) {
  if (names.empty()) return "  nothing more\n";
  std::string out;
  for (const auto& name : names) out += "  " + name + "\n";
  return out;
}

}  // namespace

bool Profile::is_core(std::string_view capability) const { return any_matches(core, capability); }

bool Profile::contains(const Requirement& requirement) const {
  return is_core(requirement.capability) || any_matches(extended, requirement.capability);
}

std::vector<Profile> built_in_profiles() { return parse_profiles(embedded_profiles()).value(); }

DataResult<std::vector<Profile>> parse_profiles(SourceText source) {
  const auto rows = parse_table(source, kColumns);
  if (!rows) return rows.error();
  std::vector<Profile> profiles;
  for (const auto& row : *rows) {
    Profile profile{std::string(row.cells[0]), std::string(row.cells[3]), globs_of(row.cells[1]),
                    globs_of(row.cells[2])};
    if (find_profile(profiles, profile.name))
      return DataError{std::string(source.file), row.line,
                       "profile '" + profile.name + "' occurs twice", "remove one of the rows"};
    if (profile.core.empty())
      return DataError{std::string(source.file), row.line,
                       "profile '" + profile.name + "' has no core",
                       "name the capabilities without which no server is of that kind"};
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

const Profile* find_profile(std::span<const Profile> profiles, std::string_view name) {
  const auto found = std::ranges::find(profiles, name, &Profile::name);
  return found == profiles.end() ? nullptr : &*found;
}

ProfileCapabilities capabilities_of(const Profile& profile, const Registry& registry) {
  std::set<std::string> core, extended;
  for (const auto& requirement : registry.all())
    if (profile.contains(requirement))
      (profile.is_core(requirement.capability) ? core : extended).insert(requirement.capability);
  return {{core.begin(), core.end()}, {extended.begin(), extended.end()}};
}

std::string explain(const Profile& profile, const Registry& registry) {
  const auto capabilities = capabilities_of(profile, registry);
  std::map<Level, std::size_t> core, extended;
  for (const auto& requirement : registry.all())
    if (profile.contains(requirement))
      ++(profile.is_core(requirement.capability) ? core : extended)[requirement.level];
  const auto number = [](std::size_t count, const char* what) {
    return std::to_string(count) + " " + what;
  };
  return "profile " + profile.name + ": " + profile.text +
         "\n\nCore: " + number(core[Level::must], "MUST requirements of\n") +
         listed(capabilities.core) +
         "\nExtended: " + number(core[Level::should], "SHOULD requirements of those, and ") +
         number(extended[Level::must], "MUST and ") +
         number(extended[Level::should], "SHOULD requirements of\n") +
         listed(capabilities.extended) + "\nRun it alone: deskcheck run --profile " + profile.name +
         "\n";
}

}  // namespace deskcheck::conformance
