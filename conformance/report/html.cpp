#include "conformance/report/html.hpp"

#include "conformance/report/html/basics.hpp"
#include "conformance/report/html/source_hash.hpp"
#include "conformance/report/html/sources.hpp"
#include "conformance/report/read.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <functional>
#include <map>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

std::string policy() {
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; "
      "form-action 'none'",
      html::source_hash(html::script()), html::source_hash(html::style()));
}

// The report for the page's script. The page makes its own text of conversations. No `<` is left,
// so that nothing in it can end the element that it stands in.
std::string data(json::object report) {
  for (auto& element : report["cases"].as_array())
    if (auto* result = element.if_object())
      if (auto* conversation = result->if_contains("conversation"))
        if (auto* object = conversation->if_object()) object->erase("text");
  std::string text;
  for (char c : json::serialize(report)) {
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  }
  return text;
}

// Fills in each {{name}}; what is filled in is not looked at again.
std::string filled(std::string_view page,
                   const std::map<std::string_view, std::function<std::string()>>& values) {
  std::string out;
  for (;;) {
    const auto begin = page.find("{{");
    out += page.substr(0, begin);
    if (begin == page.npos) return out;
    const auto end = page.find("}}", begin);
    out += values.at(page.substr(begin + 2, end - begin - 2))();
    page.remove_prefix(end + 2);
  }
}

}  // namespace

std::string to_html(std::string_view text) {
  const auto report = read_report(text);
  return filled(html::page(),
                {{"policy", policy},
                 {"title", [&] { return html::escaped("deskcheck: " + target_of(report)); }},
                 {"style", [] { return std::string(html::style()); }},
                 {"script", [] { return std::string(html::script()); }},
                 {"basics", [&] { return html::basics(report); }},
                 {"report", [&] { return data(report); }}});
}

}  // namespace deskcheck::conformance
