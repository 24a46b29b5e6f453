#include "conformance/report/text.hpp"

#include "conformance/report/verdict.hpp"

#include <fmt/format.h>

#include <array>

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

std::string failed_check(const Check& check, const Registry& registry) {
  std::string out;
  if (const auto* requirement = registry.find(check.requirement)) {
    out += fmt::format("  {} {}  {}\n", check.requirement, to_string(requirement->level),
                       requirement->text);
    out += fmt::format("    expected  {}\n    actual    {}\n", check.expected, check.actual);
    if (!requirement->harm.empty()) out += fmt::format("    harm      {}\n", requirement->harm);
    out += fmt::format("    evidence  {}\n", requirement->evidence);
  }
  return out;
}

// Statuses of the table's columns; the rest is rare and shown below it.
constexpr std::array kColumns{Status::pass,           Status::fail,    Status::blocked,
                              Status::not_applicable, Status::not_run, Status::harness_error};

using Row = std::map<Status, int>;

std::string table_row(std::string_view name, const Row& row) {
  int total = 0;
  for (const auto& [status, count] : row) total += count;
  std::string out = fmt::format("{:<28}{:>6}", name, total);
  for (Status status : kColumns) {
    const auto found = row.find(status);
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

}  // namespace

std::string result_line(const CaseResult& result, TextStyle style) {
  const std::string status =
      paint(fmt::format("{:<15}", to_string(result.status)), colour_of(result.status), style);
  std::string line = fmt::format("{}{:<52}{:>9.3f} s", status, result.id, seconds(result.took));
  if (!result.why.empty()) line += "  " + result.why;
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
  if (!result.unexpected()) return {};
  std::string out = "\n" + result_line(result, style);
  if (result.blame != Blame::none) out += fmt::format("  to blame: {}\n", to_string(result.blame));
  for (const auto& check : result.checks)
    if (check.status == Status::fail) out += failed_check(check, registry);
  if (!result.conversation.empty())
    out += "  conversation\n" + indent(sim::render(result.conversation), "    ");
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
  for (Status status : kColumns)
    out += fmt::format("{:>10}", status == Status::not_applicable  ? "n/a"
                                 : status == Status::harness_error ? "harness"
                                                                   : to_string(status));
  out += "\n";
  for (const auto& [area, row] : areas) out += table_row(area, row);
  out += std::string(34 + 10 * kColumns.size(), '-') + "\n";
  for (const auto& [level, row] : levels) out += table_row(to_string(level), row);
  const auto counts = count_cases(report);
  out += fmt::format("\n{} cases in {:.1f} s ({} time, seed {}): ", report.results.size(),
                     seconds(report.took), report.world, report.seed);
  std::string list;
  for (const auto& [status, count] : counts)
    if (count) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, to_string(status));
  const auto [kind, sentence] = verdict(report, registry);
  return out + list + "\n" + fmt::format("{}: ", report.target) +
         paint(sentence, colour_of(kind), style) + "\n";
}

}  // namespace deskcheck::conformance
