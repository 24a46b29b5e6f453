#include "conformance/report/read.hpp"

#include "conformance/report/json.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <stdexcept>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

json::object parse(std::string_view text) {
  boost::system::error_code error;
  json::stream_parser parser;
  const auto read = parser.write(text, error);
  if (!error) parser.finish(error);
  if (error == json::error::incomplete)
    throw std::invalid_argument("the JSON ends in its middle; write the report again");
  if (error)
    throw std::invalid_argument(
        fmt::format("no JSON: {} at byte {}; name a file that `deskcheck run --json` wrote",
                    error.message(), read));
  json::value value = parser.release();
  const auto* report = value.if_object();
  const auto* format = report ? report->if_contains("format") : nullptr;
  if (!format || *format != "deskcheck-report")
    throw std::invalid_argument(
        "not a report of deskcheck; name a file that `deskcheck run --json` wrote");
  const auto* version = report->if_contains("format_version");
  if (!version || *version != kJsonVersion)
    throw std::invalid_argument(fmt::format(
        "format version {}, and this deskcheck reads {}; use the deskcheck that wrote it, or run "
        "again",
        version ? json::serialize(*version) : "unknown", kJsonVersion));
  return std::move(value.as_object());
}

// The lists and objects that page and basics walk through.
void check_shape(const json::object& report) {
  using Kind = json::kind;
  constexpr std::pair<const char*, Kind> kMembers[] = {
      {"target", Kind::object},          {"verdict", Kind::object}, {"seconds", Kind::double_},
      {"cases_by_status", Kind::object}, {"cases", Kind::array},    {"requirements", Kind::array}};
  for (const auto& [name, kind] : kMembers) {
    const auto* value = report.if_contains(name);
    const bool fits =
        value && (value->kind() == kind || (kind == Kind::double_ && value->is_number()));
    if (!fits)
      throw std::invalid_argument(fmt::format(
          "damaged: \"{}\" is missing or of another kind; write the report again", name));
  }
}

}  // namespace

json::object read_report(std::string_view text) {
  auto report = parse(text);
  check_shape(report);
  return report;
}

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || value->is_null()) return {};
  if (const auto* text = value->if_string()) return std::string(*text);
  return json::serialize(*value);
}

const json::array& list_of(const json::object& object, std::string_view key) {
  static const json::array none;
  const auto* value = object.if_contains(key);
  return value && value->is_array() ? value->get_array() : none;
}

const json::object& object_of(const json::object& object, std::string_view key) {
  static const json::object none;
  const auto* value = object.if_contains(key);
  return value && value->is_object() ? value->get_object() : none;
}

std::string target_of(const json::object& report) {
  const auto& target = object_of(report, "target");
  const auto version = text_of(target, "version");
  return text_of(target, "name") + (version.empty() ? "" : " " + version);
}

}  // namespace deskcheck::conformance
