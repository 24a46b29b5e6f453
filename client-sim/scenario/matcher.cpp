#include "client-sim/scenario/matcher.hpp"

#include "client-sim/scenario/observed.hpp"
#include "client-sim/session/client_facts.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace deskcheck::scenario {

namespace {

using Kind = Condition::Kind;

bool holds(const Matcher& matcher, const Observed& value, Knowledge& knowledge);

bool equals(const Value& wanted, const Observed& value, const Knowledge& knowledge,
            std::string& why) {
  if (!holds_bytes(*value.field)) {
    const auto number = fill_number(wanted, *knowledge.variables);
    if (!number) why = number.error().text;
    return number && *number == value.number;
  }
  if (wanted.bytes->form == Bytes::Form::address) {
    const auto text = wanted.bytes->text.fill(*knowledge.variables);
    const auto endpoint =
        text ? sim::parse_host(*text, 0) : net::Result<net::Endpoint>(boost::asio::error::no_data);
    const auto decoded = wire::normalise_v4(wire::decode_address(value.bytes));
    if (endpoint && wire::normalise_v4(*endpoint) == decoded) return true;
    why = "is the address " + to_string(decoded);
    return false;
  }
  net::Random random(0);  // constant forms draw nothing
  const auto bytes = fill(*wanted.bytes, *knowledge.variables, random);
  if (!bytes) why = bytes.error().text;
  return bytes && *bytes == value.bytes;
}

bool is_signed_identity(const Condition& condition, const Observed& value,
                        const Knowledge& knowledge, std::string& why) {
  if (!knowledge.signer) {
    why = "cannot be verified: the target has no key";
    return false;
  }
  const auto identity = wire::verify_identity(value.bytes, *knowledge.signer);
  if (!identity) {
    why = identity.error().message();
    return false;
  }
  const auto same = [&](const std::optional<Text>& wanted, const std::string& actual,
                        const char* of) {
    if (!wanted) return true;
    const auto text = wanted->fill(*knowledge.variables);
    if (text && *text == actual) return true;
    why = text ? std::string("is signed for another ") + of : text.error().text;
    return false;
  };
  return same(condition.id, identity->id(), "id") && same(condition.key, identity->pk(), "key");
}

bool length_holds(const Condition& condition, const Observed& value, Knowledge& knowledge) {
  Observed length;
  length.field = condition.inner[0].field;
  length.number =
      static_cast<std::int64_t>(value.is_list ? value.items.size() : value.bytes.size());
  length.set = length.number != 0;
  return holds(condition.inner[0], length, knowledge);
}

bool items_hold(const Condition& condition, const Observed& value, Knowledge& knowledge) {
  if (condition.inner.size() != value.items.size()) return false;
  for (std::size_t i = 0; i < value.items.size(); ++i)
    if (!holds(condition.inner[i], value.items[i], knowledge)) return false;
  return true;
}

// `why` only where it says more than the value itself.
bool holds(const Condition& condition, const Observed& value, Knowledge& knowledge,
           std::string& why) {
  switch (condition.kind) {
    case Kind::equals:
      return equals(condition.values[0], value, knowledge, why);
    case Kind::one_of:
      return std::ranges::any_of(condition.values, [&](const Value& wanted) {
        return equals(wanted, value, knowledge, why);
      });
    case Kind::negated: {
      Knowledge aside = knowledge;
      return !holds(condition.inner[0], value, aside);
    }
    case Kind::present:
      return value.set;
    case Kind::absent:
      return !value.set;
    case Kind::anything:
      return true;
    case Kind::regex:
      return condition.expression->matches(value.bytes);
    case Kind::range:
      return condition.low <= value.number && value.number <= condition.high;
    case Kind::length:
      return length_holds(condition, value, knowledge);
    case Kind::signed_identity:
      return is_signed_identity(condition, value, knowledge, why);
    case Kind::contains:
      return std::ranges::any_of(value.items, [&](const Observed& item) {
        return holds(condition.inner[0], item, knowledge);
      });
    case Kind::items:
      return items_hold(condition, value, knowledge);
    case Kind::fields:
      return std::ranges::all_of(condition.inner, [&](const Matcher& field) {
        return matches(field, *value.message, knowledge);
      });
  }
  return false;
}

// Of a token or a secret nobody is told what it is.
std::string what_is(const Observed& value) {
  const auto& name = value.field->name();
  const bool hidden = value.set && (name == "token" || name == "secret");
  return hidden ? "another one" : show(value);
}

bool holds(const Matcher& matcher, const Observed& value, Knowledge& knowledge) {
  for (const auto& condition : matcher.conditions) {
    std::string why;
    if (holds(condition, value, knowledge, why)) continue;
    if (knowledge.why.empty()) {
      if (why.empty())
        why = !value.set && condition.kind == Kind::present ? "is absent" : "is " + what_is(value);
      knowledge.why = matcher.field->name() + " " + why;
    }
    return false;
  }
  if (!matcher.capture.empty()) knowledge.captured[matcher.capture] = to_variable(value);
  return true;
}

// --- in words ---

std::string show_text(const Text& text, const Variables& variables) {
  const auto filled = text.fill(variables);
  return filled ? show_bytes(*filled) : text.written();
}

std::string show_written(const Bytes& bytes, const Variables& variables) {
  if (bytes.form == Bytes::Form::address) {
    const auto text = bytes.text.fill(variables);
    return "the address " + (text ? *text : bytes.text.written());
  }
  net::Random random(0);
  const auto filled = fill(bytes, variables, random);
  return filled ? show_bytes(*filled) : bytes.text.written();
}

std::string show_value(const Value& value, const Variables& variables) {
  if (value.bytes) {
    if (holds_bytes(*value.field)) return show_written(*value.bytes, variables);
    const auto text = value.bytes->text.fill(variables);
    return text ? *text : value.bytes->text.written();
  }
  Observed number;
  number.field = value.field;
  number.number = value.number;
  return show(number);
}

std::string join(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

template <class List, class Show>
std::string shown_list(const List& list, const char* between, Show show_one) {
  std::vector<std::string> parts;
  for (const auto& one : list) parts.push_back(show_one(one));
  return join(parts, between);
}

std::string show_range(const Condition& condition) {
  using Limit = std::numeric_limits<std::int64_t>;
  const auto low = std::to_string(condition.low), high = std::to_string(condition.high);
  if (condition.low == condition.high) return low;
  if (condition.high == Limit::max()) return "at least " + low;
  if (condition.low == Limit::min()) return "at most " + high;
  return low + " to " + high;
}

std::string show_signed(const Condition& condition, const Variables& variables) {
  std::string text = "an identity signed by the server";
  if (condition.id) text += " for " + show_text(*condition.id, variables);
  if (condition.key) text += " with key " + show_text(*condition.key, variables);
  return text;
}

std::string show_condition(const Condition& condition, const Variables& variables) {
  const auto inner = [&](const Matcher& matcher) { return describe(matcher, variables); };
  const auto value = [&](const Value& wanted) { return show_value(wanted, variables); };
  switch (condition.kind) {
    case Kind::equals:
      return value(condition.values[0]);
    case Kind::one_of:
      return shown_list(condition.values, " or ", value);
    case Kind::negated:
      return "not " + inner(condition.inner[0]);
    case Kind::present:
      return "present";
    case Kind::absent:
      return "absent";
    case Kind::anything:
      return "anything";
    case Kind::regex:
      return "/" + condition.expression->written() + "/";
    case Kind::range:
      return show_range(condition);
    case Kind::length:
      return "of length " + inner(condition.inner[0]);
    case Kind::signed_identity:
      return show_signed(condition, variables);
    case Kind::contains:
      return "a list with " + inner(condition.inner[0]);
    case Kind::items:
      return "[" + shown_list(condition.inner, ", ", inner) + "]";
    case Kind::fields:
      return "{" +
             shown_list(
                 condition.inner, ", ",
                 [&](const Matcher& field) { return field.field->name() + ": " + inner(field); }) +
             "}";
  }
  return {};
}

}  // namespace

bool matches(const Matcher& matcher, const google::protobuf::Message& parent,
             Knowledge& knowledge) {
  return holds(matcher, observe(parent, matcher.field), knowledge);
}

std::string describe(const Matcher& matcher, const Variables& variables) {
  if (matcher.conditions.empty()) return "anything";
  return shown_list(matcher.conditions, " and ", [&](const Condition& condition) {
    return show_condition(condition, variables);
  });
}

bool needs_signer(const Matcher& matcher) {
  return std::ranges::any_of(matcher.conditions, [](const Condition& condition) {
    return condition.kind == Kind::signed_identity ||
           std::ranges::any_of(condition.inner, needs_signer);
  });
}

}  // namespace deskcheck::scenario
