#include "conformance/report/html/basics.hpp"

#include "conformance/report/read.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <map>

namespace deskcheck::conformance::html {

namespace json = boost::json;

namespace {

using Requirements = std::map<std::string, const json::object*>;

std::string line(std::string_view name, const std::string& text) {
  if (text.empty()) return {};
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(text));
}

std::string check(const json::object& check, const Requirements& requirements) {
  const auto id = text_of(check, "requirement");
  const auto found = requirements.find(id);
  static const json::object unknown;
  const auto& requirement = found == requirements.end() ? unknown : *found->second;
  return fmt::format("<p><strong>{} {} {}</strong> {}</p>\n<dl>\n",
                     escaped(text_of(check, "status")), escaped(id),
                     escaped(text_of(requirement, "level")),
                     escaped(text_of(requirement, "text"))) +
         line("Expected", text_of(check, "expected")) + line("Actual", text_of(check, "actual")) +
         line("Harm", text_of(requirement, "harm")) + line("Guide", text_of(requirement, "guide")) +
         "</dl>\n";
}

std::string one_case(const json::object& result, const Requirements& requirements) {
  std::string out = fmt::format("<h3>{}: {}</h3>\n", escaped(text_of(result, "status")),
                                escaped(text_of(result, "id")));
  for (const auto& element : list_of(result, "checks"))
    if (const auto* object = element.if_object(); object && text_of(*object, "status") != "pass")
      out += check(*object, requirements);
  return out + "<dl>\n" + line("To blame", text_of(result, "blame")) +
         line("Why", text_of(result, "why")) + line("Reproduce", text_of(result, "reproduce")) +
         "</dl>\n";
}

std::string counts(const json::object& report) {
  std::string list;
  for (const auto& [status, count] : object_of(report, "cases_by_status"))
    if (count != 0)
      list += (list.empty() ? "" : ", ") + json::serialize(count) + " " + std::string(status);
  return list;
}

// Empty if the target was the suite's own server.
std::string footprint(const json::object& report) {
  const auto& footprint = object_of(report, "footprint");
  if (footprint.empty()) return {};
  std::string out = "<h2>What the run did to the target</h2>\n<dl>\n";
  out += line("Names carry", text_of(footprint, "prefix"));
  for (const auto& element : list_of(footprint, "things"))
    if (const auto* thing = element.if_object()) {
      auto text = fmt::format("created {}, removed {}, left {}", text_of(*thing, "created"),
                              text_of(*thing, "removed"), text_of(*thing, "left"));
      const auto why = text_of(*thing, "why");
      if (text_of(*thing, "left") != "0" && !why.empty()) text += " (" + why + ")";
      out += line(escaped(text_of(*thing, "thing")), text);
    }
  for (const auto& note : list_of(footprint, "notes"))
    if (note.is_string()) out += line("Could not be checked", std::string(note.get_string()));
  return out + "</dl>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string basics(const json::object& report) {
  Requirements requirements;
  for (const auto& element : list_of(report, "requirements"))
    if (const auto* object = element.if_object()) requirements[text_of(*object, "id")] = object;
  const auto& target = object_of(report, "target");
  std::string out =
      fmt::format("<h1>{}: {}</h1>\n<p>Cases: {}</p>\n<dl>\n", escaped(target_of(report)),
                  escaped(text_of(object_of(report, "verdict"), "text")), escaped(counts(report)));
  out += line("Version", text_of(target, "version")) +
         line("Addresses", text_of(target, "addresses")) + line("Date", text_of(report, "date")) +
         line("Seconds", text_of(report, "seconds")) + line("World", text_of(report, "world")) +
         line("Seed", text_of(report, "seed")) + line("deskcheck", text_of(report, "deskcheck")) +
         "</dl>\n<h2>What did not pass</h2>\n";
  for (const auto& element : list_of(report, "cases"))
    if (const auto* result = element.if_object()) {
      const auto status = text_of(*result, "status");
      if (status != "pass" && status != "not applicable") out += one_case(*result, requirements);
    }
  return out + footprint(report) +
         "<p>With JavaScript this page shows the conversations, too.</p>\n";
}

}  // namespace deskcheck::conformance::html
