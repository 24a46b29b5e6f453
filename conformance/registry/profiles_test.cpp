#include "conformance/registry/profiles.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BuiltInProfiles : public testing::Test {
 protected:
  const Registry registry_ = Registry::built_in();
  const std::vector<Profile> profiles_ = built_in_profiles();

  bool any_but_full(const Requirement& requirement) const {
    for (const auto& profile : profiles_)
      if (profile.name != "full" && profile.contains(requirement)) return true;
    return false;
  }
};

TEST_F(BuiltInProfiles, HaveTheirNames) {
  std::vector<std::string> names;
  for (const auto& profile : profiles_) names.push_back(profile.name);
  EXPECT_THAT(names, ElementsAre("rendezvous", "relay", "api-login", "address-book", "groups",
                                 "push", "audit", "recording", "websocket", "full"));
}

// Whoever adds a capability says here what a server that has it is for.
TEST_F(BuiltInProfiles, EveryRequirementIsOfOneBesideFull) {
  for (const auto& requirement : registry_.all())
    EXPECT_TRUE(any_but_full(requirement))
        << requirement.id << ": add " << requirement.capability << " to profiles.tsv";
}

TEST_F(BuiltInProfiles, EveryPatternNamesACapability) {
  for (const auto& profile : profiles_)
    for (const auto* globs : {&profile.core, &profile.extended})
      for (const auto& glob : *globs) {
        Profile alone{"alone", "", {glob}, {}};
        EXPECT_THAT(capabilities_of(alone, registry_).core, Not(IsEmpty()))
            << profile.name << ": " << glob;
      }
}

// A core without a MUST would be fulfilled by anybody.
TEST_F(BuiltInProfiles, EveryCoreCapabilityHasAMust) {
  for (const auto& profile : profiles_) {
    if (profile.name == "full") continue;
    for (const auto& capability : capabilities_of(profile, registry_).core) {
      int musts = 0;
      for (const auto& requirement : registry_.all())
        musts += requirement.capability == capability && requirement.level == Level::must &&
                 !requirement.excluded_because;
      EXPECT_GT(musts, 0) << profile.name << ": " << capability;
    }
  }
}

TEST_F(BuiltInProfiles, FullIsEverything) {
  const auto* full = find_profile(profiles_, "full");
  ASSERT_NE(full, nullptr);
  for (const auto& requirement : registry_.all()) EXPECT_TRUE(full->contains(requirement));
}

TEST_F(BuiltInProfiles, AreExplained) {
  const auto* push = find_profile(profiles_, "push");
  ASSERT_NE(push, nullptr);
  const auto text = explain(*push, registry_);
  EXPECT_THAT(text, HasSubstr("profile push: devices report"));
  EXPECT_THAT(text, HasSubstr("MUST requirements of\n  api.device.heartbeat\n"));
  EXPECT_THAT(text, HasSubstr("\n  api.switch.grant\n"));
  EXPECT_THAT(text, HasSubstr("deskcheck run --profile push\n"));
}

std::string mistake(std::string_view rows) {
  const auto text = "profile\tcore\textended\ttext\n" + std::string(rows);
  const auto parsed = parse_profiles({"p.tsv", text});
  return parsed ? "" : parsed.error().what;
}

TEST(Profiles, MistakesAreTold) {
  EXPECT_EQ(mistake("a\tx y\t-\tt\nb\tx\tz.*\tt\n"), "");
  EXPECT_EQ(mistake("a\tx\t-\tt\na\ty\t-\tt\n"), "profile 'a' occurs twice");
  EXPECT_EQ(mistake("a\t-\tx\tt\n"), "profile 'a' has no core");
}

TEST(Profiles, ContainWhatTheyName) {
  const Profile profile{"a", "", {"api.x", "api.y.*"}, {"z"}};
  EXPECT_TRUE(profile.is_core("api.x"));
  EXPECT_TRUE(profile.is_core("api.y.z"));
  EXPECT_FALSE(profile.is_core("z"));
  Requirement requirement;
  requirement.capability = "z";
  EXPECT_TRUE(profile.contains(requirement));
  requirement.capability = "api.y";
  EXPECT_FALSE(profile.contains(requirement));
}

}  // namespace
}  // namespace deskcheck::conformance
