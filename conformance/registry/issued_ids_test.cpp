#include "conformance/registry/issued_ids.hpp"

#include "conformance/registry/embedded.hpp"

#include <gmock/gmock.h>

#include <string>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A registry with the ids A-01 and B-01.
Registry two_requirements() {
  // The embedded files have the header that the parser wants.
  const auto any_file = embedded_requirements()[0].text;
  std::string text(any_file.substr(0, any_file.find('\n') + 1));
  for (const auto* id : {"A-01", "B-01"}) {
    text += id;
    text += "\tMUST\ta\tc\tt\te\tyes\th\th\t-\t-\t-\te\ttcp\tany\treading\n";
  }
  const SourceText file{"a.tsv", text};
  return Registry::parse({&file, 1}, {"exclusions.tsv", "pattern\treason\n"}).value();
}

std::vector<std::string> problems(std::string_view issued) {
  return issued_id_problems(two_requirements(), {"issued-ids.txt", issued});
}

TEST(IssuedIds, ListPresentAndRetiredIds) {
  EXPECT_THAT(problems("A-01\nretired A-02 said twice\nB-01\n"), IsEmpty());
}

TEST(IssuedIds, MissNoRequirement) {
  EXPECT_THAT(problems("A-01\n"),
              ElementsAre("issued-ids.txt: B-01 is missing; insert it in its place"));
  EXPECT_THAT(problems(""), testing::SizeIs(2));
}

TEST(IssuedIds, AreNeverUsedAgain) {
  EXPECT_THAT(problems("retired A-01 said twice\nB-01\n"),
              ElementsAre("issued-ids.txt:1: A-01 is retired but used again; give the new "
                          "requirement an id of its own"));
}

TEST(IssuedIds, DoNotVanishSilently) {
  EXPECT_THAT(problems("A-01\nA-02\nB-01\n"),
              ElementsAre("issued-ids.txt:2: A-02 is no requirement any more; write retired A-02 "
                          "and the reason"));
}

TEST(IssuedIds, AreSortedAndListedOnce) {
  EXPECT_THAT(problems("B-01\nA-01\n"),
              ElementsAre("issued-ids.txt:2: A-01 is not in its place; sort the lines by id"));
  EXPECT_THAT(problems("A-01\nA-01\nB-01\n"),
              ElementsAre("issued-ids.txt:2: A-01 is listed twice; keep one line per id"));
}

TEST(IssuedIds, AreWellFormed) {
  for (const std::string line : {"", "A-02 ", "retired A-02", "retired A-02 ", "retired  reason"}) {
    EXPECT_THAT(problems("A-01\n" + line + "\nB-01\n"),
                ElementsAre("issued-ids.txt:2: '" + line +
                            "' is not an issued id; write ID or retired ID reason"));
  }
}

}  // namespace
}  // namespace deskcheck::conformance
