#include "conformance/report/profiles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace deskcheck::conformance {

namespace {

// It belongs to the core of what every server has, and no target can do without it: whoever claims
// nothing else of a profile does not claim the profile.
constexpr std::string_view kUniversal = "framing";

using Verdicts = std::map<std::string, Status>;

struct Row {
  Status status = Status::not_run;
  bool in_run = false;
};

Row row_of(const Requirement& requirement, const Verdicts& verdicts, Level level) {
  const auto found = verdicts.find(requirement.id);
  if (found == verdicts.end() || requirement.level > level) return {};
  return {found->second, true};
}

void count(ProfilePart& part, const std::string& id, Status status) {
  switch (status) {
    case Status::pass:
    case Status::unexpected_pass:
      ++part.passed;
      break;
    case Status::fail:
    case Status::expected_failure:
      part.failing.push_back(id);
      break;
    case Status::not_applicable:
      ++part.not_applicable;
      break;
    case Status::blocked:
    case Status::not_run:
    case Status::harness_error:
    case Status::known_flaky:
      ++part.open;
  }
}

ProfileState state_of(const ProfilePart& part) {
  if (part.not_applicable == part.all()) return ProfileState::not_claimed;
  if (!part.failing.empty()) return ProfileState::failed;
  return part.open > 0 ? ProfileState::not_proven : ProfileState::passed;
}

// A server that lacks a part of the core is not of this kind, however good the rest is.
ProfileState state_of_core(const ProfileVerdict& verdict, bool claims_anything) {
  if (!claims_anything) return ProfileState::not_claimed;
  const auto state = state_of(verdict.core);
  return state == ProfileState::passed && !verdict.lacks.empty() ? ProfileState::not_claimed
                                                                 : state;
}

// What is extended stands on the core.
ProfileState state_of_extended(const ProfileVerdict& verdict) {
  const auto state = state_of(verdict.extended);
  const auto core = verdict.core.state;
  if (core == ProfileState::not_claimed || state == ProfileState::not_claimed)
    return ProfileState::not_claimed;
  if (core == ProfileState::failed || state == ProfileState::failed) return ProfileState::failed;
  return core == ProfileState::not_proven ? core : state;
}

ProfileVerdict judge(const Profile& profile, const Verdicts& verdicts, const Registry& registry,
                     Level level) {
  ProfileVerdict verdict{profile.name, profile.text, true, {}, {}, {}};
  std::set<std::string> wanted, applies;
  for (const auto& requirement : registry.all()) {
    if (requirement.excluded_because || requirement.level == Level::may ||
        !profile.contains(requirement))
      continue;
    const auto row = row_of(requirement, verdicts, level);
    const bool core = profile.is_core(requirement.capability) && requirement.level == Level::must;
    count(core ? verdict.core : verdict.extended, requirement.id, row.status);
    if (!core) continue;
    verdict.in_run = verdict.in_run && row.in_run;
    wanted.insert(requirement.capability);
    if (row.status != Status::not_applicable) applies.insert(requirement.capability);
  }
  std::ranges::set_difference(wanted, applies, std::back_inserter(verdict.lacks));
  applies.erase(std::string(kUniversal));
  verdict.core.state = state_of_core(verdict, !applies.empty());
  verdict.extended.state = state_of_extended(verdict);
  return verdict;
}

}  // namespace

std::string_view to_string(ProfileState state) {
  switch (state) {
    case ProfileState::not_claimed:
      return "not claimed";
    case ProfileState::passed:
      return "passed";
    case ProfileState::failed:
      return "failed";
    case ProfileState::not_proven:
      return "not proven";
  }
  return "";
}

std::string to_text(const ProfilePart& part) {
  const auto with = [&](std::size_t count) {
    return fmt::format("{} ({} of {})", to_string(part.state), count, part.all());
  };
  switch (part.state) {
    case ProfileState::passed:
      return with(static_cast<std::size_t>(part.passed));
    case ProfileState::failed:
      // The core's failure may be all there is.
      return part.failing.empty() ? "failed" : with(part.failing.size());
    case ProfileState::not_proven:
      return part.open == 0 ? "not proven" : with(static_cast<std::size_t>(part.open));
    case ProfileState::not_claimed:
      break;
  }
  return std::string(to_string(part.state));
}

std::vector<ProfileVerdict> judge_profiles(const RunReport& report, const Registry& registry) {
  auto verdicts = judge_requirements(report);
  const auto failing = failing_requirements(report);
  for (auto& [id, status] : verdicts)
    if (status == Status::expected_failure && !failing.contains(id)) status = Status::blocked;
  std::vector<ProfileVerdict> judged;
  for (const auto& profile : built_in_profiles())
    if (report.profiles.empty() || std::ranges::count(report.profiles, profile.name) > 0)
      judged.push_back(judge(profile, verdicts, registry, report.level));
  return judged;
}

std::string profile_table(const std::vector<ProfileVerdict>& verdicts) {
  std::string out;
  for (const auto& one : verdicts) {
    if (!one.in_run) continue;
    std::string core = to_text(one.core);
    // All of them would say no more than "not claimed".
    const bool in_part = one.core.state == ProfileState::not_claimed && one.core.passed > 0;
    if (in_part && one.lacks.size() <= 3)
      core += fmt::format(", lacks {}", fmt::join(one.lacks, " "));
    else if (in_part)
      core += fmt::format(", lacks {} capabilities", one.lacks.size());
    out += fmt::format("{:<28}{:<33} {}\n", one.name, core, to_text(one.extended));
  }
  if (out.empty()) return out;
  return fmt::format("\n{:<28}{:<33} extended\n", "profiles", "core") + out;
}

}  // namespace deskcheck::conformance
