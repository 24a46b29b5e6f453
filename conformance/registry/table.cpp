#include "conformance/registry/table.hpp"

#include <algorithm>
#include <string>

namespace deskcheck::conformance {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(std::span<const std::string_view> columns) {
  std::string all;
  for (const auto column : columns) {
    if (!all.empty()) all += ", ";
    all += column;
  }
  return all;
}

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return {};
  return split(text, '\n');
}

DataResult<std::vector<Row>> parse_table(SourceText source,
                                         std::span<const std::string_view> columns) {
  const auto error = [&](std::size_t line, std::string what, std::string mend) {
    return DataError{std::string(source.file), line, std::move(what), std::move(mend)};
  };

  const auto lines = split_lines(source.text);
  if (lines.empty() || !std::ranges::equal(split(lines[0], '\t'), columns)) {
    return error(1, "the header line is wrong",
                 "it must name, separated by tabs: " + join(columns));
  }

  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Row row{i + 1, split(lines[i], '\t')};
    if (row.cells.size() != columns.size()) {
      return error(row.line,
                   std::to_string(row.cells.size()) + " columns instead of " +
                       std::to_string(columns.size()),
                   "separate the columns with single tabs, and leave out empty lines");
    }
    const auto empty = std::ranges::find(row.cells, std::string_view());
    if (empty != row.cells.end()) {
      const auto column = static_cast<std::size_t>(empty - row.cells.begin());
      return error(row.line, "column '" + std::string(columns[column]) + "' is empty",
                   "write '-' for no value");
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace deskcheck::conformance
