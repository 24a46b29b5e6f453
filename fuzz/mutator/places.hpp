// One value of a message, by reflection: numbers of every kind as 64 bits, strings and bytes alike.
// Internal to the mutator. `index`: -1 if the field is not repeated.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace deskcheck::fuzz {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

inline bool is_text(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}
inline bool is_message(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

std::string get_text(const Message& message, const FieldDescriptor* field, int index);
// What a `string` field cannot hold is made valid first.
void set_text(Message& message, const FieldDescriptor* field, int index, std::string text);
std::uint64_t get_number(const Message& message, const FieldDescriptor* field, int index);
void set_number(Message& message, const FieldDescriptor* field, int index, std::uint64_t value);
Message* mutable_message(Message& message, const FieldDescriptor* field, int index);
// Adds a default element to a repeated field; its index.
int add_element(Message& message, const FieldDescriptor* field);

// The same text with every byte that is not part of valid UTF-8 replaced.
std::string as_utf8(std::string text);

}  // namespace deskcheck::fuzz
