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

TEST(Hook, PlacesPickElementsOfLists) {
  const auto answer = json::parse(
      R"({"data":[1,{"id":5,"name":"a b/c"},{"id":6,"name":"x~=]"},{"id":7,"a/b":{"c":1}}]})");
  const auto found = [&](const std::string& place) {
    const auto value = found_at(answer, place, kArguments);
    return value ? json::serialize(*value) : "nothing";
  };
  EXPECT_EQ(found("/data/[name=${device}]/id"), "5");
  EXPECT_EQ(found("/data/[name=x~0=]]/id"), "6");
  EXPECT_EQ(found("/data/[id=7]/a~1b/c"), "1");
  EXPECT_EQ(found("/data/0"), "1");
  for (const char* place : {"/data/4", "/data/-1", "/data/x", "/data/[id=8]", "/data/0/a", "/[a=b]",
                            "/data/[name=${unknown}]", "/data/[id]", "/"})
    EXPECT_EQ(found(place), "nothing") << place;
}

TEST(Hook, PlacesTakeAllElementsOfAList) {
  const auto answer = json::parse(
      R"({"data":[{"id":5,"tags":["a"]},3,{"id":6,"tags":["b","c"]},{"tags":[]}],"*":{"x":1}})");
  const auto found = [&](const std::string& place) {
    const auto value = found_at(answer, place, kArguments);
    return value ? json::serialize(*value) : "nothing";
  };
  EXPECT_EQ(found("/data/*/id"), "[5,6]");
  EXPECT_EQ(found("/data/*/tags/*"), R"([["a"],["b","c"],[]])");
  EXPECT_EQ(found("/data/*/name"), "[]");
  EXPECT_EQ(found("/data/[id=6]/tags/*"), R"(["b","c"])");
  EXPECT_EQ(found("/*/x"), "1");  // of an object, it is a name as any other
  EXPECT_EQ(found("/data/0/*"), "nothing");
}

TEST(Hook, NamesWithoutAValueAreKnown) {
  const auto body = json::parse(R"({"a":["${x}","${device} ${y}"],"${z}":1,"b":"${"})");
  EXPECT_EQ(missing_in(body, kArguments), (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(is_something(nullptr));
  for (const char* nothing : {"null", "\"\"", "[]", "{}"}) {
    const auto value = json::parse(nothing);
    EXPECT_FALSE(is_something(&value)) << nothing;
  }
  for (const char* something : {"0", "false", "\"a\"", "[0]"}) {
    const auto value = json::parse(something);
    EXPECT_TRUE(is_something(&value)) << something;
  }
}

TEST(Hook, MembersHaveTheNamesOfTheSuite) {
  const auto answer = json::parse(R"([{"a":{"b":7},"file":"x"},{"file":"y"},3])");
  EXPECT_EQ(renamed(answer, {{"size", "/a/b"}}),
            json::parse(R"([{"a":{"b":7},"file":"x","size":7},{"file":"y"},3])"));
  EXPECT_EQ(renamed(json::parse(R"({"s":"z"})"), {{"file", "/s"}}),
            json::parse(R"({"s":"z","file":"z"})"));
  EXPECT_EQ(renamed(json::parse(R"({"a":1,"b":2,"y":[3],"p":4})"),
                    {{"x/one", "/a"}, {"x/two/deep", "/b"}, {"y/three", "/b"}, {"p/q", "/none"}}),
            json::parse(R"({"a":1,"b":2,"y":{"three":2},"p":4,"x":{"one":1,"two":{"deep":2}}})"));
}

}  // namespace

}  // namespace deskcheck::conformance
