// `deskcheck report`: the JSON report of an earlier run, for people.
#include "conformance/report/html.hpp"

#include "cli/commands.hpp"
#include "cli/files.hpp"

#include <stdexcept>

namespace deskcheck::cli {

int execute(const ReportCommand& c) {
  const std::string report = read_file(c.json_file);
  try {
    const std::string page = conformance::to_html(report);
    OutputFile(c.html_file).write(page);
  } catch (const std::invalid_argument& error) {
    throw UsageError(c.json_file + ": " + error.what());
  }
  return 0;
}

}  // namespace deskcheck::cli
