#include "conformance/baseline/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace deskcheck::conformance {

namespace {

constexpr const char* kNewFile =
    "# What is known to fail on this server, and why that is accepted for now. Each entry excuses "
    "one\n"
    "# kind of failure; one that nothing fails for any more, or that has expired, fails the run.\n"
    "known-failures: []\n";

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_empty(const std::string& line) { return line.find_first_not_of(" \t\r") == line.npos; }
// One that stands no deeper than the dashes of entries; a deeper one belongs to the entry above it,
// and may be no comment but a text of several lines.
bool is_comment(const std::string& line, std::size_t deepest) {
  const auto start = line.find_first_not_of(" \t");
  return start != line.npos && line[start] == '#' && start <= deepest;
}

constexpr const char* kKey = "known-failures:";

// The line of the key with another value: its comment stays.
std::string with_value(const std::string& line, const char* value) {
  const auto comment = line.find('#');
  std::string out = line.substr(0, line.find(kKey)) + kKey + value;
  if (comment != line.npos)
    out += "  " + line.substr(comment);
  else if (line.ends_with('\r'))
    out += '\r';
  return out;
}

// Whether the line says that the list is empty, and nothing else.
bool is_empty_list(const std::string& line) {
  const auto begin = line.find(kKey);
  if (begin == line.npos) return false;
  std::string value = line.substr(begin + std::string_view(kKey).size());
  value.erase(std::min(value.find('#'), value.size()));
  std::erase_if(value, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
  return value.empty() || value == "[]" || value == "null" || value == "~";
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
  }
  return out + '"';
}

// Ids are plain words; those of scenarios are their authors'.
std::string word(const std::string& id) {
  const bool plain = std::ranges::all_of(id, [](unsigned char c) {
    return std::isalnum(c) || c == '/' || c == '-' || c == '_' || c == '.';
  });
  return plain && std::isalpha(static_cast<unsigned char>(id[0])) ? id : quoted(id);
}

document::Mistakes cannot_edit(const Baseline& baseline, const char* what, const char* mend,
                               std::size_t line, const std::vector<std::string>& lines) {
  return {{baseline.file, {static_cast<int>(line) + 1, 1}, what, mend, lines[line]}};
}

}  // namespace

std::vector<std::string> lines_of(const BaselineEntry& entry, const std::string& indent) {
  std::vector<std::string> lines;
  const auto add = [&](const char* key, const std::string& value) {
    lines.push_back(fmt::format("{}{}{}: {}", indent, lines.empty() ? "- " : "  ", key, value));
  };
  if (!entry.case_id.empty()) add("case", word(entry.case_id));
  if (!entry.requirement.empty()) add("requirement", word(entry.requirement));
  add("fails", std::string(to_string(entry.kind)));
  if (!entry.actual.empty()) add("actual", quoted(entry.actual));
  add("reason", quoted(entry.reason));
  if (!entry.owner.empty()) add("owner", quoted(entry.owner));
  return lines;
}

boost::system::result<BaselineListing, document::Mistakes> BaselineListing::read(
    const std::string& text, const Baseline& baseline) {
  BaselineListing listing;
  listing.lines_ = split(text.empty() ? kNewFile : text);
  listing.ends_in_line_ = !text.empty() && !text.ends_with('\n');
  if (listing.lines_.front().ends_with('\r')) {
    listing.end_of_line_ = "\r\n";
    if (listing.ends_in_line_) listing.lines_.back() += '\r';  // rewritten() takes it off again
  }
  const auto head = std::ranges::find_if(listing.lines_, [](const std::string& line) {
    return !is_comment(line, line.npos) && line.find(kKey) != line.npos;
  });
  const bool found = head != listing.lines_.end();
  if (!found || (baseline.entries.empty() && !is_empty_list(*head)))
    return cannot_edit(baseline, "this list cannot be edited by --update-baseline",
                       "begin it with 'known-failures:', or write 'known-failures: []'",
                       found ? static_cast<std::size_t>(head - listing.lines_.begin()) : 0,
                       listing.lines_);
  listing.head_ = static_cast<std::size_t>(head - listing.lines_.begin());
  for (const auto& entry : baseline.entries) {
    const auto line = static_cast<std::size_t>(entry.line) - 1;
    const std::string& source = listing.lines_.at(line);
    const auto dash = source.find_first_not_of(' ');
    if (source.compare(dash, 2, "- ") != 0)
      return cannot_edit(baseline, "this entry cannot be edited by --update-baseline",
                         "begin every entry with '- ' in a line of its own", line, listing.lines_);
    if (&entry == &baseline.entries.front()) listing.indent_ = source.substr(0, dash);
  }
  listing.read_extents(baseline);
  return listing;
}

void BaselineListing::read_extents(const Baseline& baseline) {
  const auto belongs_below = [&](std::size_t line) {
    return is_comment(lines_[line], indent_.size());
  };
  std::size_t before = 0;  // where the comments above an entry may begin
  for (const auto& entry : baseline.entries) {
    const auto line = static_cast<std::size_t>(entry.line) - 1;
    auto first = line;
    while (first > before && belongs_below(first - 1)) --first;
    if (!entries_.empty()) entries_.back().last = first;
    entries_.push_back({first, lines_.size()});
    before = line + 1;
  }
  for (auto& [first, last] : entries_)
    while (last > first && (is_empty(lines_[last - 1]) || belongs_below(last - 1))) --last;
}

void BaselineListing::set_limit(const BaselineEntry& entry, int at_most) {
  const auto place = entry.at_most ? entry.at_most_place : entry.fails_place;
  std::string& line = lines_.at(static_cast<std::size_t>(place.line) - 1);
  const auto column = static_cast<std::size_t>(place.column) - 1;
  if (entry.at_most) {
    const auto end = std::min(line.find_first_of(" \t\r,}#", column), line.size());
    line.replace(column, end - column, std::to_string(at_most));
    return;
  }
  const std::string key = fmt::format("at-most: {}", at_most);
  const bool in_braces = line.find_first_not_of(" -") < column;
  line.insert(column, in_braces ? key + ", " : key + end_of_line_ + std::string(column, ' '));
}

void BaselineListing::add_lines(std::string& out, const std::vector<BaselineEntry>& entries) const {
  for (const auto& entry : entries)
    for (const auto& line : lines_of(entry, indent_)) out += line + end_of_line_;
}

std::string BaselineListing::rewritten(const std::vector<bool>& remove,
                                       const std::vector<BaselineEntry>& add) const {
  std::vector<bool> dropped(lines_.size(), false);
  std::size_t end = head_ + 1;  // new entries go before this line
  bool any_left = !add.empty();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    any_left = any_left || !remove[i];
    end = entries_[i].last;
    if (!remove[i]) continue;
    for (auto line = entries_[i].first; line < entries_[i].last; ++line) dropped[line] = true;
  }
  std::string out;
  bool empty_before = true;  // no empty line at the start, no two in a row where an entry has gone
  bool last_is_old = false;
  for (std::size_t i = 0; i <= lines_.size(); ++i) {
    if (i == end && !add.empty()) {
      add_lines(out, add);
      last_is_old = false;
    }
    if (i == lines_.size()) break;
    if (dropped[i]) continue;
    const bool after_a_gap = i > 0 && dropped[i - 1];
    if (is_empty(lines_[i]) && empty_before && after_a_gap) continue;
    empty_before = is_empty(lines_[i]);
    // An empty list has to say so, one that gets entries must not.
    const bool changed = i == head_ && (entries_.empty() ? any_left : !any_left);
    out += (changed ? with_value(lines_[i], any_left ? "" : " []") : lines_[i]) + '\n';
    last_is_old = i + 1 == lines_.size();
  }
  if (last_is_old && ends_in_line_) out.resize(out.size() - end_of_line_.size());
  return out;
}

}  // namespace deskcheck::conformance
