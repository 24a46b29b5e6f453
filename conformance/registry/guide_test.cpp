#include "conformance/registry/guide.hpp"

#include "conformance/registry/registry.hpp"
#include "conformance/registry/test_tables.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace deskcheck::conformance {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const fs::path kDocs = DESKCHECK_DOCS;

// As web sites make it of a heading: lower case, spaces become hyphens, other signs go.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_')
      anchor += static_cast<char>(std::tolower(byte));
    else if (c == ' ')
      anchor += '-';
  }
  return anchor;
}

// "docs/failures/relay.md#pairing" of every page but the list of pages.
std::set<std::string> sections_of_pages() {
  std::set<std::string> sections;
  for (const auto& entry : fs::directory_iterator(kDocs / "failures")) {
    const auto page = entry.path().filename().string();
    if (page == "README.md") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line.starts_with("## "))
        sections.insert("docs/failures/" + page + "#" + anchor_of(line.substr(3)));
  }
  return sections;
}

TEST(Guide, EveryRequirementHasASectionAndEverySectionARequirement) {
  const auto registry = Registry::built_in();
  std::set<std::string> named;
  for (const auto& r : registry.all()) {
    EXPECT_NE(r.guide, "") << r.id;
    named.insert(r.guide);
  }
  EXPECT_EQ(named, sections_of_pages());
}

TEST(Guide, PagesAreShortAndListed) {
  std::ifstream list(kDocs / "failures" / "README.md");
  const std::string listed{std::istreambuf_iterator<char>(list), {}};
  for (const auto& entry : fs::directory_iterator(kDocs / "failures")) {
    const auto page = entry.path().filename().string();
    std::ifstream file(entry.path());
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    EXPECT_LE(lines, 120U) << page;
    if (page == "README.md") continue;
    EXPECT_NE(listed.find("(" + page + ")"), listed.npos) << page;
  }
}

// What a table makes of two requirements: their sections, or the error.
std::vector<std::string> guided(const std::string& rows) {
  auto registry = parse(kHeader + row("RLY-PAIR-01") + row("RLY-PAIR-02")).value();
  std::vector<Requirement> requirements(registry.all().begin(), registry.all().end());
  if (const auto error = apply_guide({"guide.tsv", "pattern\tsection\n" + rows}, requirements))
    return {to_string(*error)};
  return {requirements.at(0).guide, requirements.at(1).guide};
}

TEST(Guide, TheLongestPatternCounts) {
  EXPECT_EQ(guided("RLY-PAIR-02\tb.md#two\nRLY-*\ta.md#one\n"),
            (std::vector<std::string>{"docs/failures/a.md#one", "docs/failures/b.md#two"}));
}

TEST(Guide, MistakesAreOneLine) {
  EXPECT_EQ(guided("RLY*1\ta.md#one\n").front(),
            "guide.tsv:2: 'RLY*1' is not a pattern; write an id, or the beginning of one with '*' "
            "at the end");
  EXPECT_EQ(guided("RLY-*\ta.md\n").front(),
            "guide.tsv:2: 'a.md' is not a section; write it as page.md#heading");
  EXPECT_EQ(guided("RLY-*\ta.md#one\nRLY-PAIR-09\ta.md#one\n").front(),
            "guide.tsv:3: pattern 'RLY-PAIR-09' decides for no requirement; remove the line or "
            "mend the pattern");
}

TEST(Guide, WithoutASectionItStaysEmpty) {
  EXPECT_THAT(guided("RLY-PAIR-01\ta.md#one\n").back(), IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
