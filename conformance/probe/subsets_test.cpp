// Forty servers, each of which lacks other capabilities: what the probe says about them is right,
// and the suite finds nothing wrong with the target files that come of it.
#include "conformance/doctor/clinic.hpp"
#include "conformance/lab/case.hpp"
#include "conformance/probe/probe.hpp"
#include "conformance/probe/render.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"
#include "reference-server/capabilities.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deskcheck::probe {
namespace {

using doctor::Clinic;

constexpr int kSubsets = 40;

const conformance::Registry& registry() {
  static const auto all = conformance::Registry::built_in();
  return all;
}

// From few to many of them; with what needs them.
std::set<std::string> subset(int seed) {
  net::Random random(static_cast<std::uint64_t>(seed));
  const auto share = random.below(30) + 2;  // per cent
  std::set<std::string> without;
  for (const auto name : server::capabilities())
    if (random.below(100) < share) without.emplace(name);
  return server::with_what_needs_them(std::move(without));
}

struct Probed {
  Subject subject;
  Findings findings;
};

Probed probe(const std::set<std::string>& without, bool with_account) {
  Clinic clinic;
  clinic.options.sign_plugins = true;
  clinic.options.downloads = {{"sample.bin", "a file"}};
  clinic.patient.profile.download = "/downloads/sample.bin";
  clinic.options.without = without;
  if (without.contains("rendezvous.signed-keys")) {
    clinic.patient.profile.key.reset();
    clinic.patient.key.clear();
  }
  if (with_account) clinic.patient.account = {"ann", "correct horse"};
  clinic.patient.identity = doctor::identity_of("the tests", kIdPrefix);
  Probed probed;
  probed.subject = clinic.patient;
  clinic.during([&](net::World world) -> net::awaitable<void> {
    Subject copy = clinic.patient;
    probed.findings = co_await examine(std::move(world), std::move(copy), registry());
  });
  return probed;
}

class Subset : public testing::TestWithParam<int> {};

TEST_P(Subset, IsFound) {
  const auto without = subset(GetParam());
  SCOPED_TRACE(fmt::format("without {}", fmt::join(without, ", ")));
  for (const bool with_account : {false, true}) {
    const auto findings = probe(without, with_account).findings;
    for (const auto& [name, finding] : findings.capabilities) {
      const auto line = fmt::format("{} {}: {}", name, to_string(finding.answer), finding.why);
      if (finding.answer == Answer::present) {
        EXPECT_FALSE(without.contains(name)) << line;
      }
      if (finding.answer == Answer::absent) {
        EXPECT_TRUE(without.contains(name)) << line;
      }
    }
  }
}

// Each subset has its share of the cases; together they are the whole suite.
TEST_P(Subset, HasATargetFileThatTheSuiteAgreesWith) {
  const auto without = subset(GetParam());
  SCOPED_TRACE(fmt::format("without {}", fmt::join(without, ", ")));
  const auto probed = probe(without, true);
  if (probed.findings.unreachable) return;  // nobody writes a file about nobody
  FileFacts facts;
  facts.password_env = "PASSWORD";
  const auto text = target_yaml(probed.subject, probed.findings, facts);
  auto profile = conformance::parse_target(text, "target.yaml", registry(), [](const std::string&) {
    return std::optional<std::string>("correct horse");
  });
  ASSERT_TRUE(profile) << document::render(profile.error()) << text;
  profile->host = "10.0.0.1";  // names are resolved by the system otherwise
  conformance::RunOptions options;
  conformance::Shard share;
  share.index = static_cast<std::size_t>(GetParam());
  share.count = kSubsets;
  options.cases = conformance::select_cases(conformance::all_cases(), registry(), {},
                                            conformance::Level::may, share);
  options.seed = static_cast<std::uint64_t>(GetParam());
  options.target = conformance::resolve_target(*profile);
  options.lack.without = without;
  // Some cases need as a tool what this server does not have, and are blocked; none judges it
  // wrong.
  std::size_t passed = 0;
  for (const auto& result : conformance::run_in_virtual_time(registry(), options).results) {
    passed += result.status == conformance::Status::pass ? 1 : 0;
    for (const auto& check : result.checks)
      EXPECT_NE(check.status, conformance::Status::fail)
          << result.id << ": " << check.requirement << " expected " << check.expected << ", got "
          << check.actual << '\n'
          << text;
    EXPECT_NE(result.status, conformance::Status::harness_error) << result.id << result.why;
  }
  EXPECT_GT(passed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Forty, Subset, testing::Range(1, kSubsets + 1));

// Otherwise "unknown" would be right every time.
TEST(Subsets, AreMostlyKnown) {
  std::size_t known = 0, all = 0;
  for (int seed = 1; seed <= kSubsets; ++seed) {
    const auto findings = probe(subset(seed), true).findings;
    if (findings.unreachable) continue;
    for (const auto& [name, finding] : findings.capabilities) {
      known += finding.answer != Answer::unknown ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GT(known * 100, all * 80) << known << " of " << all;
}

}  // namespace
}  // namespace deskcheck::probe
