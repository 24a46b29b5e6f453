#include "proto/document/mistake.hpp"

#include <gmock/gmock.h>

namespace deskcheck::document {
namespace {

TEST(LineOf, LinesCountFromOne) {
  EXPECT_EQ(line_of("a\nb\r\nc", 1), "a");
  EXPECT_EQ(line_of("a\nb\r\nc", 2), "b");
  EXPECT_EQ(line_of("a\nb\r\nc", 3), "c");
  EXPECT_EQ(line_of("a\nb\r\nc", 4), "");
  EXPECT_EQ(line_of("", 1), "");
}

TEST(Render, OneLineThenTheSpot) {
  const Mistake mistake{
      "f.yaml", {12, 5}, "unknown key 'exepct'", "did you mean 'expect'?", "  - exepct: x"};
  EXPECT_EQ(render(mistake),
            "f.yaml:12:5: unknown key 'exepct'; did you mean 'expect'?\n"
            "    12 |   - exepct: x\n"
            "       |     ^\n");
}

TEST(Render, WithoutAPlaceThereIsNoSpot) {
  EXPECT_EQ(render(Mistake{"f.yaml", {}, "the file is empty", {}, {}}),
            "f.yaml: the file is empty\n");
}

TEST(Render, TheCaretStandsBelowCharactersNotBytes) {
  const Mistake mistake{"f", {1, 8}, "wrong", {}, "\tä\xE2\x82\xAC: x"};
  EXPECT_EQ(render(mistake), "f:1:8: wrong\n    1 | \tä\xE2\x82\xAC: x\n      | \t   ^\n");
}

TEST(Render, NothingThatATerminalObeys) {
  const Mistake mistake{"f", {1, 3}, "wrong \x1B[2J \xC2\x9B", {}, "a \x1B]0;\xFF"};
  EXPECT_EQ(render(mistake), "f:1:3: wrong ?[2J ?\n    1 | a ?]0;?\n      |   ^\n");
}

TEST(Render, OfALongLineOnlyWhatIsNear) {
  const Mistake mistake{
      "f", {1, 501}, "wrong", {}, std::string(500, 'a') + "X" + std::string(500, 'b')};
  const auto text = render(mistake);
  EXPECT_LT(text.size(), 400U);
  const auto line = text.find("...aa");
  const auto caret_line = text.rfind("      | ");
  ASSERT_NE(line, text.npos);
  const auto start = text.find("    1 | ");
  EXPECT_EQ(text.find('X') - start, text.find('^') - caret_line);
}

}  // namespace
}  // namespace deskcheck::document
