#include "conformance/registry/client_releases.hpp"

#include <gtest/gtest.h>

namespace deskcheck::conformance {
namespace {

bool concerns_release(std::string first, std::string last, std::string_view release) {
  Requirement requirement;
  requirement.first_release = std::move(first);
  requirement.last_release = std::move(last);
  return concerns(requirement, client_release_named(release).value());
}

TEST(ClientReleases, AreOrderedAsTheyCameOut) {
  EXPECT_LT(client_release_named("1.2.3-2"), client_release_named("1.2.4"));
  EXPECT_LT(client_release_named("1.4.9"), client_release_named("head"));
  EXPECT_FALSE(client_release_named("1.4"));
  EXPECT_FALSE(client_release_named(""));
}

TEST(ClientReleases, BothEndsBelongToTheSpan) {
  EXPECT_FALSE(concerns_release("1.3.8", "1.4.0", "1.3.7"));
  EXPECT_TRUE(concerns_release("1.3.8", "1.4.0", "1.3.8"));
  EXPECT_TRUE(concerns_release("1.3.8", "1.4.0", "1.4.0"));
  EXPECT_FALSE(concerns_release("1.3.8", "1.4.0", "1.4.1"));
}

TEST(ClientReleases, WithoutEndsItConcernsAll) {
  EXPECT_TRUE(concerns_release("", "", "1.2.1"));
  EXPECT_TRUE(concerns_release("", "", "head"));
  EXPECT_FALSE(concerns_release("head", "", "1.4.9"));
}

}  // namespace
}  // namespace deskcheck::conformance
