// `deskcheck selftest`: the matrix of faults.
#include "conformance/selftest/selftest.hpp"

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "conformance/registry/glob.hpp"
#include "conformance/runner/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace deskcheck::cli {

using namespace conformance;

int execute(const SelftestCommand& c) {
  const auto registry = Registry::built_in();
  SelftestOptions options;
  options.cases = select_cases(registry, c.filters, Level::may);
  options.seed = c.seed;
  options.threads = c.jobs;
  options.quick = c.quick;
  for (const auto* fault : faults_to_kill(registry))
    if (c.faults.empty() || std::any_of(c.faults.begin(), c.faults.end(), [&](const auto& glob) {
          return glob_matches(glob, fault->id);
        }))
      options.faults.push_back(fault);
  if (options.faults.empty())
    throw UsageError(fmt::format("--fault {} matches no fault; see deskcheck list --faults",
                                 fmt::join(c.faults, ",")));
  Interrupt interrupt;
  options.interrupted = [&] { return interrupt.happened(); };
  options.on_fault = [&](const FaultResult& result, std::size_t done, std::size_t total) {
    if (is_terminal())
      fmt::print("\r\x1b[K[{}/{}] {}", done, total, result.fault->id), std::fflush(stdout);
  };
  const auto report = selftest(registry, options);
  if (is_terminal()) fmt::print("\r\x1b[K");
  fmt::print("{}", to_text(report));
  const auto waiting = server::declared_faults().size() - faults_to_kill(registry).size();
  if (waiting > 0)
    fmt::print(
        "{} more faults break requirements that have no case yet (deskcheck list --faults)\n",
        waiting);
  return report.proven() && !interrupt.happened() ? 0 : 1;
}

}  // namespace deskcheck::cli
