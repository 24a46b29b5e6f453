#include "conformance/lab/hook.hpp"

#include <gtest/gtest.h>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

const json::object kArguments{{"device", "a b/c"}, {"connections", {1, 2}}, {"empty", ""}};

TEST(Hook, APathIsPercentEncoded) {
  EXPECT_EQ(filled_in_path("/devices/${device}?of=${device}", kArguments),
            "/devices/a%20b%2Fc?of=a%20b%2Fc");
  EXPECT_EQ(filled_in_path("/x/${empty}/${unknown}/${", kArguments), "/x//${unknown}/${");
}

TEST(Hook, ABodyTakesValuesAsTheyAre) {
  const auto body = json::parse(
      R"({"id":"${device}","ids":["${connections}"],"text":"of ${device}: ${connections}","n":1})");
  EXPECT_EQ(filled_in(body, kArguments), json::parse(R"({"id":"a b/c","ids":[[1,2]],
                                                        "text":"of a b/c: [1,2]","n":1})"));
  EXPECT_EQ(filled_in(json::value("${unknown}"), kArguments), json::value("${unknown}"));
  EXPECT_EQ(filled_in(json::value(nullptr), kArguments), json::value(nullptr));
}

TEST(Hook, MembersHaveTheNamesOfTheSuite) {
  const auto answer = json::parse(R"([{"a":{"b":7},"file":"x"},{"file":"y"},3])");
  EXPECT_EQ(renamed(answer, {{"size", "/a/b"}}),
            json::parse(R"([{"a":{"b":7},"file":"x","size":7},{"file":"y"},3])"));
  EXPECT_EQ(renamed(json::parse(R"({"s":"z"})"), {{"file", "/s"}}),
            json::parse(R"({"s":"z","file":"z"})"));
}

}  // namespace

}  // namespace deskcheck::conformance
