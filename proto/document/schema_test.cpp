#include "proto/document/schema.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace deskcheck::document {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kSchema[] = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "required": ["name", "steps"],
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "level": {"enum": ["must", "should", "may"]},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "wait": {"description": "a time such as 500ms or 2s", "type": ["string", "number"]},
    "steps": {"description": "the list of what happens", "$ref": "#/definitions/steps"},
    "hooks": {"type": "object", "additionalProperties": {"type": "string"}}
  },
  "definitions": {
    "steps": {"description": "the list of what happens", "type": "array", "minItems": 1,
              "items": {"$ref": "#/definitions/step"}},
    "step": {"anyOf": [
      {"type": "string"},
      {"type": "object", "additionalProperties": false, "maxProperties": 1,
       "properties": {"send": {"type": "string"}, "expect": {"type": "string"},
                      "loop": {"$ref": "#/definitions/steps"}}}]}
  }
})";

std::vector<std::string> check(std::string_view text) {
  static const Schema schema(kSchema);
  std::vector<std::string> lines;
  for (const auto& mistake : schema.check(*parse(text, "f"))) lines.push_back(to_string(mistake));
  return lines;
}

TEST(Schema, WhatFitsHasNoMistakes) {
  EXPECT_THAT(check("name: x\nlevel: may\nport: 21116\nwait: 2\nhooks: {a: b}\n"
                    "steps: [text, {send: a}, {loop: [{loop: [b]}]}]\n"),
              IsEmpty());
}

TEST(Schema, UnknownKeysNameTheNearest) {
  EXPECT_THAT(check("nmae: x\nname: y\nsteps: [{exepct: z}]\n"),
              ElementsAre("f:1:1: unknown key 'nmae'; did you mean 'name'?",
                          "f:3:10: unknown key 'exepct'; did you mean 'expect'?"));
  EXPECT_THAT(check("name: y\nsteps: [{zzzzzz: z}]\n"),
              ElementsAre("f:2:10: unknown key 'zzzzzz'; known here: expect, loop, send"));
}

TEST(Schema, MissingKeysSayWhatTheyAre) {
  EXPECT_THAT(
      check("level: may\nname: y\n"),
      ElementsAre("f:1:1: the key 'steps' is missing; it must be the list of what happens"));
}

TEST(Schema, WrongKindsOfValues) {
  EXPECT_THAT(
      check("name: 5\nwait: [1]\nsteps: {}\n"),
      ElementsAre("f:1:7: 'name' must be a text, not a number",
                  "f:2:7: 'wait' must be a text or a number, not a list; it must be a time "
                  "such as 500ms or 2s",
                  "f:3:8: 'steps' must be a list, not a mapping; it must be the list of what "
                  "happens"));
  EXPECT_THAT(check("name: x\nsteps: [5]\n"),
              ElementsAre("f:2:9: this must be a text or a mapping, not a number"));
  EXPECT_THAT(check("name: x\nsteps: [a]\nhooks: {a: 1}\n"),
              ElementsAre("f:3:12: 'a' must be a text, not a number"));
}

TEST(Schema, ChoicesAndLimits) {
  EXPECT_THAT(check("name: ''\nlevel: mus\nport: 0\nsteps: []\n"),
              ElementsAre("f:1:7: 'name' must have characters: at least 1",
                          "f:2:8: 'level' cannot be 'mus'; did you mean 'must'?",
                          "f:3:7: 'port' must be at least 1",
                          "f:4:8: 'steps' must have items: at least 1"));
  EXPECT_THAT(check("name: a\nlevel: never\nport: 1.5\nsteps: [{send: a, expect: b}]\n"),
              ElementsAre("f:2:8: 'level' cannot be 'never'; it must be must, should or may",
                          "f:3:7: 'port' must be a whole number, not a number",
                          "f:4:9: this must have keys: at most 1"));
}

TEST(Schema, RootOfTheWrongKind) {
  EXPECT_THAT(check("just text"), ElementsAre("f:1:1: this must be a mapping, not a text"));
}

TEST(Schema, ManyMistakesAreCutShort) {
  std::string text = "name: x\nsteps:\n";
  for (int i = 0; i < 100; ++i) text += "  - 5\n";
  EXPECT_EQ(check(text).size(), 20U);
}

TEST(Schema, KeywordsThatOnlyTheValidatorKnowsAreNotLost) {
  const Schema schema(R"({"type": "array", "uniqueItems": true})");
  const auto mistakes = schema.check(*parse("[a, a]", "f"));
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_THAT(mistakes[0].what, testing::StartsWith("this does not match the schema: "));
}

TEST(Schema, WhatIsNoSchemaIsAProgrammersMistake) {
  EXPECT_THROW(Schema("{"), std::logic_error);
  EXPECT_THROW(Schema(R"({"type": "strang"})"), std::logic_error);
  EXPECT_THROW(Schema(R"({"properties": {"a": {"pattern": "b"}}})"), std::logic_error);
  EXPECT_NO_THROW(Schema(R"({"properties": {"pattern": {"type": "string"}}})"));
}

}  // namespace
}  // namespace deskcheck::document
