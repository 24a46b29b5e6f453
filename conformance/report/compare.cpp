#include "conformance/report/compare.hpp"

#include "conformance/report/read.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace deskcheck::conformance {

namespace {

Comparison::Column column(const NamedReport& named, std::size_t index) {
  Comparison::Column column;
  column.letter = static_cast<char>('A' + index);
  column.title = target_of(named.report);
  if (const auto date = text_of(named.report, "date"); !date.empty())
    column.title += ", " + date.substr(0, 10);
  column.title += ", " + named.name;
  column.verdict = text_of(object_of(named.report, "verdict"), "text");
  for (const auto& element : list_of(named.report, "requirements"))
    if (const auto* requirement = element.if_object())
      ++column.counts[text_of(*requirement, "status")];
  return column;
}

std::string plural(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

bool Comparison::Row::differs() const {
  return std::any_of(statuses.begin(), statuses.end(),
                     [&](const std::string& status) { return status != statuses.front(); });
}

Comparison compare(const std::vector<NamedReport>& reports) {
  Comparison comparison;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    comparison.columns.push_back(column(reports[i], i));
    for (const auto& element : list_of(reports[i].report, "requirements")) {
      const auto* requirement = element.if_object();
      if (!requirement) continue;
      const auto id = text_of(*requirement, "id");
      const auto [place, is_new] = places.emplace(id, comparison.rows.size());
      if (is_new)
        comparison.rows.push_back({id, text_of(*requirement, "level"),
                                   text_of(*requirement, "area"), text_of(*requirement, "text"),
                                   std::vector<std::string>(reports.size())});
      comparison.rows[place->second].statuses[i] = text_of(*requirement, "status");
    }
  }
  return comparison;
}

std::string to_text(const Comparison& comparison) {
  std::string out;
  for (const auto& column : comparison.columns)
    out += fmt::format("{}  {}: {}\n", column.letter, column.title, column.verdict);
  std::size_t width = 6;
  for (const auto& row : comparison.rows)
    for (const auto& status : row.statuses) width = std::max(width, status.size());
  std::string table;
  std::size_t same = 0;
  for (const auto& row : comparison.rows) {
    same += !row.differs();
    if (!row.differs()) continue;
    table += fmt::format("{:<18}{:<8}", row.id, row.level);
    for (const auto& status : row.statuses)
      table += fmt::format("{:<{}}", status.empty() ? "." : status, width + 2);
    table += row.text + "\n";
  }
  if (!table.empty()) {
    out += fmt::format("\n{:<26}", "requirement");
    for (const auto& column : comparison.columns)
      out += fmt::format("{:<{}}", column.letter, width + 2);
    out += "\n" + table;
  }
  return out + fmt::format("\n{} with the same status everywhere, {} with different ones\n",
                           plural(same, "requirement"), comparison.rows.size() - same);
}

}  // namespace deskcheck::conformance
