// The whole API suite in virtual time, with accounts that are lent by name and with such that hooks
// have made: no verdict may depend on that.
#include "conformance/runner/run.hpp"
#include "conformance/runner/run_accounts.hpp"
#include "conformance/runner/selection.hpp"

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

std::map<std::string, std::string> verdicts_of(const RunReport& report) {
  std::map<std::string, std::string> verdicts;
  for (const auto& result : report.results) {
    auto& all = verdicts[result.id];
    for (const auto& check : result.checks)
      all += check.requirement + ' ' + std::string(to_string(check.status)) + '\n';
    if (result.status != Status::pass) all += result.why;
  }
  return verdicts;
}

RunOptions options_for(const Registry& registry, const std::vector<std::string>& filters,
                       bool by_hooks) {
  RunOptions options;
  options.cases = select_cases(registry, filters, Level::may);
  options.seed = 6;
  options.accounts_by_hooks = by_hooks;
  options.watch_signals = false;
  return options;
}

void expect_equal(const RunReport& by_name, const RunReport& by_hooks) {
  const auto expected = verdicts_of(by_name), found = verdicts_of(by_hooks);
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [id, verdicts] : expected) EXPECT_EQ(found.at(id), verdicts) << id;
  EXPECT_THAT(by_hooks.footprint.notes, testing::IsEmpty());
  ASSERT_TRUE(by_hooks.footprint.things.contains(Thing::user));
  // People whom identity providers have vouched for come by themselves.
  EXPECT_THAT(by_hooks.footprint.things.at(Thing::user).left,
              testing::Each(testing::HasSubstr("-person")));
}

TEST(AccountsByHooks, GiveTheSameVerdictsInVirtualTime) {
  const auto registry = Registry::built_in();
  const auto by_name = run_in_virtual_time(registry, options_for(registry, {"HTTP-*"}, false));
  EXPECT_GT(by_name.results.size(), 150U);
  expect_equal(by_name, run_in_virtual_time(registry, options_for(registry, {"HTTP-*"}, true)));
}

TEST(AccountsByHooks, GiveTheSameVerdictsOnSockets) {
  const auto registry = Registry::built_in();
  const std::vector<std::string> filters{"api/login/*", "api/logout/*", "api/current-user/*"};
  expect_equal(run_in_real_time(registry, options_for(registry, filters, false)),
               run_in_real_time(registry, options_for(registry, filters, true)));
}

}  // namespace
}  // namespace deskcheck::conformance
