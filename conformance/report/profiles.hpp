// What a run says about each profile: whether its core holds, and whether all of it does.
#pragma once

#include "conformance/registry/profiles.hpp"
#include "conformance/runner/result.hpp"

#include <string>
#include <vector>

namespace deskcheck::conformance {

enum class ProfileState {
  not_claimed,  // nothing of it applies to the target; of the core: a capability of it does not
  passed,
  failed,
  not_proven,  // something of it was blocked, did not run, or is known to be flaky
};
// "not claimed", "passed", ...
std::string_view to_string(ProfileState state);

// Requirements by what became of them; those without a case are left out.
struct ProfilePart {
  ProfileState state = ProfileState::not_claimed;
  int passed = 0, open = 0, not_applicable = 0;
  std::vector<std::string> failing;  // ids, known failures included

  int all() const { return passed + open + not_applicable + static_cast<int>(failing.size()); }
};
// "passed (60 of 62)", "failed (3 of 62)", "not proven (2 of 62)", "not claimed"
std::string to_text(const ProfilePart& part);

struct ProfileVerdict {
  std::string name, text;  // of the profile
  bool in_run = false;     // every MUST of the core belonged to the run
  ProfilePart core;        // MUST requirements of the core
  // Besides: SHOULD requirements of the core, MUST and SHOULD of what is extended. It holds only if
  // the core does.
  ProfilePart extended;
  std::vector<std::string> lacks;  // capabilities of the core of which nothing applies
};

// In the order of the table. A run that was limited to some profiles tells of those only.
std::vector<ProfileVerdict> judge_profiles(const RunReport& report, const Registry& registry);

// For people: those that are in the run, core and extended side by side; empty if none is.
std::string profile_table(const std::vector<ProfileVerdict>& verdicts);

}  // namespace deskcheck::conformance
