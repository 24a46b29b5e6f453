// How names are searched.
#include "conformance/registry/glob.hpp"

#include <gtest/gtest.h>

namespace deskcheck::conformance {
namespace {

TEST(Glob, StarStandsForAnyText) {
  EXPECT_TRUE(glob_matches("RDV-*", "RDV-REGPK-05"));
  EXPECT_TRUE(glob_matches("*-05", "RDV-REGPK-05"));
  EXPECT_TRUE(glob_matches("RDV-*-05", "RDV-REGPK-05"));
  EXPECT_TRUE(glob_matches("*REG*K*", "RDV-REGPK-05"));
  EXPECT_TRUE(glob_matches("RDV*", "RDV"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("**", "x"));
}

TEST(Glob, EverythingElseStandsForItself) {
  EXPECT_TRUE(glob_matches("relay.tcp", "relay.tcp"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("relay.tcp", "relay-tcp"));
  EXPECT_FALSE(glob_matches("RDV", "RDV-REGPK-05"));
  EXPECT_FALSE(glob_matches("rdv-*", "RDV-REGPK-05"));
  EXPECT_FALSE(glob_matches("*-05", "RDV-REGPK-051"));
  EXPECT_FALSE(glob_matches("", "x"));
  EXPECT_FALSE(glob_matches("x", ""));
}

TEST(Glob, GoesBackToTheLastStar) {
  EXPECT_TRUE(glob_matches("*ab", "aab"));
  EXPECT_TRUE(glob_matches("*ab*ab", "abxabab"));
  EXPECT_FALSE(glob_matches("*ab*ab", "ab"));
}

TEST(Glob, ManyStarsAreNotSlow) {
  std::string glob;
  for (int i = 0; i < 50; ++i) glob += "*a";
  EXPECT_FALSE(glob_matches(glob + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace deskcheck::conformance
