// The HTML file of a comparison: the style of the report page, no script.
#include "conformance/report/compare.hpp"
#include "conformance/report/html/basics.hpp"
#include "conformance/report/html/source_hash.hpp"
#include "conformance/report/html/sources.hpp"

#include <fmt/format.h>

namespace deskcheck::conformance {

namespace {

using html::escaped;

// Classes of page.css.
std::string_view class_of(std::string_view status) {
  if (status == "pass") return "pass";
  if (status == "fail") return "fail";
  if (status == "blocked") return "blocked";
  if (status == "expected failure") return "known";
  if (status == "known flaky") return "flaky";
  if (status == "unexpected pass") return "surprise";
  if (status == "harness error") return "harness";
  return "skipped";
}

std::string reports_table(const Comparison& comparison) {
  std::string out =
      "<table>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">Report</th>"
      "<th scope=\"col\">Verdict</th><th scope=\"col\">Requirements</th></tr></thead>\n<tbody>\n";
  for (const auto& column : comparison.columns) {
    std::string counts;
    for (const auto& [status, count] : column.counts)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, status);
    out +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    column.letter, escaped(column.title), escaped(column.verdict), escaped(counts));
  }
  return out + "</tbody>\n</table>\n";
}

std::string row(const Comparison::Row& row) {
  std::string out = fmt::format("<tr><th scope=\"row\"><code>{}</code> {}</th>", escaped(row.id),
                                escaped(row.level));
  for (const auto& status : row.statuses)
    out += fmt::format("<td class=\"{}\">{}</td>", class_of(status),
                       status.empty() ? "–" : escaped(status));
  return out + fmt::format("<td>{}</td></tr>\n", escaped(row.text));
}

template <class Wanted>
std::string requirements_table(const Comparison& comparison, Wanted wanted) {
  std::string out = "<table>\n<thead><tr><th scope=\"col\">Requirement</th>";
  for (const auto& column : comparison.columns)
    out +=
        fmt::format("<th scope=\"col\" title=\"{}\">{}</th>", escaped(column.title), column.letter);
  out += "<th scope=\"col\">Text</th></tr></thead>\n<tbody>\n";
  for (const auto& each : comparison.rows)
    if (wanted(each)) out += row(each);
  return out + "</tbody>\n</table>\n";
}

}  // namespace

std::string to_html(const Comparison& comparison) {
  std::size_t different = 0;
  for (const auto& each : comparison.rows) different += each.differs();
  const auto differing = [](const Comparison::Row& each) { return each.differs(); };
  const auto all = [](const Comparison::Row&) { return true; };
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>deskcheck: comparison of {} reports</title>\n<style>{}</style>\n</head>\n"
      "<body class=\"comparison\">\n<main id=\"basics\">\n"
      "<p class=\"brand\"><strong>deskcheck</strong> comparison</p>\n"
      "<h1>{} of {} requirements differ</h1>\n{}<h2>What differs</h2>\n{}"
      "<details><summary><h2>All requirements</h2></summary>\n{}</details>\n"
      "</main>\n</body>\n</html>\n",
      html::source_hash(html::style()), comparison.columns.size(), html::style(), different,
      comparison.rows.size(), reports_table(comparison),
      different ? requirements_table(comparison, differing) : "<p>Nothing.</p>\n",
      requirements_table(comparison, all));
}

}  // namespace deskcheck::conformance
