#include "conformance/registry/issued_ids.hpp"

#include "conformance/registry/table.hpp"

#include <set>
#include <string_view>

namespace deskcheck::conformance {

namespace {

struct IssuedId {
  std::string_view id;
  bool retired = false;
  bool well_formed = true;
};

IssuedId parse_line(std::string_view line) {
  constexpr std::string_view kRetired = "retired ";
  if (!line.starts_with(kRetired)) {
    return {line, false, !line.empty() && line.find(' ') == line.npos};
  }
  line.remove_prefix(kRetired.size());
  const auto end = line.find(' ');
  const bool has_reason = end != line.npos && end + 1 < line.size();
  return {line.substr(0, end), true, end != 0 && has_reason};
}

}  // namespace

std::vector<std::string> issued_id_problems(const Registry& registry, SourceText issued) {
  std::vector<std::string> problems;
  std::set<std::string_view> listed;
  std::string_view previous;
  std::size_t number = 0;
  for (const auto line : split_lines(issued.text)) {
    ++number;
    const auto entry = parse_line(line);
    const auto report = [&](std::string what, std::string mend) {
      problems.push_back(
          to_string(DataError{std::string(issued.file), number, std::move(what), std::move(mend)}));
    };
    const std::string id(entry.id);
    if (!entry.well_formed) {
      report("'" + std::string(line) + "' is not an issued id", "write ID or retired ID reason");
      continue;
    }
    if (!listed.insert(entry.id).second) {
      report(id + " is listed twice", "keep one line per id");
    } else if (entry.id < previous) {
      report(id + " is not in its place", "sort the lines by id");
    }
    previous = entry.id;

    const bool present = registry.find(entry.id) != nullptr;
    if (present && entry.retired) {
      report(id + " is retired but used again", "give the new requirement an id of its own");
    }
    if (!present && !entry.retired) {
      report(id + " is no requirement any more", "write retired " + id + " and the reason");
    }
  }
  for (const auto& requirement : registry.all()) {
    if (listed.contains(requirement.id)) continue;
    problems.push_back(std::string(issued.file) + ": " + requirement.id +
                       " is missing; insert it in its place");
  }
  return problems;
}

}  // namespace deskcheck::conformance
