#include "conformance/report/badge.hpp"
#include "conformance/report/clients.hpp"
#include "conformance/report/github.hpp"
#include "conformance/report/json.hpp"
#include "conformance/report/junit.hpp"
#include "conformance/report/markdown.hpp"
#include "conformance/report/text.hpp"
#include "conformance/report/utf8.hpp"
#include "conformance/report/verdict.hpp"

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
  if (made.unexpected()) {
    sim::Event event;
    event.party = "device";
    event.what = sim::TranscriptLine::What::sent;
    event.protocol = sim::Protocol::rendezvous;
    event.local = net::endpoint("10.1.0.1", 30000);
    event.remote = net::endpoint("10.0.0.1", 21116);
    event.size = 9;
    event.message = {"register_peer", {{"id", "\"gr\xc3\xbc\xff\""}}};
    event.text = "register_peer {id: \"gr\xc3\xbc\xff\"}";
    made.conversation.events = {event};
  }
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
  EXPECT_THAT(text, HasSubstr("guide     docs/failures/registration.md#whose-id-it-is\n"));
  EXPECT_THAT(text, HasSubstr("device  -> udp 10.0.0.1:21116  register_peer {id: "));
  EXPECT_THAT(text, HasSubstr("deskcheck run --filter 'a/b/one' --seed 42 --virtual-time"));
  EXPECT_EQ(evidence(report.results[1], report, registry(), {}), "");
}

TEST(Text, EqualFailuresAreToldOnce) {
  auto report = sample();
  auto& checks = report.results[0].checks;
  checks.push_back(checks[0]);
  checks.push_back(checks[0]);
  checks.back().actual = "another thing";
  const auto text = evidence(report.results[0], report, registry(), {});
  EXPECT_THAT(text, HasSubstr("& more  (2 times)\n"));
  EXPECT_THAT(text, HasSubstr("another thing\n"));
  EXPECT_EQ(text.find("RDV-REGPK-05 MUST"), text.rfind("RDV-REGPK-05 MUST"));
  EXPECT_EQ(text.find("harm      "), text.rfind("harm      "));
}

TEST(Text, ReproduceLineNamesTheTargetAndTheRepetition) {
  auto report = sample();
  report.world = "real";
  report.target_flags = " --host 10.0.0.1";
  report.results[0].repetition = 3;
  EXPECT_EQ(reproduce_line(report.results[0], report),
            "deskcheck run --filter 'a/b/one' --seed 45 --host 10.0.0.1");
}

// HTTP-SYSVER-01 concerns 1.3.8 to 1.4.0 only.
TEST(Clients, SpansAreCutWhereOtherRequirementsFail) {
  auto report = sample();
  report.results = {result("a/b/one", "HTTP-SYSVER-01", Status::fail)};
  const auto spans = client_spans(report, registry());
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(to_text(spans[0]), "1.2.1 to 1.3.7");
  EXPECT_THAT(spans[0].must, testing::IsEmpty());
  EXPECT_EQ(to_text(spans[1]), "1.3.8 to 1.4.0");
  EXPECT_THAT(spans[1].must, testing::ElementsAre("HTTP-SYSVER-01"));
  EXPECT_EQ(to_text(spans[2]), "1.4.1 to head");
  const auto text = verdict_table(report, registry(), {});
  EXPECT_THAT(text, HasSubstr("(1.2.1 to 1.3.7, 1.4.1 to head meet none)\n"));
  EXPECT_THAT(text, HasSubstr("  1.3.8 to 1.4.0         1 MUST fail\n"));
}

TEST(Clients, WhereNothingFailsThereIsOneSpan) {
  auto report = sample();
  report.results = {result("a/b/two", "FRM-HDR-01", Status::pass)};
  ASSERT_EQ(client_spans(report, registry()).size(), 1U);
  EXPECT_THAT(verdict_table(report, registry(), {}), Not(HasSubstr("clients")));
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
  EXPECT_EQ(first.at("checks").at(0).at("actual").as_string(), "bytes \x01\\xff & more");
  EXPECT_EQ(document.at("verdict").at("text").as_string(),
            "does not conform: 1 MUST and 0 SHOULD requirements fail");
  EXPECT_EQ(document.at("verdict").at("conforms"), false);
  EXPECT_FALSE(document.at("cases").at(1).as_object().contains("conversation"));
  EXPECT_EQ(document.at("requirements").as_array().size(), 3U);
}

TEST(Json, CarriesTheConversationAsData) {
  const auto document = boost::json::parse(to_json(sample(), registry())).as_object();
  const auto& conversation = document.at("cases").at(0).at("conversation").as_object();
  EXPECT_EQ(conversation.at("dropped").to_number<int>(), 0);
  EXPECT_THAT(std::string(conversation.at("text").as_string()), HasSubstr("device  -> udp"));
  ASSERT_EQ(conversation.at("events").as_array().size(), 1U);
  EXPECT_EQ(conversation.at("events").at(0), boost::json::parse(R"({
      "at_seconds": 0.0, "party": "device", "what": "sent", "text": "register_peer {id: \"grü\\xff\"}",
      "transport": "udp", "local": "10.1.0.1:30000", "remote": "10.0.0.1:21116", "encrypted": false,
      "protocol": "rendezvous", "size": 9, "message": "register_peer",
      "fields": [{"name": "id", "value": "\"grü\\xff\""}]})"));
}

TEST(Utf8, KeepsCharactersAndShowsOtherBytes) {
  const std::pair<std::string, std::string> kTable[] = {
      {"", ""},
      {"plain \n", "plain \n"},
      {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82",
       "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82"},
      {"\x80"
       "a",
       "\\x80a"},
      {"\xc3", "\\xc3"},
      {"\xc3"
       "a",
       "\\xc3a"},
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xc0\xaf", "\\xc0\\xaf"},                    // longer than needed
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},           // the same
      {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},  // the same
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
      {"\xef\xbf\xbd\xef\xbf\xbe", "\xef\xbf\xbd\\xef\\xbf\\xbe"},
  };
  for (const auto& [bytes, text] : kTable) EXPECT_EQ(to_utf8(bytes), text);
}

TEST(Utf8, TerminalsAreToldNothingByPeers) {
  EXPECT_EQ(for_terminal("a\nb \xff\xc2\x9b"
                         "1m \x1b[2Jé"),
            "a\nb \\xff\\xc2\\x9b1m \\x1b[2Jé");
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
  EXPECT_THAT(suite.child("testcase").child("failure").text().get(),
              HasSubstr("bytes \\x01\\xff & more"));
}

// --- baselines

RunReport with_baseline() {
  auto report = sample();
  report.target_version = "2.10";
  report.results = {result("a/b/one", "RDV-REGPK-05", Status::expected_failure),
                    result("a/b/two", "FRM-HDR-01", Status::unexpected_pass)};
  report.baseline.file = "known.yaml";
  report.baseline.stale = {{"known.yaml:7", "a/b/two (no answer)", "is stale"}};
  report.baseline.expired = {{"known.yaml:3", "a/b/one (no answer)", "has expired"}};
  return report;
}

RunReport with_flaky() {
  auto report = sample();
  report.results = {result("a/b/one", "RDV-REGPK-05", Status::known_flaky),
                    result("a/b/two", "FRM-HDR-01", Status::expected_failure)};
  report.baseline.file = "known.yaml";
  report.baseline.entries = {
      {"known.yaml:3", "a/b/one (no answer)", "ann", "slow disk", "2027-01-31", true, 0, 1, 3, 10},
      {"known.yaml:7", "a/b/* (no answer)", "", "issue 12", "", false, 4, 1, 10, 10}};
  report.baseline.exceeded = {{"known.yaml:9", "c/* (no answer)", "may excuse 1 failure"}};
  return report;
}

TEST(Text, FlakyIsCountedApart) {
  const auto text = verdict_table(with_flaky(), registry(), {});
  EXPECT_THAT(text, HasSubstr("     known     flaky"));
  EXPECT_THAT(text, HasSubstr("1 expected failure, 1 known flaky\n"));
  EXPECT_THAT(text, HasSubstr("known.yaml:3: a/b/one (no answer) is flaky: failed 3 of 10 times "
                              "(owner: ann)\n"));
  EXPECT_THAT(text, Not(HasSubstr("known.yaml:7")));
  EXPECT_THAT(text, HasSubstr("known.yaml:9: c/* (no answer) may excuse 1 failure\n"));
}

TEST(Verdict, FlakyRequirementsProveNothing) {
  auto report = with_flaky();
  report.baseline.exceeded.clear();
  report.results.pop_back();
  EXPECT_EQ(exit_code(report), ExitCode::as_expected);
  EXPECT_EQ(verdict(report, registry()).kind, Verdict::Kind::none);
  EXPECT_THAT(verdict(report, registry()).text,
              HasSubstr("1 MUST requirements failed and are known"));
  report.results = {result("a/b/one", "RDV-REGPK-10", Status::known_flaky)};
  EXPECT_EQ(verdict(report, registry()).kind, Verdict::Kind::conforms_with_remarks);
}

TEST(Json, TellsWhatEntriesCameTo) {
  const auto document = boost::json::parse(to_json(with_flaky(), registry())).as_object();
  EXPECT_EQ(document.at("exit_code").as_int64(), 1);  // a limit is exceeded
  EXPECT_EQ(document.at("cases_by_status").at("known flaky").as_int64(), 1);
  EXPECT_EQ(document.at("cases").at(0).at("checks").at(0).at("kind").as_string(), "wrong value");
  const auto& flaky = document.at("baseline").at("entries").at(0);
  EXPECT_EQ(flaky.at("owner").as_string(), "ann");
  EXPECT_TRUE(flaky.at("flaky").as_bool());
  EXPECT_EQ(flaky.at("failed").as_int64(), 3);
  EXPECT_EQ(flaky.at("judged").as_int64(), 10);
  EXPECT_FALSE(flaky.as_object().contains("at_most"));
  EXPECT_EQ(document.at("baseline").at("entries").at(1).at("at_most").as_int64(), 4);
  EXPECT_EQ(document.at("baseline").at("exceeded").at(0).at("where").as_string(), "known.yaml:9");
}

TEST(Junit, FlakyIsSkippedAndCountedApart) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(to_junit(with_flaky(), registry()).c_str()));
  const auto suite =
      document.child("testsuites").find_child_by_attribute("testsuite", "name", "a.b");
  EXPECT_EQ(suite.attribute("skipped").as_int(), 2);
  const auto property = [&](const char* name) {
    return std::string(suite.child("properties")
                           .find_child_by_attribute("property", "name", name)
                           .attribute("value")
                           .value());
  };
  EXPECT_EQ(property("known.failures"), "1");
  EXPECT_EQ(property("known.flaky"), "1");
  EXPECT_STREQ(suite.child("testcase").child("skipped").attribute("message").value(),
               "known flaky");
}

TEST(Markdown, FlakyIsCountedApart) {
  const auto text = to_markdown(with_flaky(), registry());
  EXPECT_THAT(text, HasSubstr("| known | flaky |"));
  EXPECT_THAT(text, HasSubstr("is flaky: failed 3 of 10 times"));
}

TEST(Text, BaselineHasColumnsAndLines) {
  const auto text = verdict_table(with_baseline(), registry(), {});
  EXPECT_THAT(text, HasSubstr("     known    mended"));
  EXPECT_THAT(text, HasSubstr("known.yaml:7: a/b/two (no answer) is stale\n"));
  EXPECT_THAT(text, HasSubstr("known.yaml:3: a/b/one (no answer) has expired\n"));
  EXPECT_THAT(text, HasSubstr("my server 2.10: does not conform, as known: 1 MUST"));
  EXPECT_THAT(verdict_table(sample(), registry(), {}), Not(HasSubstr("known")));
}

// A baseline that excuses what could not be judged says nothing about the target.
TEST(Verdict, WhatCouldNotBeJudgedDoesNotFail) {
  auto report = with_baseline();
  report.results.at(0).checks.at(0).kind = FailureKind::blocked;
  EXPECT_EQ(verdict(report, registry()).text,
            "no verdict: 1 requirements could not be judged, as known");
  EXPECT_TRUE(client_spans(report, registry(), Level::may).at(0).must.empty());
  report.results.push_back(result("a/b/three", "RDV-REGPK-06", Status::expected_failure));
  EXPECT_EQ(verdict(report, registry()).text,
            "does not conform, as known: 1 MUST and 0 SHOULD requirements fail, 1 could not be "
            "judged");
}

TEST(Json, NamesTheBaseline) {
  const auto document = boost::json::parse(to_json(with_baseline(), registry())).as_object();
  EXPECT_EQ(document.at("exit_code").as_int64(), 5);
  EXPECT_EQ(document.at("target").at("version").as_string(), "2.10");
  EXPECT_EQ(document.at("baseline").at("file").as_string(), "known.yaml");
  EXPECT_EQ(document.at("baseline").at("stale").at(0).at("where").as_string(), "known.yaml:7");
  EXPECT_EQ(document.at("cases").at(0).at("checks").at(0).at("kind").as_string(), "wrong value");
  EXPECT_TRUE(boost::json::parse(to_json(sample(), registry())).at("baseline").is_null());
}

TEST(Junit, EntriesThatHaveToGoAreFailedTests) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(to_junit(with_baseline(), registry()).c_str()));
  const auto root = document.child("testsuites");
  EXPECT_STREQ(root.attribute("name").value(), "deskcheck: my server 2.10");
  const auto cases = root.find_child_by_attribute("testsuite", "name", "a.b");
  EXPECT_EQ(cases.attribute("skipped").as_int(), 1);
  EXPECT_EQ(cases.attribute("failures").as_int(), 1);
  EXPECT_STREQ(cases.child("properties")
                   .find_child_by_attribute("property", "name", "target.version")
                   .attribute("value")
                   .value(),
               "2.10");
  const auto baseline = root.find_child_by_attribute("testsuite", "name", "baseline");
  EXPECT_EQ(baseline.attribute("failures").as_int(), 2);
  EXPECT_STREQ(baseline.child("testcase").attribute("name").value(), "known.yaml:7");
}

// --- for build servers

TEST(Markdown, TellsVerdictAndFailures) {
  const auto text = to_markdown(sample(), registry());
  EXPECT_THAT(text, HasSubstr("## ❌ my server: does not conform"));
  EXPECT_THAT(text, HasSubstr("### fail: a/b/one"));
  EXPECT_THAT(text, HasSubstr("- **RDV-REGPK-05** MUST"));
  EXPECT_THAT(text, HasSubstr("guide: <code>docs/failures/registration.md&#35;whose-id-it-is"));
  EXPECT_THAT(text, HasSubstr("### blocked: c/three"));
  EXPECT_THAT(text, HasSubstr("| MUST |"));
  EXPECT_THAT(text, HasSubstr("--filter 'a/b/one' --seed 42"));
}

TEST(Markdown, NothingOfAPeerIsMarkup) {
  auto report = sample();
  report.results[0].checks[0].actual = "<img src=x>|`[a](b)\n# @all ***";
  const auto text = to_markdown(report, registry());
  EXPECT_THAT(text,
              HasSubstr("&#60;img src=x&#62;&#124;&#96;&#91;a&#93;&#40;b&#41; &#35; &#64;all"));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
}

TEST(Markdown, StaysBelowTheLimitOfASummary) {
  auto report = sample();
  auto one = report.results[0];
  one.checks[0].actual = std::string(100'000, '<');
  report.results.assign(5000, one);
  const auto text = to_markdown(report, registry());
  EXPECT_LT(text.size(), 1U << 18);
  EXPECT_THAT(text, HasSubstr("and 4950 more."));
}

TEST(Markdown, NamesEntriesThatHaveToGo) {
  const auto text = to_markdown(with_baseline(), registry());
  EXPECT_THAT(text, HasSubstr("<code>known.yaml:7</code> a/b/two &#40;no answer&#41; is stale"));
  EXPECT_THAT(text, Not(HasSubstr("### unexpected pass")));
}

TEST(Markdown, TellsWhatTheRunDidToTheTarget) {
  auto report = sample();
  EXPECT_THAT(to_markdown(report, registry()), Not(HasSubstr("On the target")));
  report.footprint.prefix = "dck3f9";
  EXPECT_THAT(to_markdown(report, registry()),
              HasSubstr("### On the target\n\nNothing was created.\n"));
  auto& devices = report.footprint.things[Thing::device];
  devices.created = 2;
  devices.left = {"dck3f9aa", "dck3f9bb"};
  auto& tags = report.footprint.things[Thing::tag];
  tags.created = 13;
  tags.removed = 1;
  for (char c = 'a'; c < 'm'; ++c) tags.left.insert(std::string("dck3f9-<") + c);
  report.footprint.things[Thing::strategy].created = 1;
  report.footprint.things[Thing::strategy].removed = 1;
  report.footprint.notes = {"the books of 'user' | no"};
  const auto text = to_markdown(report, registry());
  EXPECT_THAT(text, HasSubstr("Created 16, removed 2, left 14; names carry <code>dck3f9</code>."));
  EXPECT_THAT(text,
              HasSubstr("| device | 2 | 0 | 2 | the protocol has no way to remove a device |\n"));
  EXPECT_THAT(text, HasSubstr("| tag | 13 | 1 | 12 |  |\n"));
  EXPECT_THAT(text, HasSubstr("| strategy | 1 | 1 | 0 |  |\n"));
  EXPECT_THAT(text, HasSubstr("not by the target: <code>tag dck3f9-&#60;a</code>\n"));
  EXPECT_THAT(text, HasSubstr("- and 2 more\n"));
  EXPECT_THAT(text, HasSubstr("could not be checked: the books of 'user' &#124; no\n"));
}

TEST(Markdown, TellsWhatTheTargetWasSpared) {
  auto report = sample();
  report.allowed = {Effect::reads};
  report.results[1].status = Status::not_run;
  report.results[1].effects = {Effect::limits};
  report.results[1].beyond_effects = true;
  EXPECT_THAT(to_markdown(report, registry()), HasSubstr("--effects all allows everything"));
}

TEST(Github, AnErrorForEachUnexpectedCase) {
  auto report = sample();
  report.results[0].checks[0].actual = "50%, two\nlines";
  const auto text = to_github_annotations(report, registry());
  EXPECT_THAT(text, HasSubstr("::error title=fail%3A a/b/one::RDV-REGPK-05: expected a <good> "
                              "answer, got 50%25, two%0Alines%0Aharm: "));
  EXPECT_THAT(text, HasSubstr("::error title=blocked%3A c/three::no connection\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Github, EntriesThatHaveToGoAreShownInTheirFile) {
  EXPECT_THAT(to_github_annotations(with_baseline(), registry()),
              HasSubstr("::error file=known.yaml,line=7,title=baseline%3A a/b/two (no answer)::"));
}

TEST(Github, TheTenthSaysHowManyMore) {
  auto report = sample();
  report.results.assign(10, report.results[0]);
  auto text = to_github_annotations(report, registry());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, Not(HasSubstr("more results")));
  report.results.assign(12, report.results[0]);
  text = to_github_annotations(report, registry());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, HasSubstr("::error title=3 more::3 more results"));
}

TEST(Badge, ShowsTheVerdict) {
  EXPECT_EQ(to_badge(sample(), registry()),
            R"({"schemaVersion":1,"label":"deskcheck","message":"does not conform","color":"red"})"
            "\n");
  auto report = sample();
  report.interrupted = true;
  EXPECT_THAT(to_badge(report, registry()), HasSubstr("no verdict"));
}

}  // namespace
}  // namespace deskcheck::conformance
