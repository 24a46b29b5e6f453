#include "conformance/registry/guide.hpp"

#include "conformance/registry/pattern.hpp"
#include "conformance/registry/table.hpp"

#include <array>

namespace deskcheck::conformance {

namespace {

constexpr std::array<std::string_view, 2> kGuideColumns{"pattern", "section"};
constexpr std::string_view kPages = "docs/failures/";

// "page.md#heading"
bool is_section(std::string_view section) {
  const auto hash = section.find(".md#");
  return hash != section.npos && hash > 0 && hash + 4 < section.size();
}

}  // namespace

std::optional<DataError> apply_guide(SourceText guide, std::span<Requirement> requirements) {
  const auto rows = parse_table(guide, kGuideColumns);
  if (!rows) return rows.error();
  const auto error = [&](std::size_t line, std::string what, std::string mend) {
    return DataError{std::string(guide.file), line, std::move(what), std::move(mend)};
  };
  for (const auto& row : *rows) {
    const std::string pattern(row.cells[0]), section(row.cells[1]);
    if (!is_id_pattern(pattern))
      return error(row.line, "'" + pattern + "' is not a pattern",
                   "write an id, or the beginning of one with '*' at the end");
    if (!is_section(section))
      return error(row.line, "'" + section + "' is not a section", "write it as page.md#heading");
  }
  std::vector<bool> used(rows->size());
  for (auto& requirement : requirements) {
    std::size_t longest = 0;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto pattern = (*rows)[i].cells[0];
      if (!id_matches(pattern, requirement.id) || pattern.size() <= longest) continue;
      longest = pattern.size();
      best = i;
    }
    if (!best) continue;
    used[*best] = true;
    requirement.guide = std::string(kPages).append((*rows)[*best].cells[1]);
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i])
      return error((*rows)[i].line,
                   "pattern '" + std::string((*rows)[i].cells[0]) + "' decides for no requirement",
                   "remove the line or mend the pattern");
  return std::nullopt;
}

}  // namespace deskcheck::conformance
