// What the consoles' answers look like.
#pragma once

#include "conformance/lab/operator.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace deskcheck::conformance {

// An answer of exactly these lines.
MATCHER_P(SaysLines, lines, "the lines " + testing::PrintToString(lines)) {
  return arg.arrived() && lines_of(arg.value()) == lines;
}
inline auto SaysLine(std::string line) {
  return SaysLines(std::vector<std::string>{std::move(line)});
}
MATCHER(SaysNothing, "no text, and the end of the connection") {
  return arg.arrived() && arg.value().empty();
}
inline bool has_line_like(const Answer<std::string>& answer, const std::string& pattern) {
  if (!answer.arrived()) return false;
  const std::regex wanted(pattern);
  const auto lines = lines_of(answer.value());
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return std::regex_match(line, wanted); });
}
// With a line like this, in ECMAScript's regular expressions.
MATCHER_P(SaysLineLike, pattern,
          (negation ? "no line like '" : "a line like '") + std::string(pattern) + "'") {
  return has_line_like(arg, pattern);
}

}  // namespace deskcheck::conformance
