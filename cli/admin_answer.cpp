#include "cli/admin_answer.hpp"

#include <algorithm>

namespace deskcheck::cli {

namespace json = boost::json;

namespace {

using Row = std::vector<std::string>;

std::string joined(const json::value& value);

std::string printable(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(clean, [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return clean;
}

std::string cell(const json::value* value) {
  if (!value || value->is_null()) return "";
  if (const auto* text = value->if_string()) return printable(*text);
  if (const auto* flag = value->if_bool()) return *flag ? "yes" : "no";
  return joined(*value);
}

// "a,b" for lists, "a=1,b=2" for objects.
std::string joined(const json::value& value) {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ",") + one; };
  if (const auto* list = value.if_array())
    for (const auto& one : *list) add(cell(&one));
  else if (const auto* object = value.if_object())
    for (const auto& [key, one] : *object) add(printable(key) + "=" + cell(&one));
  else
    text = json::serialize(value);
  return text;
}

// Characters, as far as each is one column wide.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

}  // namespace

std::string shown_answer(const AdminAction& action, const json::object& answer) {
  std::string text;
  const auto* value = answer.if_contains(action.list);
  const auto* list = value ? value->if_array() : nullptr;
  if (list) {
    std::vector<Row> rows{Row(action.columns.begin(), action.columns.end())};
    for (const auto& one : *list) {
      Row row;
      for (const char* column : action.columns)
        row.push_back(cell(one.is_object() ? one.get_object().if_contains(column) : nullptr));
      rows.push_back(std::move(row));
    }
    text = table(rows);
  }
  for (const auto& [key, member] : answer)
    if (key != action.list) text += printable(key) + ": " + cell(&member) + '\n';
  return text;
}

}  // namespace deskcheck::cli
