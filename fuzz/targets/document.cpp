// YAML files that people write: any bytes become a document with the place of every value, or one
// clear mistake; and checking them against a schema ends in mistakes at known places.
#include "proto/document/document.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/one_line.hpp"
#include "proto/document/schema.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace deskcheck::fuzz {

namespace {

using document::Document;
using document::Mistake;
using document::Place;

constexpr char kName[] = "fuzz.yaml";

// Everything that schemas of this project use.
constexpr char kSchema[] = R"({
  "type": "object", "required": ["name"], "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "minLength": 1, "description": "a name"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "kind": {"enum": ["device", "controller"]},
    "steps": {"type": "array", "maxItems": 8, "items": {"$ref": "#/definitions/step"}}
  },
  "definitions": {
    "step": {"oneOf": [
      {"type": "object", "required": ["send"], "properties": {"send": {"type": "string"}}},
      {"type": "object", "required": ["wait"], "properties": {"wait": {"type": "number"}}},
      {"anyOf": [{"type": "boolean"}, {"const": "end"}]}
    ]}
  }
})";

bool is_within(const Place& place, std::string_view text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  if (place.line < 1 || place.line > lines || place.column < 1) return false;
  return static_cast<std::size_t>(place.column) <= document::line_of(text, place.line).size() + 1;
}

void check_mistake(const Mistake& mistake, std::string_view text) {
  require(mistake.file == kName && !mistake.what.empty(), "a mistake says where and what");
  require(mistake.place == Place() || is_within(mistake.place, text), "a mistake is in the file");
  int lines = 0;
  std::string rendered = document::render(mistake);
  std::replace(rendered.begin(), rendered.end(), '\t',
               ' ');  // the file's own, for the caret's sake
  for (std::string_view rest = rendered; !rest.empty(); ++lines) {
    const auto end = rest.find('\n');
    require(end != rest.npos, "a mistake ends with a line feed");
    require(is_one_line(rest.substr(0, end)), "mistakes have no control characters");
    rest.remove_prefix(end + 1);
  }
  require(lines == 1 || lines == 3, "a mistake is one line, perhaps with the spot below it");
}

void check_places(const document::Cursor& at, std::string_view text) {
  require(is_within(at.place(), text), "every value has a place in the file");
  for (const auto& child : at.children()) {
    require(!at.is_map() || is_within(child.key_place(), text),
            "every key has a place in the file");
    check_places(child, text);
  }
}

// Planted: a list of three and more within a list within a mapping loses its last item.
void lose_an_item(boost::json::value& value, int lists, bool in_mapping) {
  if (auto* object = value.if_object())
    for (auto& member : *object) lose_an_item(member.value(), 0, true);
  if (auto* array = value.if_array()) {
    if (in_mapping && lists == 1 && array->size() >= 3) array->pop_back();
    for (auto& item : *array) lose_an_item(item, lists + 1, in_mapping);
  }
}

// In ASCII: what a file may not hold as it is, a text may hold as an escape.
std::string to_ascii(std::string_view utf8) {
  std::string text;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t j = 1; j < length; ++j)
      code = code << 6 | (static_cast<unsigned char>(utf8.at(i + j)) & 0x3Fu);
    if (code >= 0x20 && code < 0x7F) {
      text += static_cast<char>(code);
    } else {
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\U%08x", code);
      text += escape;
    }
    i += length;
  }
  return text;
}

// JSON is YAML: what was read can be written as JSON and read again.
void check_round_trip(const Document& original) {
  auto value = original.json();
  if (planted()) lose_an_item(value, 0, false);
  const auto again = document::parse(to_ascii(boost::json::serialize(value)), kName);
  require(again.has_value(), "a document written as JSON is a document");
  require(again->json() == original.json(), "a document written as JSON is the same one");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const auto parsed = document::parse(input, kName);
  const auto text = input.starts_with("\xef\xbb\xbf") ? input.substr(3) : input;
  if (!parsed) return check_mistake(parsed.error(), text);
  check_places(parsed->root(), text);
  check_round_trip(*parsed);
  static const document::Schema kCompiled{kSchema};
  const auto mistakes = kCompiled.check(*parsed);
  require(mistakes.size() <= 20, "people are told of at most 20 mistakes");
  for (const auto& mistake : mistakes) check_mistake(mistake, text);
  require(std::is_sorted(mistakes.begin(), mistakes.end(),
                         [](const Mistake& a, const Mistake& b) {
                           return std::tie(a.place.line, a.place.column) <
                                  std::tie(b.place.line, b.place.column);
                         }),
          "mistakes come in the order of the file");
}

}  // namespace deskcheck::fuzz
