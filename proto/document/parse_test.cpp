#include "proto/document/document.hpp"

#include <gmock/gmock.h>
#include <boost/json/serialize.hpp>

namespace deskcheck::document {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string json_of(std::string_view text) {
  const auto document = parse(text, "f.yaml");
  return document ? boost::json::serialize(document->json()) : to_string(document.error());
}

std::string mistake_of(std::string_view text) {
  const auto document = parse(text, "f.yaml");
  return document ? "none" : to_string(document.error());
}

TEST(Parse, MappingsListsAndScalars) {
  EXPECT_EQ(json_of("a: 1\nb: [x, 2.5, true, null]\nc:\n  - d: 'e: f'\n"),
            R"({"a":1,"b":["x",2.5E0,true,null],"c":[{"d":"e: f"}]})");
}

TEST(Parse, ScalarsAreReadAsInYaml12) {
  EXPECT_EQ(json_of("[yes, 0123, 0x1F, 0o17, -7, +7, 1e3, .5, '1', \"2\", ~, .inf, -, 1_000]"),
            R"(["yes","0123",31,"0o17",-7,7,1E3,".5","1","2",null,".inf","-","1_000"])");
  EXPECT_EQ(json_of("[18446744073709551615, 0, -0, 00, !!str 5, 1., 1e999]"),
            R"([18446744073709551615,0,0,"00","5",1E0,"1e999"])");
}

TEST(Parse, ByteOrderMarkAndWindowsLineEndsAreFine) {
  EXPECT_EQ(json_of("\xEF\xBB\xBF"
                    "a: b\r\nc: d\r\n"),
            R"({"a":"b","c":"d"})");
}

TEST(Parse, EveryValueKnowsItsPlaceAndHowItWasWritten) {
  const auto document = parse("name: x\nsteps:\n  - wait: 2.10\n  - {send: y}\n", "f.yaml");
  const auto steps = *document->root().find("steps");
  EXPECT_EQ(steps.key_place(), (Place{2, 1}));
  const auto items = steps.children();
  ASSERT_EQ(items.size(), 2U);
  const auto wait = *items[0].find("wait");
  EXPECT_EQ(wait.key(), "wait");
  EXPECT_EQ(wait.key_place(), (Place{3, 5}));
  EXPECT_EQ(wait.place(), (Place{3, 11}));
  EXPECT_EQ(wait.written(), "2.10");
  const auto send = *items[1].find("send");
  EXPECT_EQ(send.place(), (Place{4, 12}));
  EXPECT_EQ(send.text(), "y");
  EXPECT_FALSE(items[1].find("wait"));
}

TEST(Parse, CursorsKeepTheDocumentAlive) {
  std::optional<Cursor> cursor;
  {
    auto document = parse("a: b", "f.yaml");
    cursor = document->root().find("a");
  }
  EXPECT_EQ(to_string(cursor->mistake("wrong")), "f.yaml:1:4: wrong");
}

TEST(Parse, AliasesCopy) {
  EXPECT_EQ(json_of("a: &x {k: 1}\nb: *x\n"), R"({"a":{"k":1},"b":{"k":1}})");
}

TEST(Parse, OneClearMistakeEach) {
  EXPECT_EQ(mistake_of(""), "f.yaml: the file is empty");
  EXPECT_EQ(mistake_of("# only a comment\n"), "f.yaml: the file is empty");
  EXPECT_EQ(mistake_of("a: 1\n---\nb: 2\n"),
            "f.yaml:3:1: a second document begins here; write one document for each file: remove "
            "the '---'");
  EXPECT_EQ(mistake_of("a: 1\nb: 2\na: 3\n"),
            "f.yaml:3:1: the key 'a' is here twice; it stands in line 1 already; keep one of them");
  EXPECT_EQ(mistake_of("a:\n\tb: 1\n"),
            "f.yaml:2:1: a tab at the start of the line; indent with spaces");
  EXPECT_EQ(mistake_of("a: \xFF\n"), "f.yaml:1:4: this is not UTF-8; save the file as UTF-8");
  EXPECT_THAT(mistake_of(std::string_view("a: \0", 4)), HasSubstr("1:4: a control character"));
  EXPECT_THAT(mistake_of("a: !!binary x\n"), HasSubstr("the tag tag:yaml.org,2002:binary"));
  EXPECT_THAT(mistake_of("? [a]\n: b\n"), HasSubstr("a list or a mapping as a key"));
  EXPECT_THAT(mistake_of("a: *b\n"), HasSubstr("1:4: an alias of an anchor that does not exist"));
  EXPECT_THAT(mistake_of("a: &a [*a]\n"), HasSubstr("an alias within the value that it names"));
}

TEST(Parse, BrokenYamlIsExplained) {
  EXPECT_THAT(mistake_of("a: b: c\n"), HasSubstr("1:5: a ':' where no value can begin"));
  EXPECT_THAT(mistake_of("a: [1, 2\nb: 3\n"), HasSubstr("the '[' has no end"));
  EXPECT_THAT(mistake_of("a: \"b\n"), HasSubstr("the quotes have no end"));
  EXPECT_THAT(mistake_of("a: 'b\n\n"), HasSubstr("the quotes have no end"));
  EXPECT_EQ(json_of("a: 'b' # \"\n"), R"({"a":"b"})");
  EXPECT_EQ(json_of("a: |\n  b\n\n"), R"({"a":"b\n"})");
  EXPECT_THAT(mistake_of("a:\n  - b\n c: d\n"), HasSubstr("check the indentation"));
  EXPECT_THAT(mistake_of("a: @b\n"), HasSubstr("a character that cannot begin a value"));
  EXPECT_THAT(mistake_of("a: \"\\x\n"), HasSubstr("2:1: ")) << "not behind the end";
}

TEST(Parse, EveryTextIsUtf8) {
  for (const char* escape : {"\\N", "\\_"})
    EXPECT_THAT(mistake_of("a: [b, \"c" + std::string(escape) + "\"]\n"),
                HasSubstr("1:8: an escape that YAML readers disagree about"));
  EXPECT_EQ(json_of("a: \"\\x85\\u00a0\\L\"\n"), "{\"a\":\"\xC2\x85\xC2\xA0\xE2\x80\xA8\"}");
}

TEST(Parse, LimitsEndWhatNobodyWrites) {
  EXPECT_THAT(mistake_of(std::string(kLongestText + 1, 'a')),
              HasSubstr("at most 1048576 are read"));
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(mistake_of(nested(kDeepest)), "none");
  EXPECT_THAT(mistake_of(nested(kDeepest + 1)), HasSubstr("more than 64 levels"));
  EXPECT_THAT(mistake_of(nested(50'000)), HasSubstr("more than 64 levels"));
  std::string many = "[";
  for (std::size_t i = 0; i <= kMostValues; ++i) many += "1,";
  EXPECT_THAT(mistake_of(many + "1]"), HasSubstr("more than 50000 values"));
  EXPECT_THAT(mistake_of(std::string(kLongestKey + 1, 'k') + ": 1"),
              HasSubstr("a key of 257 bytes"));
}

TEST(Parse, AliasesThatMultiplyAreStopped) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before +
            "]\n";
  }
  EXPECT_THAT(mistake_of(bomb), HasSubstr("more than 50000 values"));

  std::string heavy = "a: &a " + std::string(100'000, 'x') + "\nb: [";
  for (int i = 0; i < 1000; ++i) heavy += "*a,";
  EXPECT_THAT(mistake_of(heavy + "1]"), HasSubstr("aliases that copy more than"));
}

TEST(Parse, EveryPrefixOfAFileEndsInAValueOrAMistake) {
  const std::string file =
      "a: &x {k: [1, 'two', \"thr\\u0065e\"]}\nb: *x\nc: |\n  text\n  more\nd: >-\n  folded\n? "
      "e\n: f\n";
  for (std::size_t size = 0; size <= file.size(); ++size) {
    const auto document = parse(file.substr(0, size), "f.yaml");
    if (!document) {
      EXPECT_THAT(to_string(document.error()), StartsWith("f.yaml"));
    }
  }
}

TEST(Parse, ChildrenOfScalarsAreNone) {
  const auto document = parse("just text", "f.yaml");
  EXPECT_THAT(document->root().children(), ElementsAre());
  EXPECT_FALSE(document->root().find("a"));
  EXPECT_EQ(document->root().text(), "just text");
}

}  // namespace
}  // namespace deskcheck::document
