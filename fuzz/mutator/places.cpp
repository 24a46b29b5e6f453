#include "fuzz/mutator/places.hpp"

namespace deskcheck::fuzz {

namespace {

unsigned octet(char c) { return static_cast<unsigned char>(c); }

// The length of the UTF-8 sequence at the start of `text`; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const unsigned first = octet(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((octet(text[i]) & 0xC0) != 0x80) return 0;
  const unsigned second = octet(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_high = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

}  // namespace

std::string as_utf8(std::string text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto length = sequence_length(std::string_view(text).substr(i));
    if (length == 0) text[i] = static_cast<char>(octet(text[i]) & 0x7F);
    i += length == 0 ? 1 : length;
  }
  return text;
}

std::string get_text(const Message& message, const FieldDescriptor* field, int index) {
  const auto& r = *message.GetReflection();
  return index < 0 ? r.GetString(message, field) : r.GetRepeatedString(message, field, index);
}

void set_text(Message& message, const FieldDescriptor* field, int index, std::string text) {
  const auto& r = *message.GetReflection();
  if (field->type() == FieldDescriptor::TYPE_STRING) text = as_utf8(std::move(text));
  if (index < 0)
    r.SetString(&message, field, std::move(text));
  else
    r.SetRepeatedString(&message, field, index, std::move(text));
}

std::uint64_t get_number(const Message& message, const FieldDescriptor* field, int index) {
  const auto& r = *message.GetReflection();
  const bool one = index < 0;
  const auto bits = [](auto value) { return static_cast<std::uint64_t>(value); };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return bits(one ? r.GetInt32(message, field) : r.GetRepeatedInt32(message, field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return bits(one ? r.GetInt64(message, field) : r.GetRepeatedInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? r.GetUInt32(message, field) : r.GetRepeatedUInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT64:
      return one ? r.GetUInt64(message, field) : r.GetRepeatedUInt64(message, field, index);
    case FieldDescriptor::CPPTYPE_BOOL:
      return one ? r.GetBool(message, field) : r.GetRepeatedBool(message, field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return bits(one ? r.GetEnumValue(message, field)
                      : r.GetRepeatedEnumValue(message, field, index));
    default:  // our schemas have no floating point
      return 0;
  }
}

void set_number(Message& message, const FieldDescriptor* field, int index, std::uint64_t value) {
  const auto& r = *message.GetReflection();
  const bool one = index < 0;
  auto* m = &message;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto v = static_cast<std::int32_t>(value);
      return one ? r.SetInt32(m, field, v) : r.SetRepeatedInt32(m, field, index, v);
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const auto v = static_cast<std::int64_t>(value);
      return one ? r.SetInt64(m, field, v) : r.SetRepeatedInt64(m, field, index, v);
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto v = static_cast<std::uint32_t>(value);
      return one ? r.SetUInt32(m, field, v) : r.SetRepeatedUInt32(m, field, index, v);
    }
    case FieldDescriptor::CPPTYPE_UINT64:
      return one ? r.SetUInt64(m, field, value) : r.SetRepeatedUInt64(m, field, index, value);
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool v = value & 1;
      return one ? r.SetBool(m, field, v) : r.SetRepeatedBool(m, field, index, v);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto v = static_cast<std::int32_t>(value);
      return one ? r.SetEnumValue(m, field, v) : r.SetRepeatedEnumValue(m, field, index, v);
    }
    default:
      return;
  }
}

Message* mutable_message(Message& message, const FieldDescriptor* field, int index) {
  const auto& r = *message.GetReflection();
  return index < 0 ? r.MutableMessage(&message, field)
                   : r.MutableRepeatedMessage(&message, field, index);
}

int add_element(Message& message, const FieldDescriptor* field) {
  const auto& r = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      r.AddMessage(&message, field);
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      r.AddString(&message, field, {});
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      r.AddInt32(&message, field, 0);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      r.AddInt64(&message, field, 0);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      r.AddUInt32(&message, field, 0);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      r.AddUInt64(&message, field, 0);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      r.AddBool(&message, field, false);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      r.AddEnumValue(&message, field, 0);
      break;
    default:
      break;
  }
  return r.FieldSize(message, field) - 1;
}

}  // namespace deskcheck::fuzz
