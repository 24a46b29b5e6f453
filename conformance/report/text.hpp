// A run in words for a terminal or a log: each unexpected result with its evidence, then the table.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/result.hpp"

#include <string>

namespace deskcheck::conformance {

struct TextStyle {
  bool colour = false;
};

// "my server 2.1"
std::string target_name(const RunReport& report);
// One line: status, case, time.
std::string result_line(const CaseResult& result, TextStyle style);
// Requirement, expected, actual, harm, conversation, how to reproduce. Empty for expected
// results, and for what did not run.
std::string evidence(const CaseResult& result, const RunReport& report, const Registry& registry,
                     TextStyle style);
// Areas with their counts, totals, and the verdict in one line.
std::string verdict_table(const RunReport& report, const Registry& registry, TextStyle style);
// The command that runs this case again.
std::string reproduce_line(const CaseResult& result, const RunReport& report);

}  // namespace deskcheck::conformance
