#include "client-sim/channel/secrets.hpp"

#include <gtest/gtest.h>

namespace deskcheck::sim {
namespace {

TEST(Secrets, AreHiddenInEveryForm) {
  Secrets secrets;
  secrets.add("pass \"word\"");
  EXPECT_EQ(secrets.hide(R"(/x?p=pass%20%22word%22 {"p":"pass \"word\""} pass "word"!)"),
            R"(/x?p=*** {"p":"***"} ***!)");
  EXPECT_EQ(secrets.hide("nothing of it"), "nothing of it");
}

TEST(Secrets, TheLongerOneGoesFirst) {
  Secrets secrets;
  secrets.add("Bearer");
  secrets.add("Bearer 1234");
  EXPECT_EQ(secrets.hide("Bearer 1234, Bearer"), "***, ***");
}

TEST(Secrets, ThatStandEverywhereStay) {
  Secrets secrets;
  secrets.add("");
  secrets.add("abc");
  EXPECT_EQ(secrets.hide("abcabc"), "abcabc");
}

TEST(Secrets, MayLookLikeWhatHidesThem) {
  Secrets secrets;
  secrets.add("****");
  EXPECT_EQ(secrets.hide("a*******"), "a******");
}

}  // namespace
}  // namespace deskcheck::sim
