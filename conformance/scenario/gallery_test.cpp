// The scenarios of docs/scenarios: each holds in both worlds, and each notices a server that is
// wrong.
#include "client-sim/channel/render.hpp"
#include "client-sim/scenario/hooks.hpp"
#include "conformance/registry/test_tables.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "conformance/scenario/sim_run.hpp"
#include "conformance/target/hooks.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

namespace deskcheck::conformance {
namespace {

using testing::Contains;

// A scenario, a fault of the reference server, and the requirement that then must fail.
struct Proof {
  const char* file;
  const char* fault;
  const char* requirement;
};
void PrintTo(const Proof& proof, std::ostream* out) { *out << proof.file << ' ' << proof.fault; }

constexpr Proof kProofs[] = {
    {"device-list", "online-bitmap-cut", "ONL-BITS-01"},
    {"device-list", "online-bits-reversed", "ONL-BITS-02"},
    {"device-list", "unknown-ids-are-online", "ONL-BITS-03"},
    {"foreign-uuid", "accepts-foreign-uuid", "RDV-REGPK-05"},
    {"foreign-uuid", "wire/punch_hole/silence", "RDV-REGPK-19"},
    {"id-change", "id-change-changes-nothing", "RDV-CHGID-01"},
    {"malformed-bytes", "wire/register_peer_response.request_pk/drop", "RDV-REGPEER-10"},
    {"meeting", "signs-wrong-id", "PCH-PK-02"},
    {"nat-test", "nat-test-wrong-port", "NAT-TEST-01"},
    {"new-address", "keeps-old-address", "RDV-REGPK-08"},
    {"offline-device", "never-offline", "PCH-FAIL-02"},
    {"offline-device", "offline-is-unknown", "PCH-FAIL-02"},
    {"people", "invalid-token-is-403", "HTTP-GEN-04"},
    {"people", "wrong-password-accepted", "HTTP-LOGIN-13"},
    {"punch-hole", "requester-port-lost", "PCH-FWD-02"},
    {"punch-hole", "answers-before-device", "PCH-FWD-04"},
    {"punch-hole", "device-address-lost", "PCH-SENT-02"},
    {"rate-limit", "no-registration-limit", "RDV-REGPK-11"},
    {"rate-limit", "registration-limit-never-ends", "RDV-REGPK-12"},
    {"read-back", "audit-goes-by-session", "HTTP-ACONN-03"},
    {"read-back", "audit-peer-has-to-be-text", "HTTP-ACONN-04"},
    {"register", "forgets-request-pk", "RDV-REGPEER-02"},
    {"register", "wire/register_pk_response/silence", "RDV-REGPK-01"},
    {"relay-bytes", "relay-drops-empty-frames", "RLY-DATA-01"},
    {"relay-bytes", "relay-keeps-other-side", "RLY-PAIR-11"},
    {"relay-bytes", "relay-talks", "RLY-PAIR-03"},
    {"relay-fallback", "wire/request_relay/silence", "RLR-REQ-01"},
    {"relay-request", "wire/relay_response/silence", "RLR-REQ-02"},
    {"relay-request", "wire/request_relay.uuid/change", "RLR-REQ-01"},
    {"secure-channel", "serves-secured-clients-only", "SEC-KEX-05"},
    {"signed-key", "signs-with-another-key", "PCH-PK-01"},
    {"signed-in", "tokens-survive-logout", "HTTP-LOGOUT-01"},
    {"strategy", "strategy-comes-always", "HTTP-HB-11"},
    {"strategy", "strategy-values-are-bools", "HTTP-STRAT-01"},
    {"websocket-device", "no-registration-over-websocket", "RDV-REGTCP-04"},
    {"websocket-device", "pushes-are-always-datagrams", "RDV-REGTCP-06"},
    {"wrong-licence", "no-licence-check", "PCH-FAIL-03"},
    {"wrong-licence", "forwards-refused-request", "PCH-FAIL-07"},
};

std::filesystem::path gallery() { return DESKCHECK_GALLERY; }

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(gallery()))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  std::ranges::sort(names);
  return names;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::shared_ptr<const scenario::Scenario> loaded_from(const std::filesystem::path& file) {
  auto loaded = scenario::load(text_of(file), file.string());
  if (!loaded) throw std::runtime_error(render(loaded.error()));
  return std::make_shared<const scenario::Scenario>(std::move(*loaded));
}

std::shared_ptr<const scenario::Scenario> scenario_named(const std::string& name) {
  return loaded_from(gallery() / (name + ".yaml"));
}

RunReport run_as_case(const std::string& name, const std::string& fault) {
  const std::vector<Case> cases{case_of(scenario_named(name))};
  const auto registry = Registry::built_in();
  RunOptions options;
  options.cases = select_cases(cases, registry, {}, Level::may);
  options.seed = 1;
  if (!fault.empty()) options.faults = faults_named({fault});
  return run_in_virtual_time(registry, options);
}

class Gallery : public testing::TestWithParam<std::string> {};

TEST_P(Gallery, HoldsInVirtualTime) {
  SimOptions options;
  options.seed = 1;
  const auto scenario = scenario_named(GetParam());
  const auto results = play_in_virtual_time(*scenario, options);
  EXPECT_EQ(render(*scenario, results.at(0).outcome), "");
}

TEST_P(Gallery, HoldsOnSockets) {
  SimOptions options;
  options.watch_signals = false;
  const auto scenario = scenario_named(GetParam());
  const auto results = play_in_real_time(*scenario, options);
  EXPECT_EQ(render(*scenario, results.at(0).outcome), "");
}

TEST_P(Gallery, IsACaseThatPasses) {
  const auto report = run_as_case(GetParam(), {});
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].status, Status::pass) << report.results[0].why;
  EXPECT_FALSE(report.results[0].checks.empty());
}

TEST_P(Gallery, IsProvenAbleToFail) {
  EXPECT_TRUE(std::ranges::any_of(kProofs, [](const Proof& p) { return p.file == GetParam(); }))
      << "add a fault that it notices to kProofs";
}

std::string test_name(std::string text) {
  std::erase_if(text, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
  return text;
}

INSTANTIATE_TEST_SUITE_P(, Gallery, testing::ValuesIn(names()),
                         [](const auto& one) { return test_name(one.param); });

class Proofs : public testing::TestWithParam<Proof> {};

TEST_P(Proofs, AWrongServerIsNoticed) {
  const auto report = run_as_case(GetParam().file, GetParam().fault);
  ASSERT_EQ(report.results.size(), 1U);
  const auto& result = report.results[0];
  EXPECT_EQ(result.status, Status::fail) << to_string(result.status) << ": " << result.why;
  EXPECT_EQ(result.blame, Blame::target);
  std::vector<std::string> failed;
  for (const auto& check : result.checks)
    if (check.status == Status::fail) failed.push_back(check.requirement);
  EXPECT_THAT(failed, Contains(GetParam().requirement));
}

INSTANTIATE_TEST_SUITE_P(, Proofs, testing::ValuesIn(kProofs), [](const auto& one) {
  return test_name(std::string(one.param.file) + "With" + one.param.fault);
});

TEST(Instances, PlaySideBySideWithIdentitiesOfTheirOwn) {
  SimOptions options;
  options.seed = 1;
  options.instances = 50;
  const auto scenario = scenario_named("foreign-uuid");
  const auto results = play_in_virtual_time(*scenario, options);
  ASSERT_EQ(results.size(), 50U);
  for (const auto& result : results) EXPECT_EQ(render(*scenario, result.outcome), "");
}

TEST(Instances, EqualSeedsGiveEqualConversations) {
  SimOptions options;
  options.seed = 7;
  const auto scenario = scenario_named("punch-hole");
  const auto conversation = [&] {
    const auto results = play_in_virtual_time(*scenario, options);
    std::string bytes;
    for (const auto& line : results.at(0).transcript.lines()) bytes += line.bytes + line.text;
    return bytes;
  };
  EXPECT_EQ(conversation(), conversation());
}

// --- the owner of the target

// What scenarios may say is what target files define.
TEST(Hooks, AreTheSameForScenariosAndTargetFiles) {
  std::set<std::string> names;
  for (const auto& form : scenario::hook_forms()) {
    names.emplace(form.name);
    std::set<std::string> arguments;
    for (const auto& argument : form.arguments) arguments.emplace(argument.name);
    EXPECT_EQ(arguments, hook_arguments(std::string(form.name))) << form.name;
  }
  EXPECT_EQ(names, hook_names());
}

// Each against the built-in server.
TEST(Hooks, AllOfThemWorkInAScenario) {
  const auto file = std::filesystem::path(DESKCHECK_ALL_HOOKS);
  const auto text = text_of(file);
  for (const auto& form : scenario::hook_forms())
    EXPECT_TRUE(form.name == scenario::kRestart ||
                text.find(std::string(form.name) + ":") != text.npos)
        << form.name;
  const auto scenario = loaded_from(file);
  SimOptions options;
  options.seed = 1;
  const auto results = play_in_virtual_time(*scenario, options);
  EXPECT_EQ(render(*scenario, results.at(0).outcome), "");
}

TEST(Hooks, ARestartForgetsNoStrategy) {
  const auto loaded = scenario::load(R"(title: t
roles: {pc: device, agent: {agent: {of: pc}}}
variables: {name: {new: id}}
steps:
- {role: pc, start: true}
- {role: pc, expect: {state: {registered: true}}, within: 20s}
- {role: agent, start: true}
- {role: agent, expect: {agent: {sysinfo_uploaded: true}}, within: 30s}
- {operator: {put-strategy: {strategy: "${name}", options: {enable-audio: "N"}}}}
- {operator: {strategy-of-device: {device: "${pc.id}", strategy: "${name}"}}}
- {operator: {restart: {}}}
- {operator: {read-device: {device: "${pc.id}"}}, expect: {device: {strategy: "${name}"}}}
)",
                                     "s.yaml");
  ASSERT_TRUE(loaded) << render(loaded.error());
  SimOptions options;
  options.seed = 1;
  const auto results = play_in_virtual_time(*loaded, options);
  EXPECT_EQ(render(*loaded, results.at(0).outcome), "");
}

// What a scenario leaves behind is taken away, also when it fails.
TEST(Hooks, WhatTheyHaveMadeIsRemovedAtTheEnd) {
  const auto loaded = scenario::load(
      "title: t\nroles: {me: account}\nvariables: {name: {new: id}, word: {new: "
      "password}}\nsteps:\n"
      "- {operator: {put-user: {user: '${name}', password: '${word}'}}}\n"
      "- {operator: {put-strategy: {strategy: '${name}', options: {}}}}\n"
      "- {role: me, login: {user: '${name}', password: wrong}}\n"
      "- {role: me, expect: {account: {signed_in: true}}, within: 1s}\n",
      "s.yaml");
  ASSERT_TRUE(loaded) << render(loaded.error());
  SimOptions options;
  options.seed = 1;
  const auto result = play_in_virtual_time(*loaded, options).at(0);
  EXPECT_EQ(result.outcome.status, scenario::Outcome::Status::failed);
  const auto conversation = sim::render(result.transcript);
  EXPECT_THAT(conversation, testing::HasSubstr("uses the hook 'remove-user'"));
  EXPECT_THAT(conversation, testing::HasSubstr("uses the hook 'remove-strategy'"));
  EXPECT_THAT(conversation, testing::Not(testing::HasSubstr("Dc7-"))) << "passwords are not shown";
}

// --- folders of cases ----------------------------------------------------------------------------

class Folder : public testing::Test {
 protected:
  Folder() { std::filesystem::create_directories(folder_); }
  ~Folder() override { std::filesystem::remove_all(folder_); }

  void write(const char* name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  std::string mistakes(const Registry& registry = Registry::built_in()) {
    const auto cases = load_cases(folder_, registry, others_);
    return cases ? "none" : render(cases.error());
  }

  const std::vector<Case> others_{make_case("taken/by-others", nullptr, checks("RDV-REGPK-01"))};
  const std::filesystem::path folder_ =
      testing::TempDir() + "deskcheck-cases-" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

constexpr char kSteps[] = "title: t\nroles: {a: udp}\nsteps:\n- {role: a, barrier: true";

TEST_F(Folder, WhatIsRightJoinsTheSuite) {
  write("one.yaml", kSteps + std::string(", checks: RDV-REGPEER-01}\n"));
  write("notes.txt", "no scenario");
  const auto cases = load_cases(folder_, Registry::built_in(), others_);
  ASSERT_TRUE(cases);
  ASSERT_EQ(cases->size(), 1U);
  EXPECT_EQ(cases->at(0).id, "scenario/one");
  EXPECT_THAT(cases->at(0).requirements, testing::ElementsAre("RDV-REGPEER-01"));
}

TEST_F(Folder, UnknownRequirements) {
  write("one.yaml", kSteps + std::string(", checks: RDV-REGPEER-1}\n"));
  EXPECT_THAT(mistakes(), testing::HasSubstr(
                              "one.yaml:4:36: there is no requirement RDV-REGPEER-1; did you mean "
                              "RDV-REGPEER-01?"));
}

TEST_F(Folder, RequirementsWithoutAPlaceInTheSuite) {
  write("one.yaml", kSteps + std::string(", checks: AB-01}\n"));
  const auto registry = parse(kHeader + row("AB-01"), "pattern\treason\nAB-01\tnot checked yet\n");
  ASSERT_TRUE(registry);
  EXPECT_THAT(mistakes(*registry),
              testing::HasSubstr("AB-01 has no place in the suite: not checked yet"));
}

TEST_F(Folder, ScenariosThatJudgeNothing) {
  write("one.yaml", kSteps + std::string("}\n"));
  EXPECT_THAT(mistakes(), testing::HasSubstr("one.yaml: this scenario judges no requirement"));
}

TEST_F(Folder, IdsThatAreTaken) {
  const std::string end = ", checks: RDV-REGPEER-01}\nid: ";
  write("one.yaml", kSteps + end + others_.front().id + "\n");
  write("two.yaml", kSteps + end + "mine\n");
  write("zoo.yaml", kSteps + end + "mine\n");
  EXPECT_THAT(mistakes(), testing::HasSubstr("another case is called taken/by-others"));
  EXPECT_THAT(mistakes(), testing::HasSubstr("zoo.yaml: another case is called mine"));
}

TEST_F(Folder, NothingThere) {
  EXPECT_THAT(mistakes(), testing::HasSubstr("there are no scenarios here"));
  const auto none = load_cases(folder_ / "no", Registry::built_in(), others_);
  EXPECT_THAT(render(none.error()), testing::HasSubstr("name a folder with scenario files"));
}

}  // namespace
}  // namespace deskcheck::conformance
