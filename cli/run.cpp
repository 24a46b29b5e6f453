// `deskcheck run`: from flags to a plan, from a plan to reports.
#include "conformance/runner/run.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/run_baseline.hpp"
#include "cli/run_metamorph.hpp"
#include "cli/run_reports.hpp"
#include "cli/run_target.hpp"
#include "cli/spawn.hpp"
#include "conformance/baseline/baseline_file.hpp"
#include "conformance/report/text.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "proto/net/calendar.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>

namespace deskcheck::cli {

namespace {

using namespace conformance;

// Those of the suite, and the scenarios of the user.
std::vector<Case> cases_of(const RunCommand& c, const Registry& registry) {
  std::vector<Case> cases = all_cases();
  if (c.cases_folder.empty()) return cases;
  auto scenarios = load_cases(c.cases_folder, registry, cases);
  if (!scenarios) refuse(scenarios.error());
  std::ranges::move(*scenarios, std::back_inserter(cases));
  return cases;
}

void show_plan(const RunCommand& c, const RunOptions& options) {
  std::size_t left_out = 0;
  for (const Case* one : options.cases) {
    std::string ids;
    for (const auto& id : one->requirements) ids += (ids.empty() ? "" : " ") + id;
    const auto more = more_than_allowed(*one, options);
    left_out += !more.empty();
    fmt::print("{:<52}{}{}\n", one->id, ids,
               more.empty() ? "" : "  (left out: " + to_string(more) + ")");
  }
  if (!c.dry_run) return;
  const std::string where =
      options.target ? options.target->name : "the reference server in this process";
  fmt::print("\nwould run {} cases {} times in {} time against {}, seed {}\n",
             options.cases.size() - left_out, options.repeat, c.virtual_time ? "virtual" : "real",
             where, options.seed);
  fmt::print("effects     {}; {} cases do more and are left out, see --effects\n",
             to_string(options.effects), left_out);
}

RunReport run_with_progress(const RunCommand& c, const Registry& registry, RunOptions& options,
                            const RunBaseline& baseline, TextStyle style) {
  Progress progress(style);
  options.excused = [&](const CaseResult& result) { return !baseline.seen(result).unexpected(); };
  options.on_result = [&](const CaseResult& result, std::size_t done, std::size_t total) {
    progress.finished(baseline.seen(result), done, total);
  };
  if (!c.virtual_time) return run_in_real_time(registry, options);
  Interrupt interrupt;
  options.interrupted = [&] { return interrupt.happened(); };
  return run_in_virtual_time(registry, options);
}

// Whether the target can be tested; starts it if it has to be started.
std::optional<Problem> meet(const RunOptions& options, SpawnedTarget* spawned) {
  if (!options.target) return std::nullopt;
  if (!spawned) return find_problem(*options.target, options.sources);
  spawned->start();
  return spawned->wait_until_ready(*options.target, options.sources);
}

void say_how_it_was_run(const RunCommand& c, RunReport& report) {
  report.version = DESKCHECK_VERSION;
  for (const auto& one : profiles_named(c.profiles)) report.profiles.push_back(one.name);
  report.target_flags = target_flags(c);
  if (c.https) report.target_flags += " --https";
  if (!c.effects.empty())
    report.target_flags += fmt::format(" --effects {}", fmt::join(c.effects, ","));
  if (!c.cases_folder.empty()) report.target_flags += fmt::format(" --cases '{}'", c.cases_folder);
}

void tell_of_end(const RunReport& report, SpawnedTarget* spawned) {
  if (!report.lost.empty())
    fmt::print(stderr, "deskcheck: {}; start it again, and run them alone with --jobs 1\n",
               report.lost);
  if (spawned)
    if (const auto text = spawned->obituary()) fmt::print(stderr, "deskcheck: {}\n", *text);
}

// A baseline that was to be rewritten and was not is the user's to know, even if all else is well.
int tell_refusal(const RunBaseline& baseline, ExitCode code) {
  fmt::print(stderr, "deskcheck: {}\n", baseline.refusal());
  const bool good = code == ExitCode::as_expected || code == ExitCode::stale_baseline;
  return static_cast<int>(good ? ExitCode::usage : code);
}

}  // namespace

int execute(const RunCommand& c) {
  if (c.target_schema || c.baseline_schema) {
    fmt::print("{}", c.target_schema ? target_schema() : baseline_schema());
    return 0;
  }
  const auto registry = Registry::built_in();
  check_target_flags(c, registry);
  if (c.budget && c.virtual_time)
    throw UsageError("--budget is for real time; a run in virtual time takes seconds anyway");
  if (c.budget && c.metamorph)
    throw UsageError("--metamorph compares whole runs; leave out --budget, or narrow --filter");
  const auto cases = cases_of(c, registry);
  RunOptions options;
  options.cases = select_cases(cases, registry, c.filters, c.level, c.shard, c.profiles);
  options.level = c.level;
  options.client = c.client;
  options.repeat = c.repeat;
  options.until_failure = c.until_failure;
  options.jobs = c.jobs;
  options.budget = c.budget;
  options.seed = c.seed ? *c.seed : net::Random::system().next() % 1'000'000;
  options.faults = faults_named(c.faults);
  options.lack = lack_of_built_in(c, registry);
  auto profile = choose_target(c, registry);
  const std::string command = profile ? with_free_ports(c.spawn, *profile) : "";
  options.sources = profile ? profile->sources : parse_source_network(c.source_addresses);
  if (profile) options.target = resolve_target(*profile);
  std::unique_ptr<SpawnedTarget> spawned;
  if (!command.empty())
    spawned = std::make_unique<SpawnedTarget>(command, c.spawn_log, c.spawn_seconds);
  options.spawned = spawned.get();
  options.effects = effects_named(c.effects, options.target);
  if (profile && c.https)
    throw UsageError("--https is for the reference server; for another one say --api https://HOST");
  options.https = c.https;
  RunBaseline baseline(c, choose_baseline(c, profile), known_cases(cases, registry));
  if (c.list || c.dry_run) {
    show_plan(c, options);
    if (c.dry_run && profile) fmt::print("{}", describe(*profile, *options.target));
    if (c.dry_run) fmt::print("{}", baseline.description());
    return 0;
  }
  RunReports reports(c);
  if (const auto problem = meet(options, spawned.get())) {
    fmt::print(stderr, "deskcheck: {}\n", problem->text);
    return static_cast<int>(problem->code);
  }
  const TextStyle style{!c.no_colour && is_terminal()};
  const auto begun = net::utc_now();
  RunReport report = run_with_progress(c, registry, options, baseline, style);
  report.date = begun;
  if (profile) report.target_version = profile->version;
  say_how_it_was_run(c, report);
  report = baseline.judge(std::move(report));
  for (const auto& result : report.results)
    fmt::print("{}", evidence(result, report, registry, style));
  fmt::print("{}", verdict_table(report, registry, style));
  if (!baseline.note().empty()) fmt::print("{}\n", baseline.note());
  reports.write(report, registry);
  if (baseline.failure()) throw *baseline.failure();
  tell_of_end(report, spawned.get());
  const auto code = exit_code(report);
  if (!baseline.refusal().empty()) return tell_refusal(baseline, code);
  if (!c.metamorph || report.interrupted || !report.lost.empty()) return static_cast<int>(code);
  const bool same = run_metamorph(c, registry, options, report, style);
  const bool good = code == ExitCode::as_expected || code == ExitCode::stale_baseline;
  return static_cast<int>(good && !same ? ExitCode::unexpected_failures : code);
}

}  // namespace deskcheck::cli
