#include "conformance/report/text.hpp"

#include "conformance/report/clients.hpp"
#include "conformance/report/footprint.hpp"
#include "conformance/report/profiles.hpp"
#include "conformance/report/utf8.hpp"
#include "conformance/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace deskcheck::conformance {

namespace {

std::string paint(std::string_view text, const char* code, TextStyle style) {
  if (!style.colour) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

const char* colour_of(Status status) {
  switch (status) {
    case Status::pass:
      return "32";
    case Status::fail:
    case Status::harness_error:
      return "31;1";
    case Status::blocked:
    case Status::unexpected_pass:
      return "33";
    default:
      return "2";
  }
}

double seconds(net::Duration time) { return std::chrono::duration<double>(time).count(); }

std::string indent(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += fmt::format("{}{}\n", by, text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

// What was expected and what came instead.
using Difference = std::pair<std::string_view, std::string_view>;

// In the order in which they came, each once.
std::vector<std::pair<Difference, int>> count_differences(const CaseResult& result,
                                                          std::string_view requirement) {
  std::vector<std::pair<Difference, int>> counted;
  for (const auto& check : result.checks) {
    if (check.status != Status::fail || check.requirement != requirement) continue;
    const Difference difference(check.expected, check.actual);
    const auto known =
        std::ranges::find(counted, difference, [](const auto& c) { return c.first; });
    if (known == counted.end())
      counted.emplace_back(difference, 1);
    else
      ++known->second;
  }
  return counted;
}

std::string failed_requirement(const CaseResult& result, const Requirement& requirement) {
  std::string out =
      fmt::format("  {} {}  {}\n", requirement.id, to_string(requirement.level), requirement.text);
  for (const auto& [difference, times] : count_differences(result, requirement.id))
    out += fmt::format("    expected  {}\n    actual    {}{}\n", for_terminal(difference.first),
                       for_terminal(difference.second),
                       times > 1 ? fmt::format("  ({} times)", times) : "");
  if (!requirement.harm.empty()) out += fmt::format("    harm      {}\n", requirement.harm);
  out += fmt::format("    evidence  {}\n", requirement.evidence);
  if (!requirement.guide.empty()) out += fmt::format("    guide     {}\n", requirement.guide);
  return out;
}

std::string failed_requirements(const CaseResult& result, const Registry& registry) {
  std::string out;
  std::set<std::string_view> told;
  for (const auto& check : result.checks) {
    if (check.status != Status::fail || !told.insert(check.requirement).second) continue;
    if (const auto* requirement = registry.find(check.requirement))
      out += failed_requirement(result, *requirement);
  }
  return out;
}

struct Column {
  Status status;
  const char* title;
};
// Those of baselines are shown where there are any.
constexpr std::array kColumns{Column{Status::pass, "pass"},
                              Column{Status::fail, "fail"},
                              Column{Status::expected_failure, "known"},
                              Column{Status::known_flaky, "flaky"},
                              Column{Status::unexpected_pass, "mended"},
                              Column{Status::blocked, "blocked"},
                              Column{Status::not_applicable, "n/a"},
                              Column{Status::not_run, "not run"},
                              Column{Status::harness_error, "harness"}};

using Row = std::map<Status, int>;

std::vector<Column> columns_for(const std::map<std::string, Status>& verdicts) {
  std::vector<Column> columns;
  for (const auto& column : kColumns) {
    const bool of_baselines = column.status == Status::expected_failure ||
                              column.status == Status::known_flaky ||
                              column.status == Status::unexpected_pass;
    if (!of_baselines || std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& verdict) {
          return verdict.second == column.status;
        }))
      columns.push_back(column);
  }
  return columns;
}

std::string table_row(std::string_view name, const Row& row, const std::vector<Column>& columns) {
  int total = 0;
  for (const auto& [status, count] : row) total += count;
  std::string out = fmt::format("{:<28}{:>6}", name, total);
  for (const auto& column : columns) {
    const auto found = row.find(column.status);
    const int count = found == row.end() ? 0 : found->second;
    out += count ? fmt::format("{:>10}", count) : fmt::format("{:>10}", ".");
  }
  return out + "\n";
}

const char* colour_of(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::conforms:
      return "32";
    case Verdict::Kind::does_not_conform:
      return "31;1";
    case Verdict::Kind::conforms_with_remarks:
    case Verdict::Kind::none:
      break;
  }
  return "33";
}

// Flaky entries that failed, with how often; entries that have to go or to be looked at.
std::string baseline_lines(const BaselineOutcome& baseline, TextStyle style) {
  std::string out;
  for (const auto& entry : baseline.entries)
    if (entry.flaky && entry.failed > 0)
      out += fmt::format("{}: {} {}\n", entry.where, entry.entry, for_terminal(flakiness(entry)));
  for (const auto& complaint : baseline.complaints())
    out += paint(fmt::format("{}: {} {}", complaint.where, complaint.entry,
                             for_terminal(complaint.text)),
                 "33", style) +
           "\n";
  return out;
}

// Which clients meet a broken MUST, where there is one.
std::string clients_line(const RunReport& report, const Registry& registry) {
  std::string good, list;
  for (const auto& span : client_spans(report, registry, Level::must)) {
    if (span.must.empty())
      good += fmt::format("{}{}", good.empty() ? "" : ", ", to_text(span));
    else
      list += fmt::format("  {:<20}{:>4} MUST fail\n", to_text(span), span.must.size());
  }
  if (list.empty()) return {};
  return fmt::format("\nclients that meet a broken MUST{}\n{}\n",
                     good.empty() ? "" : " (" + good + " meet none)", list);
}

}  // namespace

std::string target_name(const RunReport& report) {
  return report.target_version.empty() ? report.target
                                       : report.target + ' ' + report.target_version;
}

std::string result_line(const CaseResult& result, TextStyle style) {
  const std::string status =
      paint(fmt::format("{:<14} ", to_string(result.status)), colour_of(result.status), style);
  std::string line = fmt::format("{}{:<52}{:>9.3f} s", status, result.id, seconds(result.took));
  if (!result.why.empty()) line += "  " + for_terminal(result.why);
  return line + "\n";
}

std::string reproduce_line(const CaseResult& result, const RunReport& report) {
  std::string line = fmt::format("deskcheck run --filter '{}' --seed {}", result.id,
                                 report.seed + static_cast<std::uint64_t>(result.repetition));
  if (report.world == "virtual") line += " --virtual-time";
  return line + report.target_flags;
}

std::string evidence(const CaseResult& result, const RunReport& report, const Registry& registry,
                     TextStyle style) {
  if (!result.unexpected() || result.status == Status::not_run) return {};
  std::string out = "\n" + result_line(result, style);
  if (result.blame != Blame::none) out += fmt::format("  to blame: {}\n", to_string(result.blame));
  out += failed_requirements(result, registry);
  if (!result.conversation.empty())
    out += "  conversation\n" + indent(for_terminal(sim::render(result.conversation)), "    ");
  out += "  reproduce  " + reproduce_line(result, report) + "\n";
  return out;
}

std::string verdict_table(const RunReport& report, const Registry& registry, TextStyle style) {
  const auto verdicts = judge_requirements(report);
  std::map<std::string, Row> areas;
  std::map<Level, Row> levels;
  for (const auto& [id, status] : verdicts) {
    const auto* requirement = registry.find(id);
    if (!requirement) continue;
    ++areas[requirement->area][status];
    ++levels[requirement->level][status];
  }
  std::string out = fmt::format("\n{:<28}{:>6}", "requirements", "all");
  const auto columns = columns_for(verdicts);
  for (const auto& column : columns) out += fmt::format("{:>10}", column.title);
  out += "\n";
  for (const auto& [area, row] : areas) out += table_row(area, row, columns);
  out += std::string(34 + 10 * columns.size(), '-') + "\n";
  for (const auto& [level, row] : levels) out += table_row(to_string(level), row, columns);
  const auto counts = count_cases(report);
  out += fmt::format("\n{} cases in {:.1f} s ({} time, seed {}): ", report.results.size(),
                     seconds(report.took), report.world, report.seed);
  std::string list;
  for (const auto& [status, count] : counts)
    if (count) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, to_string(status));
  out += list + "\n";
  out += baseline_lines(report.baseline, style);
  out += profile_table(judge_profiles(report, registry));
  out += effects_line(report);
  out += footprint_lines(report.footprint);
  out += clients_line(report, registry);
  const auto [kind, sentence] = verdict(report, registry);
  return out + fmt::format("{}: ", target_name(report)) + paint(sentence, colour_of(kind), style) +
         "\n";
}

}  // namespace deskcheck::conformance
