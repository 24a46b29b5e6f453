// What a scenario expects of a message: a matcher for each field that it names. Fields that it does
// not name may be anything.
#pragma once

#include "client-sim/scenario/value.hpp"
#include "proto/wire/keys.hpp"

#include <google/protobuf/message.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::scenario {

struct Matcher;

// A regular expression of the ECMAScript kind that has to match somewhere. Expressions that take
// too long on a text do not match it.
class Regex {
 public:
  static Filled<Regex> parse(std::string_view text);
  bool matches(const std::string& text) const;
  const std::string& written() const { return written_; }

 private:
  struct Compiled;
  std::string written_;
  std::shared_ptr<const Compiled> compiled_;
};

// One thing that has to hold for a field.
struct Condition {
  enum class Kind {
    equals,           // values[0]
    one_of,           // any of values
    negated,          // inner[0] does not hold
    present,          // set, or other than its default
    absent,           // not set, or its default
    anything,         // holds always: for readers, and to capture
    regex,            // of a text
    range,            // of a number: low to high
    length,           // inner[0] holds for the number of bytes or items
    signed_identity,  // bytes that the target has signed, with this id and key inside
    contains,         // inner[0] holds for one item of a list
    items,            // a list of just these: inner
    fields,           // inner, each for its field of a message
  };
  Kind kind = Kind::anything;
  std::vector<Value> values;
  std::vector<Matcher> inner;
  std::optional<Regex> expression;
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::optional<Text> id, key;
};

// Everything that has to hold for a field, and the variable that takes its value.
struct Matcher {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::vector<Condition> conditions;
  std::string capture;
};

// What matching may need to know, and what it learns.
struct Knowledge {
  const Variables* variables = nullptr;
  std::optional<wire::PublicKey> signer;  // of signed identities
  Variables captured;  // of matchers that held; of no meaning if the whole did not
  std::string why;     // the first thing that did not hold
};

// Does the field of this message match? Of a list all items are looked at together.
bool matches(const Matcher& matcher, const google::protobuf::Message& parent, Knowledge& knowledge);

// "{result: UUID_MISMATCH, pk: present}"; for a field that is no message the condition alone.
std::string describe(const Matcher& matcher, const Variables& variables);

// Signed identities can be judged only if the target has a key.
bool needs_signer(const Matcher& matcher);

}  // namespace deskcheck::scenario
