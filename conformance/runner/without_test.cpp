// The reference server without each of its capabilities: whoever admits it passes, whoever claims
// all of them is found out.
#include "conformance/registry/usage_error.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/target/capabilities.hpp"
#include "reference-server/capabilities.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace deskcheck::conformance {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const Registry& registry() {
  static const Registry built_in = Registry::built_in();
  return built_in;
}

bool is_about_framing(const Case& one) {
  return std::ranges::any_of(one.requirements, [](const std::string& id) {
    return registry().find(id)->capability == "framing";
  });
}

std::string in_words(const CaseResult& result) {
  auto text = result.id + ": " + std::string(to_string(result.status)) + " " + result.why;
  for (const auto& check : result.checks)
    if (check.status == Status::fail)
      text += "\n  " + check.requirement + " expected " + check.expected + ", got " + check.actual;
  return text;
}

RunOptions without(const std::string& capability) {
  RunOptions options;
  options.lack = lack_named({capability}, registry());
  options.strict = true;
  options.seed = 5;
  return options;
}

// Of a run of the cases that have a say about the capability, those that went wrong.
std::vector<std::string> wrong_without(const std::string& capability, bool admitted) {
  RunOptions options = without(capability);
  options.lack.admitted = admitted;
  std::vector<std::string> ids;
  for (const auto& requirement : registry().all())
    if (requirement.capability == capability) ids.push_back(requirement.id);
  options.cases = select(all_cases(), registry(), {ids, Level::may});
  // A server without UDP or TCP frames no messages: what is said of them has nothing to stand on.
  if (admitted)
    std::erase_if(options.cases, [&](const Case* one) { return is_about_framing(*one); });
  std::vector<std::string> wrong;
  for (const auto& result : run_in_virtual_time(registry(), options).results)
    if (result.unexpected()) wrong.push_back(in_words(result));
  return wrong;
}

class Without : public testing::TestWithParam<std::string_view> {};

TEST_P(Without, WhoAdmitsItPasses) {
  EXPECT_THAT(wrong_without(std::string(GetParam()), true), IsEmpty());
}

// All other cases look at something else. They may need as a tool what there is not, and are
// blocked then; none of them judges the server wrong. Not under sanitizers, which take long for
// whole runs.
TEST_P(Without, NobodyIsBlamedByTheWholeSuite) {
  RunOptions options = without(std::string(GetParam()));
  options.cases = select_cases(all_cases(), registry(), {}, Level::may);
  for (const auto& result : run_in_virtual_time(registry(), options).results) {
    EXPECT_NE(result.status, Status::fail) << in_words(result);
    EXPECT_NE(result.status, Status::harness_error) << in_words(result);
  }
}

// Those whose route may be 404 without harm to any client of today (HTTP-ABPERS-03, HTTP-AACT-05,
// HTTP-SYSVER-04): to claim them and not to have them is no failure.
bool may_be_missing(std::string_view capability) {
  return capability == "api.ab.personal" || capability == "api.audit.conn.active" ||
         capability == "api.device.sysinfo-ver";
}

TEST_P(Without, WhoClaimsItIsFoundOut) {
  const auto wrong = wrong_without(std::string(GetParam()), false);
  const bool found = std::ranges::any_of(
      wrong, [](const std::string& line) { return line.find(": fail") != std::string::npos; });
  EXPECT_EQ(found, !may_be_missing(GetParam())) << testing::PrintToString(wrong);
}

INSTANTIATE_TEST_SUITE_P(Capability, Without, testing::ValuesIn(server::capabilities()),
                         [](const auto& capability) {
                           std::string name(capability.param);
                           std::ranges::replace_if(
                               name, [](char c) { return c == '.' || c == '-'; }, '_');
                           return name;
                         });

TEST(Capabilities, ThoseOfTheServerAreThoseThatAServerMayLack) {
  const auto optional = optional_capabilities(registry());
  EXPECT_THAT(server::capabilities(), ElementsAreArray(optional));
}

TEST(Capabilities, WhatNeedsOneGoesWithIt) {
  EXPECT_THAT(lack_named({"relay.tcp"}, registry()).without,
              ElementsAre("relay.limits", "relay.tcp", "relay.websocket"));
  EXPECT_THAT(lack_named({"api.ab.peer.delete", "api.audit.note"}, registry()).without,
              ElementsAre("api.ab.peer.delete", "api.audit.note"));
  EXPECT_THAT(lack_named({"*"}, registry()).without,
              ElementsAreArray(optional_capabilities(registry())));
}

TEST(Capabilities, UnknownNamesAreOneLine) {
  const auto refusal = [](const std::string& glob) -> std::string {
    try {
      (void)lack_named({glob}, registry());
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal("relay.tpc"),
            "--without relay.tpc: no capability is called 'relay.tpc', did you mean relay.tcp?; "
            "`deskcheck list` shows them");
  EXPECT_EQ(refusal("framing"),
            "--without framing: no server can lack it; name another one of `deskcheck list`");
}

}  // namespace
}  // namespace deskcheck::conformance
