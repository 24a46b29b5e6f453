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
    "known-failures:";

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_empty(const std::string& line) { return line.find_first_not_of(" \t\r") == line.npos; }
bool is_comment(const std::string& line) {
  const auto start = line.find_first_not_of(" \t");
  return start != line.npos && line[start] == '#';
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

document::Mistakes no_own_line(const Baseline& baseline, int line, const std::string& source) {
  return {{baseline.file,
           {line, 1},
           "this entry cannot be edited by --update-baseline",
           "begin every entry with '- ' in a line of its own",
           source}};
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
  return lines;
}

boost::system::result<BaselineListing, document::Mistakes> BaselineListing::read(
    const std::string& text, const Baseline& baseline) {
  BaselineListing listing;
  listing.lines_ = split(text.empty() ? kNewFile : text);
  const auto head = std::ranges::find_if(listing.lines_, [](const std::string& line) {
    return !is_comment(line) && line.find("known-failures") != line.npos;
  });
  listing.head_ = static_cast<std::size_t>(head - listing.lines_.begin());
  std::size_t before = 0;  // where the comments above an entry may begin
  for (std::size_t i = 0; i < baseline.entries.size(); ++i) {
    const auto line = static_cast<std::size_t>(baseline.entries[i].line) - 1;
    const std::string& source = listing.lines_.at(line);
    const auto dash = source.find_first_not_of(' ');
    if (source.compare(dash, 2, "- ") != 0)
      return no_own_line(baseline, baseline.entries[i].line, source);
    if (i == 0) listing.indent_ = source.substr(0, dash);
    auto first = line;
    while (first > before && is_comment(listing.lines_[first - 1])) --first;
    if (i > 0) listing.entries_.back().last = first;
    listing.entries_.push_back({first, listing.lines_.size()});
    before = line + 1;
  }
  for (auto& [first, last] : listing.entries_)
    while (last > first &&
           (is_empty(listing.lines_[last - 1]) || is_comment(listing.lines_[last - 1])))
      --last;
  return listing;
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
  for (std::size_t i = 0; i <= lines_.size(); ++i) {
    if (i == end)
      for (const auto& entry : add)
        for (const auto& line : lines_of(entry, indent_)) out += line + '\n';
    if (i == lines_.size()) break;
    if (dropped[i]) continue;
    const bool after_a_gap = i > 0 && dropped[i - 1];
    if (is_empty(lines_[i]) && empty_before && after_a_gap) continue;
    empty_before = is_empty(lines_[i]);
    // An empty list has to say so, one that gets entries must not.
    if (i == head_ && (entries_.empty() || !any_left))
      out += any_left ? "known-failures:\n" : "known-failures: []\n";
    else
      out += lines_[i] + '\n';
  }
  return out;
}

}  // namespace deskcheck::conformance
