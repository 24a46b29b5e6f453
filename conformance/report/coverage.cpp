#include "conformance/report/coverage.hpp"

#include "conformance/registry/glob.hpp"
#include "conformance/report/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace deskcheck::conformance {

namespace {

using Kind = Coverage::Kind;

struct InRun {
  std::string status;
  std::vector<std::string> cases;
};

std::map<std::string, InRun> requirements_in(const boost::json::object& report) {
  std::map<std::string, InRun> found;
  for (const auto& element : list_of(report, "requirements"))
    if (const auto* one = element.if_object())
      found[text_of(*one, "id")].status = text_of(*one, "status");
  for (const auto& element : list_of(report, "cases")) {
    const auto* one = element.if_object();
    if (!one) continue;
    for (const auto& check : list_of(*one, "checks")) {
      if (!check.is_object()) continue;
      auto& cases = found[text_of(check.get_object(), "requirement")].cases;
      const auto id = text_of(*one, "id");
      if (std::find(cases.begin(), cases.end(), id) == cases.end()) cases.push_back(id);
    }
  }
  return found;
}

Kind kind_of(const Requirement& requirement, const std::string& status) {
  constexpr std::array<std::string_view, 5> kJudged{"pass", "fail", "expected failure",
                                                    "known flaky", "unexpected pass"};
  if (std::find(kJudged.begin(), kJudged.end(), status) != kJudged.end()) return Kind::judged;
  if (!status.empty()) return Kind::not_judged;
  return requirement.excluded_because ? Kind::excluded : Kind::missing;
}

bool wanted(const Requirement& r, const std::vector<std::string>& globs) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
           return glob_matches(glob, r.id) || glob_matches(glob, r.area) ||
                  glob_matches(glob, r.capability);
         });
}

// Of one area, or of several.
struct Counts {
  std::array<std::size_t, 4> by_kind{};
  void add(Kind kind) { ++by_kind[static_cast<std::size_t>(kind)]; }
  std::string line(std::string_view name) const {
    std::size_t all = 0;
    std::string cells;
    for (const auto count : by_kind) {
      all += count;
      cells += fmt::format("{:>12}", count ? std::to_string(count) : ".");
    }
    return fmt::format("{:<26}{:>5}{}\n", name, all, cells);
  }
};

std::string line_of(const Coverage::Row& row) {
  const auto& r = *row.requirement;
  std::string why;
  if (row.kind == Kind::excluded) why = "because " + *r.excluded_because;
  if (row.kind == Kind::missing) why = "has no case and no reason";
  if (!row.cases.empty()) why = row.cases.front();
  if (row.cases.size() > 1) why += fmt::format(" and {} more", row.cases.size() - 1);
  const std::string status = row.kind == Kind::excluded  ? "excluded"
                             : row.kind == Kind::missing ? "MISSING"
                                                         : row.status;
  return fmt::format("{:<18}{:<8}{:<18}{}\n", r.id, to_string(r.level), status, why);
}

}  // namespace

bool Coverage::complete() const {
  return std::none_of(rows.begin(), rows.end(),
                      [](const Row& row) { return row.kind == Kind::missing; });
}

Coverage coverage(const boost::json::object& report, const Registry& registry,
                  const Declared& declared, const std::vector<std::string>& globs) {
  auto in_run = requirements_in(report);
  Coverage result;
  for (const auto& requirement : registry.all()) {
    if (!wanted(requirement, globs)) continue;
    auto& found = in_run[requirement.id];
    if (found.status.empty() && declared.contains(requirement.id)) found.status = "not run";
    result.rows.push_back(
        {&requirement, kind_of(requirement, found.status), found.status, std::move(found.cases)});
  }
  return result;
}

std::string to_text(const Coverage& coverage) {
  std::string text;
  std::map<std::string, Counts> areas;
  Counts rendezvous, http;
  for (const auto& row : coverage.rows) {
    text += line_of(row);
    areas[row.requirement->area].add(row.kind);
    (row.requirement->id.starts_with("HTTP-") ? http : rendezvous).add(row.kind);
  }
  text += fmt::format("\n{:<26}{:>5}{:>12}{:>12}{:>12}{:>12}\n", "area", "all", "judged",
                      "not judged", "excluded", "missing");
  for (const auto& [area, counts] : areas) text += counts.line(area);
  text +=
      std::string(79, '-') + "\n" + rendezvous.line("rendezvous and relay") + http.line("HTTP API");
  return text;
}

}  // namespace deskcheck::conformance
