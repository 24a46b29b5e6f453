#include "proto/wire/describe.hpp"

#include "proto/wire/address.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <array>
#include <vector>

namespace deskcheck::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::UnknownField;

constexpr std::size_t kShownHex = 8;    // bytes, of a value that is cut
constexpr std::size_t kWholeHex = 16;   // bytes, up to which nothing is cut
constexpr std::size_t kShownText = 80;  // bytes
constexpr std::size_t kSignature = 64;  // bytes before the IdPk in a signed identity

template <std::size_t N>
bool is_one_of(const FieldDescriptor& field, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), field.full_name()) != names.end();
}

bool holds_address(const FieldDescriptor& field) {
  static constexpr std::array<std::string_view, 3> kNames{"socket_addr", "local_addr",
                                                          "socket_addr_v6"};
  return std::find(kNames.begin(), kNames.end(), field.name()) != kNames.end();
}

bool holds_signed_identity(const FieldDescriptor& field) {
  static constexpr std::array<std::string_view, 3> kNames{
      "hbb.PunchHoleResponse.pk", "hbb.RelayResponse.pk", "hbb.SignedId.id"};
  return is_one_of(field, kNames);
}

// Fields whose default value says as much as any other.
bool always_shown(const Message& message, const FieldDescriptor& field) {
  static constexpr std::array<std::string_view, 2> kNames{"hbb.RegisterPkResponse.result",
                                                          "hbb.RegisterPeerResponse.request_pk"};
  if (is_one_of(field, kNames)) return true;
  if (field.full_name() != "hbb.PunchHoleResponse.failure") return false;
  const auto& response = static_cast<const hbb::PunchHoleResponse&>(message);
  return response.socket_addr().empty() && response.other_failure().empty();
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto octet = static_cast<unsigned char>(c);
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

bool printable(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// At most kShownText bytes, never half a UTF-8 sequence.
std::string_view cut(std::string_view text) {
  if (text.size() <= kShownText) return text;
  std::size_t end = kShownText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string in_quotes(std::string_view text) {
  const auto shown = cut(text);
  std::string escaped;
  for (const char c : shown) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  std::string out = '"' + one_line(escaped);
  if (shown.size() == text.size()) return out + '"';
  return out + "…\" (" + std::to_string(text.size()) + " bytes)";
}

std::string signed_identity(std::string_view bytes) {
  hbb::IdPk identity;
  if (bytes.size() < kSignature) return describe_bytes(bytes);
  const auto inside = bytes.substr(kSignature);
  if (!identity.ParseFromArray(inside.data(), static_cast<int>(inside.size())) ||
      identity.id().empty()) {
    return describe_bytes(bytes);
  }
  return "signed IdPk of " + in_quotes(identity.id()) + ", " + describe_bytes(bytes);
}

std::string bytes_value(const FieldDescriptor& field, const std::string& value) {
  if (holds_address(field) && !value.empty()) return net::to_string(decode_address(value));
  if (holds_signed_identity(field)) return signed_identity(value);
  if (!value.empty() && printable(value)) return in_quotes(value);
  return describe_bytes(value);
}

std::string fields(const Message& message);

// `index` < 0: the field is not repeated.
std::string value(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  const auto* f = &field;
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const auto text =
          one ? reflection.GetString(message, f) : reflection.GetRepeatedString(message, f, index);
      return field.type() == FieldDescriptor::TYPE_BYTES ? bytes_value(field, text)
                                                         : in_quotes(text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fields(one ? reflection.GetMessage(message, f)
                        : reflection.GetRepeatedMessage(message, f, index));
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(one ? reflection.GetInt32(message, f)
                                : reflection.GetRepeatedInt32(message, f, index));
    // Nothing repeats these.
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, f) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(reflection.GetUInt32(message, f));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection.GetInt64(message, f));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(reflection.GetUInt64(message, f));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = reflection.GetEnumValue(message, f);
      const auto* known = field.enum_type()->FindValueByNumber(number);
      return known ? std::string(known->name()) : std::to_string(number);
    }
    default:
      return "?";
  }
}

std::string list(const Message& message, const FieldDescriptor& field) {
  std::string text;
  const int count = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < count; ++i) text += (i ? ", " : "") + value(message, field, i);
  return "[" + text + "]";
}

using Fields = std::vector<Described::Field>;

Described::Field unknown(const UnknownField& field) {
  const std::string name = "unknown field " + std::to_string(field.number());
  if (field.type() == UnknownField::TYPE_LENGTH_DELIMITED)
    return {name, describe_bytes(field.length_delimited())};
  if (field.type() == UnknownField::TYPE_VARINT) return {name, std::to_string(field.varint())};
  return {name, ""};
}

void add_unknown_fields(const Message& message, Fields& list) {
  const auto& set = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < set.field_count(); ++i) list.push_back(unknown(set.field(i)));
}

std::string joined(const Fields& list) {
  std::string text;
  for (const auto& field : list) {
    if (!text.empty()) text += ", ";
    text += field.value.empty() ? field.name : field.name + ": " + field.value;
  }
  return text;
}

Fields field_list(const Message& message) {
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  Fields all;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    const std::string name(field.name());
    if (field.is_repeated()) {
      if (reflection.FieldSize(message, &field) != 0) all.push_back({name, list(message, field)});
    } else if (reflection.HasField(message, &field) || always_shown(message, field)) {
      all.push_back({name, value(message, field, -1)});
    }
  }
  add_unknown_fields(message, all);
  return all;
}

std::string fields(const Message& message) { return "{" + joined(field_list(message)) + "}"; }

// The member of the union that is set; null if there is none.
const FieldDescriptor* member(const Message& message) {
  const auto* members = message.GetDescriptor()->FindOneofByName("union");
  return message.GetReflection()->GetOneofFieldDescriptor(message, members);
}

std::string envelope(const Message& message) {
  const auto* held = member(message);
  std::string text =
      held ? std::string(held->name()) + " " + value(message, *held, -1) : "(empty message)";
  Fields rest;
  add_unknown_fields(message, rest);
  return rest.empty() ? text : text + " and " + joined(rest);
}

Described parts(const Message& message) {
  Described described;
  if (const auto* held = member(message)) {
    described.name = held->name();
    if (held->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      described.fields = field_list(message.GetReflection()->GetMessage(message, held));
    else
      described.fields.push_back({described.name, value(message, *held, -1)});
  }
  add_unknown_fields(message, described.fields);
  return described;
}

}  // namespace

std::string describe(const hbb::RendezvousMessage& message) { return envelope(message); }
std::string describe(const hbb::Message& message) { return envelope(message); }
Described take_apart(const hbb::RendezvousMessage& message) { return parts(message); }
Described take_apart(const hbb::Message& message) { return parts(message); }

std::string describe_any(const Message& message) {
  const auto* type = message.GetDescriptor();
  if (type == hbb::RendezvousMessage::descriptor() || type == hbb::Message::descriptor())
    return envelope(message);
  return std::string(type->name()) + " " + fields(message);
}

std::string one_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    // U+0080 to U+009F: terminals take them for control sequences, too.
    const bool c1 = octet(i) == 0xC2 && i + 1 < text.size() && octet(i + 1) < 0xA0;
    if (octet(i) >= ' ' && octet(i) != 0x7F && !c1) {
      out += text[i];
      continue;
    }
    out += "\\x" + hex(text.substr(i, 1));
    if (c1) out += "\\x" + hex(text.substr(++i, 1));
  }
  return out;
}

std::string describe_bytes(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  const auto count = std::to_string(bytes.size()) + (bytes.size() == 1 ? " byte " : " bytes ");
  if (bytes.size() <= kWholeHex) return count + hex(bytes);
  return count + hex(bytes.substr(0, kShownHex)) + "…";
}

}  // namespace deskcheck::wire
