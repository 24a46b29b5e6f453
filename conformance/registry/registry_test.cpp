#include "conformance/registry/registry.hpp"

#include "conformance/registry/test_tables.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string error_of(const std::string& requirements,
                     const std::string& exclusions = kNoExclusions) {
  const auto result = parse(requirements, exclusions);
  return result ? "no error" : to_string(result.error());
}

std::vector<std::string> ids(const std::vector<const Requirement*>& requirements) {
  std::vector<std::string> result;
  for (const auto* r : requirements) result.push_back(r->id);
  return result;
}

TEST(RegistryParse, ReadsEveryColumn) {
  const auto registry = parse(kHeader + row("A-B-01", "SHOULD", "[FULL] It answers")).value();
  ASSERT_EQ(registry.all().size(), 1U);
  const auto& r = registry.all()[0];
  EXPECT_EQ(r.id, "A-B-01");
  EXPECT_EQ(r.level, Level::should);
  EXPECT_EQ(r.area, "punch/lan");
  EXPECT_EQ(r.capability, "relay.tcp");
  EXPECT_EQ(r.text, "It answers");
  EXPECT_EQ(r.evidence, "client:a.rs:1");
  EXPECT_EQ(r.oss, "yes");
  EXPECT_EQ(r.harm_class, "offline");
  EXPECT_EQ(r.harm, "It stays offline");
  EXPECT_EQ(r.first_release, "1.2.4");
  EXPECT_EQ(r.last_release, "");
  EXPECT_EQ(r.server_versions, "");
  EXPECT_EQ(r.effect, "read-only");
  EXPECT_EQ(r.transports, "tcp");
  EXPECT_EQ(r.testable, "any virtual-ok");
  EXPECT_EQ(r.basis, "reading");
  EXPECT_TRUE(r.full);
  EXPECT_FALSE(r.client);
  EXPECT_FALSE(r.oss_only);
  EXPECT_EQ(r.excluded_because, std::nullopt);
}

TEST(RegistryParse, KnowsAllMarksAndLevels) {
  const auto registry = parse(kHeader + row("A-B-01", "MAY", "[CLIENT] It asks") +
                              row("A-B-02", "MUST", "[OSS] It prints"))
                            .value();
  EXPECT_TRUE(registry.all()[0].client);
  EXPECT_EQ(registry.all()[0].level, Level::may);
  EXPECT_TRUE(registry.all()[1].oss_only);
  EXPECT_EQ(registry.all()[1].text, "It prints");
}

TEST(RegistryParse, TellsWhereAndHowToMend) {
  EXPECT_THAT(error_of(""), HasSubstr("requirements/a.tsv:1: the header line is wrong; it must "
                                      "name, separated by tabs: id, level, area"));
  EXPECT_THAT(error_of("id\tlevel\n"), HasSubstr("a.tsv:1: the header line is wrong"));
  EXPECT_EQ(error_of(kHeader + "A-B-01\tMUST\n"),
            "requirements/a.tsv:2: 2 columns instead of 16; separate the columns with single tabs, "
            "and leave out empty lines");
  EXPECT_THAT(error_of(kHeader + row("A-B-01") + "\n" + row("A-B-02")),
              HasSubstr("a.tsv:3: 1 columns instead of 16"));
  EXPECT_EQ(error_of(kHeader + row("A-B-01", "MUST", "")),
            "requirements/a.tsv:2: column 'text' is empty; write '-' for no value");
  EXPECT_EQ(error_of(kHeader + row("A-B-01", "must")),
            "requirements/a.tsv:2: unknown level 'must'; write MUST, SHOULD or MAY");
  EXPECT_EQ(error_of(kHeader + row("A-B-01", "MUST", "[FULl] It answers")),
            "requirements/a.tsv:2: unknown mark at the start of the text; write [FULL], [CLIENT] "
            "or [OSS] and a space, or no mark");
}

TEST(RegistryParse, RefusesAnIdTwiceAlsoAcrossFiles) {
  const std::string text = kHeader + row("A-B-01");
  const std::string other = kHeader + row("A-B-02") + row("A-B-01");
  const SourceText files[] = {{"a.tsv", text}, {"b.tsv", other}};
  const auto result = Registry::parse(files, {"exclusions.tsv", kNoExclusions});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(to_string(result.error()),
            "b.tsv:3: id A-B-01 is taken by a.tsv:2; give the new requirement an id that was never "
            "issued");
}

TEST(RegistryParse, ThrowsTheLineForThoseWhoInsist) {
  try {
    parse("").value();
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("requirements/a.tsv:1: "));
  }
}

const std::string kThree = kHeader + row("A-B-01") + row("A-B-02") + row("A-BC-01");

TEST(RegistryExclusions, ExcludeIdsAndBeginnings) {
  const auto registry =
      parse(kThree, kNoExclusions + "A-B-*\tit is late\nA-BC-01\tit is rare\n").value();
  EXPECT_EQ(registry.find("A-B-01")->excluded_because, "it is late");
  EXPECT_EQ(registry.find("A-B-02")->excluded_because, "it is late");
  EXPECT_EQ(registry.find("A-BC-01")->excluded_because, "it is rare");
  EXPECT_THAT(registry.to_cover(), IsEmpty());
}

TEST(RegistryExclusions, LeaveTheRestToCover) {
  const auto registry = parse(kThree, kNoExclusions + "A-B-01\tit is late\n").value();
  EXPECT_THAT(ids(registry.to_cover()), ElementsAre("A-B-02", "A-BC-01"));
}

TEST(RegistryExclusions, TellWhereAndHowToMend) {
  EXPECT_EQ(error_of(kThree, kNoExclusions + "A-B-03\tit is late\n"),
            "exclusions.tsv:2: pattern 'A-B-03' matches no requirement; remove the line or mend "
            "the pattern");
  for (const std::string pattern : {"*", "A-*-01", "A-B-**"}) {
    EXPECT_EQ(error_of(kThree, kNoExclusions + pattern + "\tit is late\n"),
              "exclusions.tsv:2: '" + pattern +
                  "' is not a pattern; write an id, or the beginning of one with '*' at the end");
  }
  EXPECT_EQ(error_of(kThree, kNoExclusions + "A-B-*\tit is late\nA-B-02\tit is rare\n"),
            "exclusions.tsv:3: pattern 'A-B-02' matches A-B-02, which is excluded already; exclude "
            "each requirement once");
  EXPECT_THAT(error_of(kThree, kNoExclusions + "A-B-02\n"),
              HasSubstr("exclusions.tsv:2: 1 columns instead of 2"));
  EXPECT_THAT(error_of(kThree, "A-B-02\tit is late\n"), HasSubstr("exclusions.tsv:1: the header"));
}

TEST(Registry, FindsExactlyAndKeepsTheOrderOfTheFile) {
  const auto registry = parse(kHeader + row("Z-01") + row("A-01") + row("M-01")).value();
  for (const auto* id : {"A-01", "M-01", "Z-01"}) {
    ASSERT_NE(registry.find(id), nullptr);
    EXPECT_EQ(registry.find(id)->id, id);
  }
  EXPECT_EQ(registry.find("A-0"), nullptr);
  EXPECT_EQ(registry.find("a-01"), nullptr);
  EXPECT_EQ(registry.find("ZZ"), nullptr);
  EXPECT_EQ(registry.all()[0].id, "Z-01");
}

TEST(Registry, MatchesIdAreaAndCapability) {
  const auto registry = parse(kThree).value();
  EXPECT_THAT(ids(registry.matching("A-B-*")), ElementsAre("A-B-01", "A-B-02"));
  EXPECT_THAT(registry.matching("punch/*"), testing::SizeIs(3));
  EXPECT_THAT(registry.matching("*.tcp"), testing::SizeIs(3));
  EXPECT_THAT(registry.matching("tcp"), IsEmpty());
}

TEST(Registry, SuggestsNearIds) {
  const auto registry = parse(kThree).value();
  EXPECT_THAT(registry.nearest_ids("a-bc-1", 1), ElementsAre("A-BC-01"));
  EXPECT_THAT(registry.nearest_ids("XYZ"), IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
