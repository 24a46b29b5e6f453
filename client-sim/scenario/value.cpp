#include "client-sim/scenario/value.hpp"

#include "client-sim/session/client_facts.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/keys.hpp"

#include <google/protobuf/descriptor.h>
#include <boost/algorithm/hex.hpp>

#include <charconv>
#include <limits>

namespace deskcheck::scenario {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Spaces and colons between digits are for readers.
Filled<std::string> from_hex(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ' ' && c != ':' && c != '\n') digits += c;
  std::string bytes;
  try {
    boost::algorithm::unhex(digits, std::back_inserter(bytes));
  } catch (const boost::algorithm::hex_decode_error&) {
    return trouble("'" + std::string(text) + "' is not hexadecimal");
  }
  return bytes;
}

Filled<std::string> from_address(const std::string& text, net::Random& random) {
  const auto endpoint = sim::parse_host(text, 0);
  if (!endpoint) return trouble("'" + text + "' is no address; write it as 10.0.0.1:21116");
  return wire::encode_address(*endpoint, static_cast<std::uint32_t>(random.next()));
}

void set_number(Message& into, const FieldDescriptor* field, std::int64_t number) {
  const auto* reflection = into.GetReflection();
  const bool list = field->is_repeated();
  const auto i32 = static_cast<std::int32_t>(number);
  const auto u32 = static_cast<std::uint32_t>(number);
  const auto u64 = static_cast<std::uint64_t>(number);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return list ? reflection->AddInt32(&into, field, i32)
                  : reflection->SetInt32(&into, field, i32);
    case FieldDescriptor::CPPTYPE_UINT32:
      return list ? reflection->AddUInt32(&into, field, u32)
                  : reflection->SetUInt32(&into, field, u32);
    case FieldDescriptor::CPPTYPE_INT64:
      return list ? reflection->AddInt64(&into, field, number)
                  : reflection->SetInt64(&into, field, number);
    case FieldDescriptor::CPPTYPE_UINT64:
      return list ? reflection->AddUInt64(&into, field, u64)
                  : reflection->SetUInt64(&into, field, u64);
    case FieldDescriptor::CPPTYPE_BOOL:
      return list ? reflection->AddBool(&into, field, number != 0)
                  : reflection->SetBool(&into, field, number != 0);
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? reflection->AddEnumValue(&into, field, i32)
                  : reflection->SetEnumValue(&into, field, i32);
    default:
      return;
  }
}

}  // namespace

bool holds_bytes(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

Limits limits_of(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {0, 1};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {0, std::numeric_limits<std::uint32_t>::max()};
    case FieldDescriptor::CPPTYPE_INT64:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {0, std::numeric_limits<std::int64_t>::max()};
    default:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  }
}

Filled<std::int64_t> parse_number(const FieldDescriptor& field, std::string_view text) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    if (text == "true") return 1;
    if (text == "false") return 0;
    return trouble("'" + std::string(text) + "' is neither true nor false");
  }
  if (const auto* choices = field.enum_type())
    if (const auto* choice = choices->FindValueByName(std::string(text))) return choice->number();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto [least, greatest] = limits_of(field);
  if (error != std::errc() || end != text.data() + text.size() || number < least ||
      number > greatest)
    return trouble("'" + std::string(text) + "' is no value for " + field.name());
  return number;
}

Filled<std::string> fill(const Bytes& bytes, const Variables& variables, net::Random& random) {
  if (bytes.form == Bytes::Form::random) return random.bytes(bytes.length);
  auto text = bytes.text.fill(variables);
  if (!text) return text.error();
  std::string once = std::move(*text);
  if (bytes.form == Bytes::Form::hex) {
    auto decoded = from_hex(once);
    if (!decoded) return decoded.error();
    once = std::move(*decoded);
  } else if (bytes.form == Bytes::Form::base64) {
    auto decoded = wire::from_base64(once);
    if (!decoded) return trouble("'" + once + "' is not base64");
    once = std::move(*decoded);
  } else if (bytes.form == Bytes::Form::address) {
    return from_address(once, random);
  }
  std::string all;
  all.reserve(once.size() * static_cast<std::size_t>(bytes.times));
  for (int i = 0; i < bytes.times; ++i) all += once;
  return all;
}

Filled<std::int64_t> fill_number(const Value& value, const Variables& variables) {
  if (!value.bytes) return value.number;
  const auto text = value.bytes->text.fill(variables);
  if (!text) return text.error();
  return parse_number(*value.field, *text);
}

Filled<void> fill(const Value& value, const Variables& variables, net::Random& random,
                  Message& into) {
  const auto* reflection = into.GetReflection();
  const auto* field = value.field;
  if (value.message) {
    auto* inner = field->is_repeated() ? reflection->AddMessage(&into, field)
                                       : reflection->MutableMessage(&into, field);
    return fill(*value.message, variables, random, *inner);
  }
  if (!holds_bytes(*field)) {
    const auto number = fill_number(value, variables);
    if (!number) return number.error();
    set_number(into, field, *number);
    return {};
  }
  auto bytes = fill(*value.bytes, variables, random);
  if (!bytes) return bytes.error();
  if (field->is_repeated())
    reflection->AddString(&into, field, std::move(*bytes));
  else
    reflection->SetString(&into, field, std::move(*bytes));
  return {};
}

Filled<void> fill(const MessageTemplate& message, const Variables& variables, net::Random& random,
                  Message& into) {
  for (const auto& field : message.fields)
    for (const auto& value : field.values)
      if (auto filled = fill(value, variables, random, into); !filled) return filled.error();
  return {};
}

}  // namespace deskcheck::scenario
