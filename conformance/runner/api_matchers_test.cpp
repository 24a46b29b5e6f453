// What cases say about answers of the HTTP API, where a careless matcher would blame a right server
// or praise a silent one.
#include "conformance/lab/api_matchers.hpp"
#include "conformance/lab/legacy_book.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

TEST(ApiMatchers, SilenceIsNotSomethingElse) {
  HttpAnswer found;
  found.status = 200;
  const net::Result<HttpAnswer> error =
      boost::asio::error::make_error_code(boost::asio::error::timed_out);
  const Answer<HttpAnswer> answer(found, nullptr, "answer");
  const Answer<HttpAnswer> silence(error, nullptr, "answer");
  EXPECT_THAT(answer, IsNot(HasStatus(404)));
  EXPECT_THAT(answer, testing::Not(IsNot(HasStatus(200))));
  EXPECT_THAT(silence, testing::Not(IsNot(HasStatus(404))));
  EXPECT_EQ(testing::DescribeMatcher<const Answer<HttpAnswer>&>(IsNot(HasStatus(404))),
            "anything but HTTP status 404");
}

TEST(ApiMatchers, ColoursOfALegacyBookMayBeWrittenAnew) {
  LegacyView view;
  view.stored = true;
  view.data = boost::json::parse(R"({"tags": ["a"], "tag_colors": "{\"a\": 1,  \"b\": 2}"})");
  const auto with = [](const char* text) { return boost::json::parse(text).as_object(); };
  EXPECT_THAT(view, HoldsBook(with(R"({"tags":["a"],"tag_colors":"{\"b\":2,\"a\":1}"})")));
  EXPECT_THAT(view, testing::Not(HoldsBook(with(R"({"tags":["a"],"tag_colors":"{\"a\":1}"})"))));
  EXPECT_THAT(view, HoldsBook(with(R"({"tags":["a"]})")));
  EXPECT_THAT(view, testing::Not(HoldsBook(with(R"({"tags":["a","b"]})"))));
  EXPECT_THAT(view, testing::Not(HoldsBook(with(R"({"tags":["a"],"peers":[]})"))));
}

}  // namespace
}  // namespace deskcheck::conformance
