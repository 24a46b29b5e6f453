#include "conformance/registry/requirement_table.hpp"

#include "conformance/registry/client_releases.hpp"
#include "conformance/registry/table.hpp"

#include <array>
#include <map>
#include <string>

namespace deskcheck::conformance {

namespace {

struct TextColumn {
  std::string_view name;
  std::string Requirement::* member;  // null: the column is read by a function of its own
};

constexpr std::array kColumns{
    TextColumn{"id", &Requirement::id},
    TextColumn{"level", nullptr},
    TextColumn{"area", &Requirement::area},
    TextColumn{"capability", &Requirement::capability},
    TextColumn{"text", &Requirement::text},
    TextColumn{"evidence", &Requirement::evidence},
    TextColumn{"oss", &Requirement::oss},
    TextColumn{"harm_class", &Requirement::harm_class},
    TextColumn{"harm", &Requirement::harm},
    TextColumn{"first_release", &Requirement::first_release},
    TextColumn{"last_release", &Requirement::last_release},
    TextColumn{"server_versions", &Requirement::server_versions},
    TextColumn{"effect", &Requirement::effect},
    TextColumn{"transports", &Requirement::transports},
    TextColumn{"testable", &Requirement::testable},
    TextColumn{"basis", &Requirement::basis},
};
constexpr std::size_t kLevelColumn = 1;

constexpr auto kColumnNames = [] {
  std::array<std::string_view, kColumns.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kColumns[i].name;
  return names;
}();

std::optional<Level> parse_level(std::string_view text) {
  for (const auto level : {Level::must, Level::should, Level::may}) {
    if (text == to_string(level)) return level;
  }
  return std::nullopt;
}

// Moves a mark at the start of the statement into its flag. False when the mark is unknown.
bool take_mark(Requirement& requirement) {
  if (!requirement.text.starts_with('[')) return true;
  const auto take = [&](std::string_view mark, bool& flag) {
    if (!requirement.text.starts_with(mark)) return;
    flag = true;
    requirement.text.erase(0, mark.size());
  };
  take("[FULL] ", requirement.full);
  take("[CLIENT] ", requirement.client);
  take("[OSS] ", requirement.oss_only);
  return requirement.full || requirement.client || requirement.oss_only;
}

DataResult<Requirement> parse_row(std::string_view file, const Row& row) {
  const auto error = [&](std::string what, std::string mend) {
    return DataError{std::string(file), row.line, std::move(what), std::move(mend)};
  };
  Requirement requirement;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    if (kColumns[i].member && row.cells[i] != "-") {
      requirement.*kColumns[i].member = row.cells[i];
    }
  }
  const auto level = parse_level(row.cells[kLevelColumn]);
  if (!level) {
    return error("unknown level '" + std::string(row.cells[kLevelColumn]) + "'",
                 "write MUST, SHOULD or MAY");
  }
  requirement.level = *level;
  if (!take_mark(requirement)) {
    return error("unknown mark at the start of the text",
                 "write [FULL], [CLIENT] or [OSS] and a space, or no mark");
  }
  for (const auto& release : {requirement.first_release, requirement.last_release})
    if (!release.empty() && !client_release_named(release))
      return error("unknown client release '" + release + "'",
                   "write one of client_releases.cpp, or - for the oldest and the newest");
  return requirement;
}

}  // namespace

DataResult<std::vector<Requirement>> parse_requirements(std::span<const SourceText> sources) {
  std::vector<Requirement> requirements;
  std::map<std::string, std::string> places;
  for (const auto& source : sources) {
    const auto rows = parse_table(source, kColumnNames);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      auto requirement = parse_row(source.file, row);
      if (!requirement) return requirement.error();
      const auto place = std::string(source.file) + ":" + std::to_string(row.line);
      const auto [first, is_new] = places.emplace(requirement->id, place);
      if (!is_new) {
        return DataError{std::string(source.file), row.line,
                         "id " + requirement->id + " is taken by " + first->second,
                         "give the new requirement an id that was never issued"};
      }
      requirements.push_back(std::move(*requirement));
    }
  }
  return requirements;
}

}  // namespace deskcheck::conformance
