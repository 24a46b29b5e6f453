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

// Real ids: areas with groups and without.
std::string mistake_in_suite(std::string case_id, std::string requirement) {
  static const Registry registry = Registry::built_in();
  static const std::vector<Case> cases{make_case("api/login/right", {"HTTP-LOGIN-01"}),
                                       make_case("api/login/wrong", {"HTTP-LOGIN-02"}),
                                       make_case("relay-request/plain", {"RLR-REQ-05"}),
                                       make_case("robustness/garbage", {"ROB-05"})};
  const auto found = find_name_mistake(entry(std::move(case_id), std::move(requirement)),
                                       known_cases(cases, registry));
  return found ? std::string(found->key) + ": " + found->text : "";
}

TEST(BaselineNames, PatternsNameAGroup) {
  EXPECT_EQ(mistake_in_suite("api/login/*", ""), "");
  EXPECT_EQ(mistake_in_suite("relay-request/*", ""), "");  // an area that has no groups
  EXPECT_EQ(mistake_in_suite("", "HTTP-LOGIN-*"), "");
  EXPECT_EQ(mistake_in_suite("", "ROB-*"), "");
  EXPECT_THAT(mistake_in_suite("api/*", ""),
              HasSubstr("case: 'api/*' is too wide; write its group"));
  EXPECT_THAT(mistake_in_suite("api/lo*", ""), HasSubstr("too wide"));
  EXPECT_THAT(mistake_in_suite("", "HTTP-*"), HasSubstr("requirement: 'HTTP-*' is too wide"));
}

TEST(BaselineNames, BesideANarrowNameTheAreaIsEnough) {
  EXPECT_EQ(mistake_in_suite("api/*", "HTTP-LOGIN-01"), "");
  EXPECT_EQ(mistake_in_suite("api/login/right", "HTTP-*"), "");
  EXPECT_THAT(mistake_in_suite("*", "HTTP-LOGIN-01"), HasSubstr("too wide"));
  EXPECT_THAT(mistake_in_suite("api/*", "HTTP-*"), HasSubstr("too wide"));
}

TEST(BaselineNames, GlobsThatTakeEverythingAreRefused) {
  for (const char* glob : {"*", "**", "*/control", "pu*", "p*/*"})
    EXPECT_THAT(mistake(glob, ""), HasSubstr("case: '" + std::string(glob) + "' is too wide"));
  for (const char* glob : {"*", "RD*", "*-01"})
    EXPECT_THAT(mistake("", glob), HasSubstr("requirement: '" + std::string(glob) + "' is too"));
}

}  // namespace
}  // namespace deskcheck::conformance
