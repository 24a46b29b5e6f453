#include "client-sim/scenario/observed.hpp"

#include "proto/wire/describe.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace deskcheck::scenario {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

std::int64_t number_of(const Message& parent, const FieldDescriptor* field, int index) {
  const auto* reflection = parent.GetReflection();
  const bool list = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return list ? reflection->GetRepeatedInt32(parent, field, index)
                  : reflection->GetInt32(parent, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return list ? reflection->GetRepeatedUInt32(parent, field, index)
                  : reflection->GetUInt32(parent, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return list ? reflection->GetRepeatedInt64(parent, field, index)
                  : reflection->GetInt64(parent, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<std::int64_t>(list ? reflection->GetRepeatedUInt64(parent, field, index)
                                            : reflection->GetUInt64(parent, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return list ? reflection->GetRepeatedBool(parent, field, index)
                  : reflection->GetBool(parent, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? reflection->GetRepeatedEnumValue(parent, field, index)
                  : reflection->GetEnumValue(parent, field);
    default:
      return 0;
  }
}

Observed single(const Message& parent, const FieldDescriptor* field, int index) {
  const auto* reflection = parent.GetReflection();
  const bool list = field->is_repeated();
  Observed value;
  value.field = field;
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    value.bytes = list ? reflection->GetRepeatedString(parent, field, index)
                       : reflection->GetString(parent, field);
  else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
    value.message = list ? &reflection->GetRepeatedMessage(parent, field, index)
                         : &reflection->GetMessage(parent, field);
  else
    value.number = number_of(parent, field, index);
  value.set = list || reflection->HasField(parent, field);
  return value;
}

bool is_printable(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

Observed observe(const Message& parent, const FieldDescriptor* field) {
  if (!field->is_repeated()) return single(parent, field, 0);
  Observed list;
  list.field = field;
  list.is_list = true;
  const int size = parent.GetReflection()->FieldSize(parent, field);
  list.set = size > 0;
  for (int i = 0; i < size; ++i) list.items.push_back(single(parent, field, i));
  return list;
}

std::string to_variable(const Observed& value) {
  if (value.message) return value.message->SerializeAsString();
  switch (value.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value.bytes;
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.number ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto number = static_cast<int>(value.number);
      if (const auto* name = value.field->enum_type()->FindValueByNumber(number))
        return name->name();
      return std::to_string(number);
    }
    default:
      return std::to_string(value.number);
  }
}

std::string show(const Observed& value) {
  if (value.is_list) {
    std::string text;
    for (const auto& item : value.items) text += (text.empty() ? "" : ", ") + show(item);
    return "[" + text + "]";
  }
  if (value.message) return wire::describe_any(*value.message);
  if (value.field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return to_variable(value);
  return show_bytes(value.bytes);
}

std::string show_bytes(const std::string& bytes) {
  constexpr std::size_t kLongestShown = 80;
  if (bytes.empty()) return "empty";
  if (is_printable(bytes) && bytes.size() <= kLongestShown) return "'" + bytes + "'";
  return wire::describe_bytes(bytes);
}

}  // namespace deskcheck::scenario
