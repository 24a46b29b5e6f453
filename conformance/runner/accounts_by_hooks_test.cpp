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

RunReport run(bool by_hooks) {
  const auto registry = Registry::built_in();
  RunOptions options;
  options.cases = select_cases(registry, {"HTTP-*"}, Level::may);
  options.seed = 6;
  options.accounts_by_hooks = by_hooks;
  return run_in_virtual_time(registry, options);
}

TEST(AccountsByHooks, GiveTheSameVerdicts) {
  const auto by_name = run(false), by_hooks = run(true);
  EXPECT_GT(by_name.results.size(), 150U);
  const auto expected = verdicts_of(by_name), found = verdicts_of(by_hooks);
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [id, verdicts] : expected) EXPECT_EQ(found.at(id), verdicts) << id;
  EXPECT_THAT(by_hooks.footprint.notes, testing::IsEmpty());
}

}  // namespace
}  // namespace deskcheck::conformance
