#include "proto/text/nearest.hpp"

#include <gmock/gmock.h>

namespace deskcheck::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EditDistance, CountsSingleCharacters) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2U);
  EXPECT_EQ(edit_distance("nmae", "name"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);
  EXPECT_EQ(edit_distance("rdv-regpk", "RDV-REGPK"), 0U);
}

TEST(Nearest, BestFirstThenAlphabetical) {
  const std::string_view names[] = {"RLY-KEY-01", "RDV-REGPK-06", "RDV-REGPK-05", "PCH-PK-05"};
  EXPECT_THAT(nearest("rdv-regpk-5", names, 3), ElementsAre("RDV-REGPK-05", "RDV-REGPK-06"));
  EXPECT_THAT(nearest("RDV-REGPK-07", names, 1), ElementsAre("RDV-REGPK-05"));
  EXPECT_THAT(nearest("--help", names, 3), IsEmpty());
}

}  // namespace
}  // namespace deskcheck::text
