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

// As an element of the page may hold it: no `<` is left, so that nothing in it can end the element.
std::string without_tags(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

// Names and values of a message in turn; null if it is not as reports have it.
json::value fields_in_turn(const json::value& fields) {
  const auto* list = fields.if_array();
  if (!list) return nullptr;
  json::array turns;
  for (const auto& field : *list) {
    const auto* object = field.if_object();
    for (const char* part : {"name", "value"}) {
      const auto* text = object ? object->if_contains(part) : nullptr;
      if (!text || !text->is_string()) return nullptr;
      turns.push_back(*text);
    }
  }
  return turns;
}

// The text of a message as the page makes it again of its name and fields.
std::string text_of_message(const json::string& name, const json::array& turns) {
  std::string list;
  for (std::size_t i = 0; i + 1 < turns.size(); i += 2)
    list += (list.empty() ? "" : ", ") + std::string(turns[i].get_string()) + ": " +
            std::string(turns[i + 1].get_string());
  return std::string(name) + " {" + list + "}";
}

// The members of an event in this order, which model.js knows, too: their names would be half of
// the page. What is missing is null; so is a text that the page makes itself.
constexpr const char* kEvent[] = {"at_seconds", "party", "what",   "text",
                                  "transport",  "local", "remote", "encrypted",
                                  "protocol",   "size",  "message"};

json::value packed(const json::value& element) {
  const auto* event = element.if_object();
  if (!event) return nullptr;
  json::array members;
  for (const char* name : kEvent) {
    const auto* member = event->if_contains(name);
    members.push_back(member ? *member : json::value(nullptr));
  }
  const auto* fields = event->if_contains("fields");
  const auto turns = fields ? fields_in_turn(*fields) : json::value(nullptr);
  if (!turns.is_array()) return members;
  if (members[10].is_string() && members[3].is_string() &&
      members[3].get_string() == text_of_message(members[10].get_string(), turns.get_array()))
    members[3] = nullptr;
  members.push_back(turns);
  return members;
}

json::object packed_conversation(const json::object& conversation) {
  json::object made = conversation;
  made.erase("text");  // the page makes it itself
  if (auto* events = made.if_contains("events"); events && events->is_array())
    for (auto& event : events->get_array()) event = packed(event);
  return made;
}

// The report without conversations, and those: a line for each case, empty if it has none. The page
// reads a line when somebody opens its case; all of them at once would take most of its time.
struct Data {
  std::string report;
  std::string conversations;
};

Data split(json::object report) {
  Data data;
  for (auto& element : report["cases"].as_array()) {
    auto* result = element.if_object();
    auto* conversation = result ? result->if_contains("conversation") : nullptr;
    if (conversation && conversation->is_object()) {
      const auto made = packed_conversation(conversation->get_object());
      data.conversations += without_tags(json::serialize(made));
      result->erase("conversation");
    }
    data.conversations += '\n';
  }
  data.report = without_tags(json::serialize(report));
  return data;
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
  const auto data = split(report);
  return filled(html::page(),
                {{"policy", policy},
                 {"title", [&] { return html::escaped("deskcheck: " + target_of(report)); }},
                 {"style", [] { return std::string(html::style()); }},
                 {"script", [] { return std::string(html::script()); }},
                 {"basics", [&] { return html::basics(report); }},
                 {"conversations", [&] { return data.conversations; }},
                 {"report", [&] { return data.report; }}});
}

}  // namespace deskcheck::conformance
