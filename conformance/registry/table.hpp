// Tab-separated tables with a header line. Checks their shape and knows nothing of their content.
#pragma once

#include "conformance/registry/source_text.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

struct Row {
  std::size_t line;
  std::vector<std::string_view> cells;  // refer to the source text
};

// The rows below the header, which must name exactly `columns`. No cell may be empty.
DataResult<std::vector<Row>> parse_table(SourceText source,
                                         std::span<const std::string_view> columns);

// Lines without their ends; a missing end of the last line is fine.
std::vector<std::string_view> split_lines(std::string_view text);

}  // namespace deskcheck::conformance
