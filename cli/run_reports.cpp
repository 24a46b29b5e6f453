#include "cli/run_reports.hpp"

#include "conformance/report/badge.hpp"
#include "conformance/report/github.hpp"
#include "conformance/report/html.hpp"
#include "conformance/report/json.hpp"
#include "conformance/report/junit.hpp"
#include "conformance/report/markdown.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace deskcheck::cli {

namespace {

// Where GitHub Actions wants the summary of a step; empty elsewhere.
std::string step_summary_file(const RunCommand& c) {
  const char* path = c.github ? std::getenv("GITHUB_STEP_SUMMARY") : nullptr;
  return path ? path : "";
}

}  // namespace

RunReports::RunReports(const RunCommand& c)
    : json_(c.json_file),
      html_(c.html_file),
      junit_(c.junit_file),
      markdown_(c.markdown_file),
      badge_(c.badge_file),
      step_summary_(step_summary_file(c), OutputFile::Mode::append),
      github_(c.github) {}

void RunReports::write(const conformance::RunReport& report,
                       const conformance::Registry& registry) {
  if (github_) fmt::print("{}", to_github_annotations(report, registry));
  std::fflush(stdout);
  const auto json = to_json(report, registry);
  json_.write(json);
  if (html_.wanted()) html_.write(conformance::to_html(json));
  junit_.write(to_junit(report, registry));
  badge_.write(to_badge(report, registry));
  const auto markdown = to_markdown(report, registry);
  markdown_.write(markdown);
  step_summary_.write(markdown);
}

}  // namespace deskcheck::cli
