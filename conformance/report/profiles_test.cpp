#include "conformance/report/profiles.hpp"

#include "conformance/report/badge.hpp"
#include "conformance/report/json.hpp"
#include "conformance/report/markdown.hpp"
#include "conformance/report/text.hpp"

#include <boost/json.hpp>

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Registry& registry() {
  static const Registry kRegistry = Registry::built_in();
  return kRegistry;
}

// A case of its own for each requirement: what its status is says the function.
template <class StatusOf>
RunReport run(StatusOf status_of) {
  RunReport report;
  report.target = "my server";
  report.world = "virtual";
  for (const auto& requirement : registry().all()) {
    if (requirement.excluded_because) continue;
    CaseResult result;
    result.id = requirement.id;
    Check check;
    check.requirement = requirement.id;
    check.status = result.status = status_of(requirement);
    result.checks = {check};
    report.results.push_back(std::move(result));
  }
  return report;
}

RunReport all_pass() {
  return run([](const Requirement&) { return Status::pass; });
}

bool starts(const Requirement& requirement, const char* capability) {
  return requirement.capability.starts_with(capability);
}

// Those that claim everything but API and WebSockets.
Status plain(const Requirement& requirement) {
  return starts(requirement, "api.") || requirement.capability.ends_with(".websocket")
             ? Status::not_applicable
             : Status::pass;
}

ProfileVerdict of(const RunReport& report, const std::string& name) {
  for (const auto& one : judge_profiles(report, registry()))
    if (one.name == name) return one;
  throw std::out_of_range(name);
}

ProfileState core(const RunReport& report, const std::string& name) {
  return of(report, name).core.state;
}
ProfileState extended(const RunReport& report, const std::string& name) {
  return of(report, name).extended.state;
}

void set(RunReport& report, const std::string& id, Status status) {
  for (auto& result : report.results)
    if (result.id == id) result.status = result.checks.at(0).status = status;
}

TEST(Profiles, WhoDoesEverythingPassesEverything) {
  for (const auto& one : judge_profiles(all_pass(), registry())) {
    EXPECT_EQ(one.core.state, ProfileState::passed) << one.name;
    EXPECT_EQ(one.core.passed, one.core.all()) << one.name;
    EXPECT_NE(one.extended.state, ProfileState::failed) << one.name;
    EXPECT_TRUE(one.in_run) << one.name;
  }
}

TEST(Profiles, WhatDoesNotApplyIsNotClaimed) {
  const auto report = run(plain);
  EXPECT_EQ(core(report, "rendezvous"), ProfileState::passed);
  EXPECT_EQ(core(report, "relay"), ProfileState::passed);
  for (const char* name : {"api-login", "address-book", "push", "recording", "websocket", "full"}) {
    EXPECT_EQ(core(report, name), ProfileState::not_claimed) << name;
    EXPECT_EQ(extended(report, name), ProfileState::not_claimed) << name;
  }
}

// Frames are what every server has.
TEST(Profiles, FramingAloneClaimsNothing) {
  const auto report = run([](const Requirement& one) {
    return starts(one, "framing") || starts(one, "api.") ? Status::pass : Status::not_applicable;
  });
  EXPECT_EQ(core(report, "rendezvous"), ProfileState::not_claimed);
  EXPECT_EQ(core(report, "api-login"), ProfileState::passed);
}

TEST(Profiles, ALackOfOneCapabilityIsNoClaim) {
  const auto report = run([](const Requirement& one) {
    return one.capability == "api.group.peers" ? Status::not_applicable : Status::pass;
  });
  EXPECT_EQ(core(report, "groups"), ProfileState::not_claimed);
  EXPECT_THAT(of(report, "groups").lacks, ElementsAre("api.group.peers"));
  EXPECT_THAT(profile_table(judge_profiles(report, registry())),
              HasSubstr("not claimed, lacks api.group.peers"));
}

TEST(Profiles, FailuresFailTheirPart) {
  auto report = all_pass();
  set(report, "HTTP-HB-04", Status::fail);  // MUST of the core
  EXPECT_EQ(core(report, "push"), ProfileState::failed);
  EXPECT_EQ(extended(report, "push"), ProfileState::failed);
  EXPECT_THAT(of(report, "push").core.failing, ElementsAre("HTTP-HB-04"));
  EXPECT_EQ(core(report, "audit"), ProfileState::passed);
  report = all_pass();
  set(report, "RLY-BW-01", Status::fail);  // MAY: binds nobody
  set(report, "RLY-IDLE-02", Status::expected_failure);
  EXPECT_EQ(core(report, "relay"), ProfileState::passed);
  EXPECT_EQ(extended(report, "relay"), ProfileState::failed);
  EXPECT_THAT(of(report, "relay").extended.failing, ElementsAre("RLY-IDLE-02"));
}

TEST(Profiles, WhatWasNotJudgedIsNotProven) {
  for (const auto status : {Status::blocked, Status::not_run, Status::known_flaky}) {
    auto report = all_pass();
    set(report, "HTTP-HB-04", status);
    EXPECT_EQ(core(report, "push"), ProfileState::not_proven) << to_string(status);
    EXPECT_EQ(extended(report, "push"), ProfileState::not_proven) << to_string(status);
    EXPECT_TRUE(of(report, "push").in_run);
  }
}

TEST(Profiles, PartOfACapabilityMayBeInapplicable) {
  auto report = all_pass();
  set(report, "HTTP-HB-04", Status::not_applicable);
  const auto push = of(report, "push");
  EXPECT_EQ(push.core.state, ProfileState::passed);
  EXPECT_EQ(push.core.not_applicable, 1);
  EXPECT_EQ(to_text(push.core), "passed (" + std::to_string(push.core.all() - 1) + " of " +
                                    std::to_string(push.core.all()) + ")");
}

TEST(Profiles, BelowTheLevelNothingIsProven) {
  auto report = all_pass();
  report.level = Level::must;
  EXPECT_EQ(core(report, "push"), ProfileState::passed);
  EXPECT_EQ(extended(report, "push"), ProfileState::not_proven);
}

TEST(Profiles, APartialRunSaysNothing) {
  auto report = all_pass();
  report.results.resize(1);
  for (const auto& one : judge_profiles(report, registry())) {
    EXPECT_FALSE(one.in_run) << one.name;
    EXPECT_EQ(one.core.state, ProfileState::not_proven) << one.name;
  }
  EXPECT_EQ(profile_table(judge_profiles(report, registry())), "");
}

TEST(Profiles, ARunOfOneTellsOfThatOne) {
  auto report = all_pass();
  report.profiles = {"push"};
  ASSERT_EQ(judge_profiles(report, registry()).size(), 1U);
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("\npush   "));
  EXPECT_THAT(verdict_table(report, registry(), {}), Not(HasSubstr("\naudit   ")));
  EXPECT_THAT(to_badge(report, registry()),
              HasSubstr(R"("label":"deskcheck push","message":"core and extended")"));
  set(report, "HTTP-HB-04", Status::fail);
  EXPECT_THAT(to_badge(report, registry()), HasSubstr(R"("message":"core fails")"));
}

TEST(Profiles, StandInEveryReport) {
  const auto report = run(plain);
  EXPECT_THAT(verdict_table(report, registry(), {}), HasSubstr("\nprofiles      "));
  EXPECT_THAT(to_markdown(report, registry()), HasSubstr("| push | not claimed | not claimed |"));
  const auto json = boost::json::parse(to_json(report, registry()));
  const auto& profiles = json.at("profiles").as_array();
  ASSERT_EQ(profiles.size(), 10U);
  EXPECT_EQ(profiles[0].at("name").as_string(), "rendezvous");
  EXPECT_EQ(profiles[0].at("core").at("verdict").as_string(), "passed");
  EXPECT_EQ(profiles[5].at("core").at("verdict").as_string(), "not claimed");
}

}  // namespace
}  // namespace deskcheck::conformance
