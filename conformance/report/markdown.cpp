#include "conformance/report/markdown.hpp"

#include "conformance/report/footprint.hpp"
#include "conformance/report/profiles.hpp"
#include "conformance/report/text.hpp"
#include "conformance/report/utf8.hpp"
#include "conformance/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskcheck::conformance {

namespace {

constexpr std::size_t kMostFailures = 50;
constexpr std::size_t kMostForgotten = 10;
constexpr std::size_t kLongestText = 400;

// Characters that mean something in Markdown or HTML become entities; line ends become spaces.
std::string literal(std::string_view bytes) {
  std::string text = to_utf8(bytes.substr(0, kLongestText));
  if (bytes.size() > kLongestText) text += "...";
  std::string out;
  for (char c : text) {
    if (c == '\n' || c == '\r' || c == '\t')
      out += ' ';
    else if (std::string_view("&<>|`*_~[]()\\#@!$").find(c) != std::string_view::npos)
      out += fmt::format("&#{};", static_cast<int>(c));
    else
      out += c;
  }
  return out;
}

std::string code(std::string_view text) { return "<code>" + literal(text) + "</code>"; }

const char* sign_of(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::conforms:
      return "✅";
    case Verdict::Kind::does_not_conform:
      return "❌";
    case Verdict::Kind::conforms_with_remarks:
    case Verdict::Kind::none:
      break;
  }
  return "⚠️";
}

constexpr std::array kColumns{Status::pass,        Status::fail,    Status::expected_failure,
                              Status::known_flaky, Status::blocked, Status::not_applicable,
                              Status::not_run};

std::string counts(const RunReport& report, const Registry& registry) {
  std::map<Level, std::map<Status, int>> levels;
  for (const auto& [id, status] : judge_requirements(report))
    if (const auto* requirement = registry.find(id)) ++levels[requirement->level][status];
  std::string out =
      "| requirements | pass | fail | known | flaky | blocked | n/a | not run |\n"
      "|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (auto& [level, row] : levels) {
    out += fmt::format("| {} |", to_string(level));
    for (Status status : kColumns) out += fmt::format(" {} |", row[status]);
    out += '\n';
  }
  return out + '\n';
}

std::string profiles(const RunReport& report, const Registry& registry) {
  std::string out;
  for (const auto& one : judge_profiles(report, registry))
    if (one.in_run)
      out += fmt::format("| {} | {} | {} |\n", one.name, to_text(one.core), to_text(one.extended));
  return out.empty() ? out : "| profile | core | extended |\n|---|---|---|\n" + out + '\n';
}

std::string failure(const CaseResult& result, const RunReport& report, const Registry& registry) {
  std::string out = fmt::format("### {}: {}\n\n", to_string(result.status), literal(result.id));
  if (!result.why.empty()) out += literal(result.why) + "\n\n";
  for (const auto& check : result.checks) {
    if (check.status != Status::fail) continue;
    out += fmt::format("- **{}**", literal(check.requirement));
    const auto* requirement = registry.find(check.requirement);
    if (requirement)
      out += fmt::format(" {}: {}\n  - harm: {}", to_string(requirement->level),
                         literal(requirement->text), literal(requirement->harm));
    out += fmt::format("\n  - expected: {}\n  - actual: {}\n", code(check.expected),
                       code(check.actual));
    if (requirement && !requirement->guide.empty())
      out += fmt::format("  - guide: {}\n", code(requirement->guide));
  }
  return out + "\n" + code(reproduce_line(result, report)) + "\n\n";
}

std::string failures(const RunReport& report, const Registry& registry) {
  std::string out;
  std::size_t shown = 0, left_out = 0;
  for (const auto& result : report.results) {
    // What did not run is counted above; passes that the baseline does not expect stand below.
    if (!result.unexpected() || result.status == Status::not_run ||
        result.status == Status::unexpected_pass)
      continue;
    if (shown == kMostFailures) {
      ++left_out;
      continue;
    }
    ++shown;
    out += failure(result, report, registry);
  }
  if (left_out > 0) out += fmt::format("and {} more.\n\n", left_out);
  return out;
}

std::string baseline(const BaselineOutcome& outcome) {
  std::string out;
  for (const auto& one : outcome.complaints())
    out += fmt::format("- {} {} {}\n", code(one.where), literal(one.entry), literal(one.text));
  for (const auto& one : outcome.entries)
    if (one.flaky && one.failed > 0)
      out +=
          fmt::format("- {} {} {}\n", code(one.where), literal(one.entry), literal(flakiness(one)));
  return out.empty() ? out : "### Baseline\n\n" + out + '\n';
}

std::string footprint(const RunReport& report) {
  const auto& footprint = report.footprint;
  std::string out;
  if (const auto line = effects_line(report); !line.empty()) out += literal(line) + "\n\n";
  if (footprint.prefix.empty()) return out;
  out += "### On the target\n\n";
  if (footprint.things.empty()) out += "Nothing was created.\n\n";
  if (!footprint.things.empty()) {
    const auto all = totals_of(footprint);
    out += fmt::format(
        "Created {}, removed {}, left {}; names carry {}.\n\n"
        "| | created | removed | left | it stays because |\n|---|--:|--:|--:|---|\n",
        all.created, all.removed, all.left == 0 ? "nothing" : std::to_string(all.left),
        code(footprint.prefix));
  }
  for (const auto& [thing, count] : footprint.things)
    out += fmt::format("| {} | {} | {} | {} | {} |\n", to_string(thing), count.created,
                       count.removed, count.left.size(),
                       count.left.empty() ? "" : literal(footprint.why_it_stays(thing)));
  if (!footprint.things.empty()) out += '\n';
  const auto forgotten = footprint.forgotten();
  for (std::size_t i = 0; i < std::min(forgotten.size(), kMostForgotten); ++i)
    out += fmt::format("- left behind by the suite or its environment, not by the target: {}\n",
                       code(forgotten[i]));
  if (forgotten.size() > kMostForgotten)
    out += fmt::format("- and {} more\n", forgotten.size() - kMostForgotten);
  for (const auto& note : footprint.notes)
    out += fmt::format("- what is left could not be checked: {}\n", literal(note));
  return forgotten.empty() && footprint.notes.empty() ? out : out + '\n';
}

}  // namespace

std::string to_markdown(const RunReport& report, const Registry& registry) {
  const auto [kind, sentence] = verdict(report, registry);
  std::string out = fmt::format("## {} {}: {}\n\n", sign_of(kind), literal(target_name(report)),
                                literal(sentence));
  out += counts(report, registry);
  out += profiles(report, registry);
  out += baseline(report.baseline);
  out += failures(report, registry);
  out += footprint(report);
  return out + fmt::format("{} cases in {:.1f} s, seed {}, deskcheck {}\n", report.results.size(),
                           std::chrono::duration<double>(report.took).count(), report.seed,
                           report.version);
}

}  // namespace deskcheck::conformance
