#include "conformance/registry/exclusions.hpp"

#include "conformance/registry/pattern.hpp"
#include "conformance/registry/table.hpp"

#include <array>
#include <string>

namespace deskcheck::conformance {

namespace {

constexpr std::array<std::string_view, 2> kExclusionColumns{"pattern", "reason"};

}  // namespace

std::optional<DataError> apply_exclusions(SourceText exclusions,
                                          std::span<Requirement> requirements) {
  const auto rows = parse_table(exclusions, kExclusionColumns);
  if (!rows) return rows.error();

  for (const auto& row : *rows) {
    const auto error = [&](std::string what, std::string mend) {
      return DataError{std::string(exclusions.file), row.line, std::move(what), std::move(mend)};
    };
    const auto pattern = row.cells[0];
    if (!is_id_pattern(pattern)) {
      return error("'" + std::string(pattern) + "' is not a pattern",
                   "write an id, or the beginning of one with '*' at the end");
    }
    bool stale = true;
    for (auto& requirement : requirements) {
      if (!id_matches(pattern, requirement.id)) continue;
      if (requirement.excluded_because) {
        return error("pattern '" + std::string(pattern) + "' matches " + requirement.id +
                         ", which is excluded already",
                     "exclude each requirement once");
      }
      requirement.excluded_because = row.cells[1];
      stale = false;
    }
    if (stale) {
      return error("pattern '" + std::string(pattern) + "' matches no requirement",
                   "remove the line or mend the pattern");
    }
  }
  return std::nullopt;
}

}  // namespace deskcheck::conformance
