#include "conformance/report/json.hpp"
#include "conformance/report/junit.hpp"
#include "conformance/report/text.hpp"

#include <boost/json.hpp>

#include <gmock/gmock.h>
#include <pugixml.hpp>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

CaseResult result(std::string id, std::string requirement, Status status) {
  CaseResult made;
  made.id = std::move(id);
  made.status = status;
  made.took = 1500ms;
  Check check;
  check.requirement = std::move(requirement);
  check.status = status;
  check.expected = "a <good> answer";
  check.actual = "bytes \x01\xff & more";
  made.checks.push_back(check);
  if (made.unexpected()) made.transcript = "0.000 s device -> udp hello\n";
  return made;
}

RunReport sample() {
  RunReport report;
  report.version = "1.2.3";
  report.world = "virtual";
  report.seed = 42;
  report.target = "my server";
  report.results = {result("a/b/one", "RDV-REGPK-05", Status::fail),
                    result("a/b/two", "FRM-HDR-01", Status::pass),
                    result("c/three", "FRM-HDR-02", Status::blocked)};
  report.results[0].blame = Blame::target;
  report.results[2].blame = Blame::prerequisite;
  report.results[2].why = "no connection";
  return report;
}

const Registry& registry() {
  static const Registry built_in = Registry::built_in();
  return built_in;
}

TEST(Text, EvidenceTellsWhatAReaderNeeds) {
  const auto report = sample();
  const auto text = evidence(report.results[0], report, registry(), {});
  EXPECT_THAT(text, HasSubstr("RDV-REGPK-05 MUST"));
  EXPECT_THAT(text, HasSubstr("expected  a <good> answer"));
  EXPECT_THAT(text, HasSubstr("harm      "));
  EXPECT_THAT(text, HasSubstr("device -> udp hello"));
  EXPECT_THAT(text, HasSubstr("deskcheck run --filter 'a/b/one' --seed 42 --virtual-time"));
  EXPECT_EQ(evidence(report.results[1], report, registry(), {}), "");
}

TEST(Text, ReproduceLineNamesTheTargetAndTheRepetition) {
  auto report = sample();
  report.world = "real";
  report.target_flags = " --host 10.0.0.1";
  report.results[0].repetition = 3;
  EXPECT_EQ(reproduce_line(report.results[0], report),
            "deskcheck run --filter 'a/b/one' --seed 45 --host 10.0.0.1");
}

TEST(Text, VerdictFollowsTheWorst) {
  auto report = sample();
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("does not conform: 1 MUST"));
  report.results.erase(report.results.begin());
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("no verdict: 1 cases"));
  report.results.pop_back();
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("my server: conforms\n"));
  report.results.push_back(result("d", "FRM-HDR-04", Status::fail));
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("conforms, but 1 SHOULD"));
  report.interrupted = true;
  report.results.pop_back();
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("interrupted"));
}

TEST(Text, ColourOnlyWhenAsked) {
  const auto report = sample();
  EXPECT_THAT(result_line(report.results[0], {true}), HasSubstr("\x1b["));
  EXPECT_THAT(result_line(report.results[0], {false}), Not(HasSubstr("\x1b[")));
}

TEST(Json, CarriesEverything) {
  const auto document = boost::json::parse(to_json(sample(), registry())).as_object();
  EXPECT_EQ(document.at("format_version").as_int64(), kJsonVersion);
  EXPECT_EQ(document.at("exit_code").as_int64(), 1);
  EXPECT_EQ(document.at("seed").to_number<int>(), 42);
  EXPECT_EQ(document.at("cases_by_status").at("fail").as_int64(), 1);
  const auto& first = document.at("cases").at(0).as_object();
  EXPECT_EQ(first.at("id").as_string(), "a/b/one");
  EXPECT_EQ(first.at("blame").as_string(), "target");
  EXPECT_EQ(first.at("checks").at(0).at("actual").as_string(), "bytes \x01? & more");
  EXPECT_TRUE(first.contains("conversation"));
  EXPECT_FALSE(document.at("cases").at(1).as_object().contains("conversation"));
  EXPECT_EQ(document.at("requirements").as_array().size(), 3U);
}

TEST(Junit, IsWellFormedAndCounts) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(to_junit(sample(), registry()).c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  EXPECT_STREQ(suite.attribute("name").value(), "a.b");
  EXPECT_EQ(suite.attribute("tests").as_int(), 2);
  EXPECT_EQ(suite.attribute("failures").as_int(), 1);
  EXPECT_THAT(suite.child("testcase").child("failure").text().get(), HasSubstr("RDV-REGPK-05"));
  const auto second = suite.next_sibling();
  EXPECT_EQ(second.attribute("errors").as_int(), 1);
  EXPECT_STREQ(second.child("testcase").child("error").attribute("message").value(),
               "no connection");
}

}  // namespace
}  // namespace deskcheck::conformance
