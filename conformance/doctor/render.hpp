// A diagnosis for people, for programs and for two kinds of monitors.
#pragma once

#include "conformance/doctor/finding.hpp"

#include <string>

namespace deskcheck::doctor {

// A line per step, then the first broken one with its cause and its mend. Fits a screen.
std::string as_text(const Diagnosis& diagnosis);
// One object, in one line.
std::string as_json(const Diagnosis& diagnosis);
// A Nagios plugin: the verdict in the first line, with performance data; then a line per finding
// that is broken or a warning.
std::string as_nagios(const Diagnosis& diagnosis);
// For the text file collector of the node exporter, or a push gateway.
std::string as_prometheus(const Diagnosis& diagnosis);

// docs/exit-codes.md: 0, 1 broken, 3 nothing answers.
int exit_code(const Diagnosis& diagnosis);
// 0 OK, 1 WARNING, 2 CRITICAL.
int nagios_exit_code(const Diagnosis& diagnosis);

}  // namespace deskcheck::doctor
