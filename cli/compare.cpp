// `deskcheck compare`: JSON reports side by side.
#include "conformance/report/compare.hpp"

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "conformance/report/read.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace deskcheck::cli {

int execute(const CompareCommand& c) {
  std::vector<conformance::NamedReport> reports;
  for (const auto& file : c.json_files) {
    try {
      reports.push_back({file, conformance::read_report(read_file(file))});
    } catch (const std::invalid_argument& error) {
      throw UsageError(file + ": " + error.what());
    }
  }
  const auto comparison = conformance::compare(reports);
  OutputFile html(c.html_file);
  fmt::print("{}", conformance::to_text(comparison));
  if (html.wanted()) html.write(conformance::to_html(comparison));
  return 0;
}

}  // namespace deskcheck::cli
