// Values of fields and whole messages as scenarios write them, ready to be filled in.
#pragma once

#include "client-sim/scenario/text.hpp"
#include "proto/net/random.hpp"

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace deskcheck::scenario {

// How the bytes of a text or bytes field are written.
struct Bytes {
  enum class Form { text, hex, base64, address, random };
  Form form = Form::text;
  Text text;
  int times = 1;           // repeats what stands in `text`
  std::size_t length = 0;  // of random bytes
};

struct MessageTemplate;

// One value of a field. Numbers, truths and choices that are known beforehand are in `number`;
// those that come from variables in `bytes`, as decimal digits, true/false or a name.
struct Value {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::optional<Bytes> bytes;
  std::int64_t number = 0;
  std::shared_ptr<const MessageTemplate> message;
};

struct MessageTemplate {
  struct Field {
    const google::protobuf::FieldDescriptor* field = nullptr;
    std::vector<Value> values;  // one, or those of a list
  };
  std::vector<Field> fields;
};

bool holds_bytes(const google::protobuf::FieldDescriptor& field);  // text or bytes

// The bytes; what does not fit its form is an error.
Filled<std::string> fill(const Bytes& bytes, const Variables& variables, net::Random& random);
// The number; for choices the number of the name.
Filled<std::int64_t> fill_number(const Value& value, const Variables& variables);
Filled<void> fill(const MessageTemplate& message, const Variables& variables, net::Random& random,
                  google::protobuf::Message& into);
// Sets a field that is not a list, or appends to one that is.
Filled<void> fill(const Value& value, const Variables& variables, net::Random& random,
                  google::protobuf::Message& into);

// What a constant text means for this field, or why it means nothing: the rules of fill_number.
Filled<std::int64_t> parse_number(const google::protobuf::FieldDescriptor& field,
                                  std::string_view text);
// The least and the greatest number that the field can hold; for truths 0 and 1.
struct Limits {
  std::int64_t least = 0, greatest = 0;
};
Limits limits_of(const google::protobuf::FieldDescriptor& field);

}  // namespace deskcheck::scenario
