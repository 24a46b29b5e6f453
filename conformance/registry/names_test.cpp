// How names are searched: globs and near names.
#include "conformance/registry/glob.hpp"
#include "conformance/registry/nearest.hpp"

#include <gmock/gmock.h>

#include <string>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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

TEST(EditDistance, CountsSingleCharacters) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2U);
  EXPECT_EQ(edit_distance("rdv-regpk", "RDV-REGPK"), 0U);
}

TEST(Nearest, BestFirstThenAlphabetical) {
  const std::string_view names[] = {"RLY-KEY-01", "RDV-REGPK-06", "RDV-REGPK-05", "PCH-PK-05"};
  EXPECT_THAT(nearest("rdv-regpk-5", names, 3), ElementsAre("RDV-REGPK-05", "RDV-REGPK-06"));
  EXPECT_THAT(nearest("RDV-REGPK-07", names, 1), ElementsAre("RDV-REGPK-05"));
  EXPECT_THAT(nearest("--help", names, 3), IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
