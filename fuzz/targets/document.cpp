// YAML files that people write: any bytes become a document with the place of every value, or one
// clear mistake; and checking them against a schema ends in mistakes at known places.
#include "fuzz/engine/target.hpp"
#include "fuzz/targets/files.hpp"
#include "proto/document/schema.hpp"

#include <algorithm>
#include <tuple>

namespace deskcheck::fuzz {

namespace {

using document::Document;
using document::Mistake;

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

// JSON is YAML: what was read can be written as JSON and read again.
void check_round_trip(const Document& original) {
  auto value = original.json();
  if (planted()) lose_an_item(value, 0, false);
  const auto again = document::parse(as_yaml(value), kFileName);
  require(again.has_value(), "a document written as JSON is a document");
  require(again->json() == original.json(), "a document written as JSON is the same one");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  const auto parsed = document::parse(input, kFileName);
  const auto text = without_mark(input);
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
