// `deskcheck sim`: one scenario, played once or by many.
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/run_target.hpp"
#include "client-sim/channel/render.hpp"
#include "conformance/runner/result.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/scenario/sim_run.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace deskcheck::cli {

namespace {

using namespace conformance;
using Ending = scenario::Outcome::Status;

void show_conversation(const SimResult& result) {
  fmt::print("  conversation\n");
  const auto text = sim::render(result.transcript);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    fmt::print("    {}\n", text.substr(at, end - at));
    at = end + 1;
  }
}

constexpr int kMostShown = 3;  // conversations of instances; many fail for the same reason

void show(const SimCommand& c, const scenario::Scenario& scenario, const SimResult& result,
          std::size_t index, int& shown) {
  if (!result.finished || (result.outcome.status == Ending::passed && !c.show)) return;
  if (++shown > kMostShown) return;
  if (c.instances > 1) fmt::print("instance {}: ", index + 1);
  if (result.outcome.status == Ending::passed)
    fmt::print("passed  {}: {}\n", scenario.id, scenario.title);
  fmt::print("{}", render(scenario, result.outcome));
  if (result.outcome.status != Ending::not_applicable) show_conversation(result);
}

ExitCode conclude(const SimCommand& c, const scenario::Scenario& scenario,
                  const std::vector<SimResult>& results, std::uint64_t seed) {
  std::map<Ending, int> counts;
  int interrupted = 0;
  net::Duration longest{};
  for (const auto& result : results) {
    longest = std::max(longest, result.took);
    if (result.finished)
      ++counts[result.outcome.status];
    else
      ++interrupted;
  }
  std::string text;
  for (const auto& [status, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(status));
  if (interrupted > 0)
    text += fmt::format("{}{} interrupted", text.empty() ? "" : ", ", interrupted);
  fmt::print("{}: {} ({:.3f} s in {} time, seed {})\n", scenario.id, text,
             std::chrono::duration<double>(longest).count(), c.virtual_time ? "virtual" : "real",
             seed);
  if (counts.contains(Ending::broken)) return ExitCode::usage;
  return counts.contains(Ending::failed) || interrupted > 0 ? ExitCode::unexpected_failures
                                                            : ExitCode::as_expected;
}

}  // namespace

int execute(const SimCommand& c) {
  if (c.schema) {
    fmt::print("{}", scenario::schema_text());
    return 0;
  }
  if (c.file.empty())
    throw UsageError("a scenario is missing: deskcheck sim FILE; see deskcheck sim --help");
  const auto scenario = scenario::load(read_document(c.file, "a scenario"), c.file);
  if (!scenario) refuse(scenario.error());
  if (c.check) {
    fmt::print("{}: no mistakes\n", c.file);
    return 0;
  }
  const auto registry = Registry::built_in();
  check_target_flags(c, registry);
  SimOptions options;
  options.instances = c.instances;
  options.seed = c.seed ? *c.seed : net::Random::system().next() % 1'000'000;
  options.faults = faults_named(c.faults);
  const auto profile = choose_target(c, registry);
  options.sources = profile ? profile->sources : parse_source_network(c.source_addresses);
  if (profile) {
    options.target = resolve_target(*profile);
    if (const auto problem = find_problem(*options.target, options.sources)) {
      fmt::print(stderr, "deskcheck: {}\n", problem->text);
      return static_cast<int>(problem->code);
    }
  }
  const auto results = c.virtual_time ? play_in_virtual_time(*scenario, options)
                                      : play_in_real_time(*scenario, options);
  int shown = 0;
  for (std::size_t i = 0; i < results.size(); ++i) show(c, *scenario, results[i], i, shown);
  if (shown > kMostShown) fmt::print("... and {} more instances like these\n", shown - kMostShown);
  return static_cast<int>(conclude(c, *scenario, results, options.seed));
}

}  // namespace deskcheck::cli
