#include "client-sim/scenario/schema.hpp"

#include "client-sim/scenario/hooks.hpp"
#include "client-sim/scenario/members.hpp"
#include "client-sim/scenario/scenario.hpp"
#include "client-sim/scenario/schema_base.hpp"
#include "client-sim/scenario/value.hpp"

#include <google/protobuf/descriptor.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace deskcheck::scenario {

namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;

json::object reference(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

json::object mapping(json::object properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

json::object any_of(json::array branches, std::string_view description = {}) {
  json::object schema{{"anyOf", std::move(branches)}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}

json::object typed(std::string_view type) { return {{"type", type}}; }

json::array names_of(const google::protobuf::EnumDescriptor& choices) {
  json::array names;
  for (int i = 0; i < choices.value_count(); ++i) names.emplace_back(choices.value(i)->name());
  return names;
}

class Definitions {
 public:
  explicit Definitions(json::object& into) : into_(into) {}

  // References to the definition of what may be written for the field; made where there is none.
  json::object sent(const FieldDescriptor& field) {
    auto one = reference(sent_name(field));
    if (!field.is_repeated()) return one;
    return {{"type", "array"}, {"items", std::move(one)}};
  }
  json::object expected(const FieldDescriptor& field) {
    auto one = reference(expected_name(field));
    if (!field.is_repeated()) return one;
    json::object list{{"type", "array"}, {"items", one}};
    auto conditions = common(reference(expected_name(field)));
    conditions.erase("one-of");
    conditions.erase("not");
    conditions.erase("equals");
    conditions["contains"] = std::move(one);
    conditions["length"] = reference(number_matcher());
    return any_of({std::move(list), mapping(std::move(conditions))});
  }

 private:
  static std::string kind_of(const FieldDescriptor& field) {
    if (field.message_type()) return field.message_type()->name();
    if (field.enum_type()) return field.enum_type()->name();
    if (field.type() == FieldDescriptor::TYPE_BYTES) return "bytes";
    if (holds_bytes(field)) return "text";
    return field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL ? "truth" : "number";
  }

  std::string sent_name(const FieldDescriptor& field) {
    const auto name = "sent." + kind_of(field);
    if (!into_.contains(name)) {
      into_[name] = nullptr;  // it may refer to itself
      into_[name] = field.message_type() ? message(*field.message_type(), &Definitions::sent)
                                         : any_of(sent_forms(field), described(field));
    }
    return name;
  }

  std::string expected_name(const FieldDescriptor& field) {
    const auto name = "expected." + kind_of(field);
    if (into_.contains(name)) return name;
    into_[name] = nullptr;
    if (field.message_type()) {
      auto fields = message(*field.message_type(), &Definitions::expected);
      auto& properties = fields["properties"].as_object();
      properties["present"] = properties["absent"] = reference("true");
      into_[name] = std::move(fields);
      return name;
    }
    auto conditions = common(reference(name));
    conditions["equals"] = reference(sent_name(field));
    conditions["one-of"] = {
        {"type", "array"}, {"minItems", 1}, {"items", reference(sent_name(field))}};
    if (holds_bytes(field)) {
      conditions["regex"] = typed("string");
      conditions["length"] = reference(number_matcher());
      for (const auto& [form, schema] : byte_forms(field)) conditions[form] = schema;
      if (field.type() == FieldDescriptor::TYPE_BYTES)
        conditions["signed-identity"] =
            mapping({{"id", typed("string")}, {"key", typed("string")}});
    } else if (!field.enum_type() && field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) {
      conditions["range"] = {
          {"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"items", typed("integer")}};
      conditions["at-least"] = conditions["at-most"] = typed("integer");
    }
    auto forms = plain_forms(field);
    forms.push_back(mapping(std::move(conditions)));
    into_[name] = any_of(std::move(forms), described(field));
    return name;
  }

  std::string number_matcher();

  json::object message(const Descriptor& type,
                       json::object (Definitions::*schema_of)(const FieldDescriptor&)) {
    json::object properties;
    for (int i = 0; i < type.field_count(); ++i)
      properties[type.field(i)->name()] = (this->*schema_of)(*type.field(i));
    return mapping(std::move(properties));
  }

  static json::object common(json::object inner) {
    return {{"not", std::move(inner)},     {"present", reference("true")},
            {"absent", reference("true")}, {"any", reference("true")},
            {"equals", json::object()},    {"one-of", json::object()},
            {"capture", typed("string")}};
  }

  static std::string described(const FieldDescriptor& field) {
    if (field.enum_type())
      return "one of " + json::serialize(names_of(*field.enum_type())) + ", or a number";
    if (field.type() == FieldDescriptor::TYPE_BYTES)
      return "a text, or {hex: ...}, {base64: ...}, {address: ...}";
    if (holds_bytes(field)) return "a text; put what looks like a number in quotes";
    return {};
  }

  // Without a mapping; a text stands for a variable, too.
  static json::array plain_forms(const FieldDescriptor& field) {
    if (field.enum_type())
      return {json::object{{"enum", names_of(*field.enum_type())}}, typed("integer"),
              typed("string")};
    if (holds_bytes(field)) return {typed("string")};
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL)
      return {typed("boolean"), typed("string")};
    return {typed("integer"), typed("string")};
  }

  static json::object byte_forms(const FieldDescriptor& field) {
    const json::object times{{"type", "integer"}, {"minimum", 1}, {"maximum", 1'000'000}};
    json::object forms{{"text", typed("string")}, {"times", times}};
    if (field.type() == FieldDescriptor::TYPE_BYTES)
      forms["hex"] = forms["base64"] = forms["address"] = typed("string");
    return forms;
  }

  static json::array sent_forms(const FieldDescriptor& field) {
    auto forms = plain_forms(field);
    if (!holds_bytes(field)) return forms;
    auto properties = byte_forms(field);
    properties["random"] = {{"type", "integer"}, {"minimum", 0}, {"maximum", 1'000'000}};
    forms.push_back(mapping(std::move(properties)));
    return forms;
  }

  json::object& into_;
};

// Of lengths: that of any number.
std::string Definitions::number_matcher() {
  return expected_name(
      *find_member(expectable(), "state")->message_type()->FindFieldByName("pushes"));
}

json::object one_member(const std::vector<const FieldDescriptor*>& members,
                        Definitions& definitions,
                        json::object (Definitions::*schema_of)(const FieldDescriptor&)) {
  json::object properties;
  for (const auto* member : members) properties[member->name()] = (definitions.*schema_of)(*member);
  auto schema = mapping(std::move(properties));
  schema["minProperties"] = schema["maxProperties"] = 1;
  return schema;
}

json::value make_schema() {
  auto schema = json::parse(kSchemaBase);
  auto& into = schema.as_object()["definitions"].as_object();
  Definitions definitions(into);
  auto sent = one_member(sendable(), definitions, &Definitions::sent);
  auto pattern = one_member(expectable(), definitions, &Definitions::expected);
  into["operator"] = operator_schema();
  into["sent"] = std::move(sent);
  into["pattern"] = std::move(pattern);
  into["patterns"] =
      any_of({reference("pattern"),
              json::object{{"type", "array"}, {"minItems", 1}, {"items", reference("pattern")}}});
  return schema;
}

}  // namespace

std::string schema_text() {
  // One definition a line is enough for readers; programs do not mind.
  return json::serialize(make_schema()) + "\n";
}

const document::Schema& schema() {
  static const document::Schema compiled(schema_text());
  return compiled;
}

}  // namespace deskcheck::scenario
