// `deskcheck list --coverage`: what a run has judged. Without a report of one it runs the suite in
// virtual time.
#include "conformance/report/coverage.hpp"

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "conformance/report/json.hpp"
#include "conformance/report/read.hpp"
#include "conformance/runner/run.hpp"
#include "conformance/runner/selection.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace deskcheck::cli {

namespace {

using namespace conformance;

boost::json::object report_of_virtual_run(const Registry& registry) {
  Interrupt interrupt;
  RunOptions options;
  options.cases = select_cases(registry, {}, Level::may);
  options.seed = 1;
  options.interrupted = [&] { return interrupt.happened(); };
  return read_report(to_json(run_in_virtual_time(registry, options), registry));
}

Declared declared_by_cases() {
  Declared declared;
  for (const auto& one : all_cases())
    declared.insert(one.requirements.begin(), one.requirements.end());
  return declared;
}

}  // namespace

int show_coverage(const ListCommand& c) {
  const auto registry = Registry::built_in();
  boost::json::object report;
  if (c.report.empty()) {
    report = report_of_virtual_run(registry);
  } else {
    try {
      report = read_report(read_file(c.report));
    } catch (const std::invalid_argument& error) {
      throw UsageError(c.report + ": " + error.what());
    }
  }
  const auto covered = coverage(report, registry, declared_by_cases(), c.globs);
  if (covered.rows.empty())
    throw UsageError(fmt::format("nothing matches {}", fmt::join(c.globs, " ")));
  fmt::print("{}", to_text(covered));
  return static_cast<int>(covered.complete() ? ExitCode::as_expected
                                             : ExitCode::unexpected_failures);
}

}  // namespace deskcheck::cli
