// The value of one field of a message, whatever its type: what matchers look at.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

namespace deskcheck::scenario {

struct Observed {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool set = false;  // as protobuf knows it; fields without presence: other than their default
  bool is_list = false;
  std::vector<Observed> items;                         // of a list
  std::int64_t number = 0;                             // numbers, truths, choices
  std::string bytes;                                   // texts and bytes
  const google::protobuf::Message* message = nullptr;  // messages; its own default if not set
};

Observed observe(const google::protobuf::Message& parent,
                 const google::protobuf::FieldDescriptor* field);

// As a variable takes it: bytes as they are, numbers in decimal, truths as true and false, choices
// by name if they have one. Messages: serialised.
std::string to_variable(const Observed& value);
// For people: "12", "true", "OK", "'text'", "32 bytes 0a0b...".
std::string show(const Observed& value);
std::string show_bytes(const std::string& bytes);

}  // namespace deskcheck::scenario
