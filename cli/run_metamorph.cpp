#include "cli/run_metamorph.hpp"

#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "conformance/runner/metamorph.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::cli {

namespace {

using namespace conformance;

RunReport run_once(const RunCommand& c, const Registry& registry, RunOptions& options,
                   TextStyle style) {
  Progress progress(style);
  options.on_result = [&](const CaseResult& result, std::size_t done, std::size_t total) {
    progress.finished(result, done, total);
  };
  if (!c.virtual_time) return run_in_real_time(registry, options);
  Interrupt interrupt;
  options.interrupted = [&] { return interrupt.happened(); };
  return run_in_virtual_time(registry, options);
}

// The conversations of those that are not as they should be, once for each case.
void show_evidence(const std::vector<Difference>& found, const RunReport& report,
                   const Registry& registry, TextStyle style) {
  for (const auto& result : report.results) {
    const bool differs = std::any_of(found.begin(), found.end(), [&](const Difference& one) {
      return one.which == result.id && one.repetition == result.repetition;
    });
    if (differs) fmt::print("{}", evidence(result, report, registry, style));
  }
}

}  // namespace

bool run_metamorph(const RunCommand& c, const Registry& registry, RunOptions options,
                   const RunReport& plain, TextStyle style) {
  bool same = true;
  options.excused = nullptr;
  for (const auto transformation : transformations(c.virtual_time)) {
    fmt::print("\nonce more, with {}\n", to_string(transformation));
    options.transformation = transformation;
    RunReport report = run_once(c, registry, options, style);
    report.target_flags = plain.target_flags + " --metamorph";
    const auto found = differences(plain, report);
    show_evidence(found, report, registry, style);
    fmt::print("{}", to_text(found, transformation));
    fmt::print(
        "with {}: {}\n", to_string(transformation),
        found.empty() ? "the same verdicts" : fmt::format("{} other verdicts", found.size()));
    same = same && found.empty();
    if (report.interrupted) return false;
  }
  return same;
}

}  // namespace deskcheck::cli
