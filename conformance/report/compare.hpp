// Several reports side by side, over servers or over time: which requirement has which status
// where.
#pragma once

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct Comparison {
  struct Column {
    std::string letter;  // "A": short enough for a table
    std::string title;   // "my-server 2.1, 2026-11-25, a.json"
    std::string verdict;
    std::map<std::string, int> counts;  // of requirements, by status
  };
  struct Row {
    std::string id, level, area, text;
    std::vector<std::string> statuses;  // by column; empty where the report does not have it

    bool differs() const;
  };
  std::vector<Column> columns;
  std::vector<Row> rows;  // in the order of the first report, then what others have more
};

struct NamedReport {
  std::string name;  // of its file
  boost::json::object report;
};

Comparison compare(const std::vector<NamedReport>& reports);

// The columns, then the requirements whose status is not the same everywhere.
std::string to_text(const Comparison& comparison);
// One HTML file without script, with all requirements.
std::string to_html(const Comparison& comparison);

}  // namespace deskcheck::conformance
