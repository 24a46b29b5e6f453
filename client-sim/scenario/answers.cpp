#include "client-sim/scenario/answers.hpp"

#include <google/protobuf/descriptor.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deskcheck::scenario {

namespace json = boost::json;

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Servers write numbers and truths in more than one way.
std::int64_t number_in(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return static_cast<std::int64_t>(value.get_uint64());
  if (value.is_double() && std::abs(value.get_double()) < 9e15)
    return static_cast<std::int64_t>(value.get_double());
  std::int64_t number = 0;
  if (value.is_string()) {
    const auto& text = value.get_string();
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (text == "true") number = 1;
  }
  return number;
}

std::string text_in(const json::value& value) {
  if (value.is_null()) return {};
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void take_object(const json::object& object, Message& into);

void take_one(const json::value& value, Message& into, const FieldDescriptor* field) {
  const auto* reflection = into.GetReflection();
  const bool list = field->is_repeated();
  const auto number = number_in(value);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto small = static_cast<std::int32_t>(number);
      return list ? reflection->AddInt32(&into, field, small)
                  : reflection->SetInt32(&into, field, small);
    }
    case FieldDescriptor::CPPTYPE_INT64:
      return list ? reflection->AddInt64(&into, field, number)
                  : reflection->SetInt64(&into, field, number);
    case FieldDescriptor::CPPTYPE_UINT64: {
      const auto bits = static_cast<std::uint64_t>(number);
      return list ? reflection->AddUInt64(&into, field, bits)
                  : reflection->SetUInt64(&into, field, bits);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return list ? reflection->AddBool(&into, field, number != 0)
                  : reflection->SetBool(&into, field, number != 0);
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? reflection->AddString(&into, field, text_in(value))
                  : reflection->SetString(&into, field, text_in(value));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (const auto* object = value.if_object())
        take_object(*object, list ? *reflection->AddMessage(&into, field)
                                  : *reflection->MutableMessage(&into, field));
      return;
    default:
      return;  // no answer has others
  }
}

// An object where names and values are listed.
void take_entries(const json::object& object, Message& into, const FieldDescriptor* field) {
  for (const auto& [name, value] : object) {
    const json::object entry{{"name", name}, {"value", text_in(value)}};
    take_one(entry, into, field);
  }
}

void take_object(const json::object& object, Message& into) {
  for (const auto& [name, value] : object) {
    const auto* field = into.GetDescriptor()->FindFieldByName(std::string(name));
    if (!field || value.is_null()) continue;
    if (!field->is_repeated()) {
      take_one(value, into, field);
    } else if (value.is_array()) {
      for (const auto& item : value.get_array()) take_one(item, into, field);
    } else if (value.is_object() && field->message_type()) {
      take_entries(value.get_object(), into, field);
    }
  }
}

// The list within the member that stands for an answer which is a list; null: it is none.
const FieldDescriptor* list_of(const FieldDescriptor* member) {
  const auto* type = member->message_type();
  const bool wraps = type && type->field_count() == 1 && type->field(0)->is_repeated();
  return wraps ? type->field(0) : nullptr;
}

const FieldDescriptor* member_named(std::string_view name) {
  return Observation::descriptor()->FindFieldByName(std::string(name));
}

// The names of the fields that matchers of a message are about, also within lists of it.
void gather(const Matcher& matcher, std::vector<std::string>& names) {
  for (const auto& condition : matcher.conditions) {
    if (condition.kind == Condition::Kind::fields)
      for (const auto& inner : condition.inner) names.push_back(inner.field->name());
    else if (condition.kind != Condition::Kind::length)
      for (const auto& inner : condition.inner) gather(inner, names);
  }
}

bool shows(const json::value& value, const std::string& name) {
  if (const auto* object = value.if_object()) return object->contains(name);
  if (const auto* list = value.if_array())
    return list->empty() ||
           std::ranges::any_of(*list, [&](const json::value& item) { return shows(item, name); });
  return true;
}

}  // namespace

Filled<Observation> observed_answer(std::string_view name, const json::value& answer) {
  Observation observation;
  const auto* member = member_named(name);
  const auto* reflection = observation.GetReflection();
  if (!member->message_type()) {
    const bool bytes = member->type() == FieldDescriptor::TYPE_BYTES;
    if (!answer.is_string() && !(bytes && answer.is_null())) return trouble("no text");
    take_one(answer, observation, member);
    return observation;
  }
  auto& message = *reflection->MutableMessage(&observation, member);
  if (const auto* field = list_of(member)) {
    if (!answer.is_array()) return trouble("no list");
    for (const auto& item : answer.get_array()) take_one(item, message, field);
    return observation;
  }
  if (!answer.is_object()) return trouble("no object");
  take_object(answer.get_object(), message);
  return observation;
}

std::string not_shown(const Pattern& pattern, const json::value& answer) {
  std::vector<std::string> names;
  const auto* list = list_of(pattern.field);
  for (const auto& condition : pattern.conditions) {
    if (condition.kind != Condition::Kind::fields) continue;
    for (const auto& inner : condition.inner) {
      if (list)
        gather(inner, names);
      else
        names.push_back(inner.field->name());
    }
  }
  const auto missing =
      std::ranges::find_if(names, [&](const std::string& name) { return !shows(answer, name); });
  return missing == names.end() ? std::string() : *missing;
}

}  // namespace deskcheck::scenario
