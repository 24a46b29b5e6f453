#include "conformance/baseline/sample_cases.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace samples;
using testing::HasSubstr;

std::string mistake(std::string case_id, std::string requirement) {
  const auto found = find_name_mistake(entry(std::move(case_id), std::move(requirement)), known());
  return found ? std::string(found->key) + ": " + found->text : "";
}

TEST(BaselineNames, ThatNameSomethingAreFine) {
  EXPECT_EQ(mistake("punch/control", ""), "");
  EXPECT_EQ(mistake("punch/*", ""), "");
  EXPECT_EQ(mistake("", "RDV-REGPEER-0*"), "");
  EXPECT_EQ(mistake("punch/*", "RDV-REGPEER-02"), "");
}

TEST(BaselineNames, ThatNameNothingGetSuggestions) {
  EXPECT_THAT(mistake("punch/contrl", ""), HasSubstr("did you mean punch/control?"));
  EXPECT_THAT(mistake("", "RDV-REGPEER-1"), HasSubstr("requirement: 'RDV-REGPEER-1' is no"));
  EXPECT_THAT(mistake("relay/one", "RDV-REGPEER-02"), HasSubstr("only RDV-REGPEER-01"));
}

TEST(BaselineNames, GlobsThatTakeEverythingAreRefused) {
  for (const char* glob : {"*", "**", "*/control", "pu*", "p*/*"})
    EXPECT_THAT(mistake(glob, ""), HasSubstr("case: '" + std::string(glob) + "' is too wide"));
  for (const char* glob : {"*", "RD*", "*-01"})
    EXPECT_THAT(mistake("", glob), HasSubstr("requirement: '" + std::string(glob) + "' is too"));
}

}  // namespace
}  // namespace deskcheck::conformance
