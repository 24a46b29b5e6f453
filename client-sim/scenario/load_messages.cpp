#include "client-sim/scenario/loading.hpp"
#include "client-sim/scenario/observations.pb.h"
#include "proto/text/nearest.hpp"

#include <google/protobuf/descriptor.h>
#include <boost/json/object.hpp>

#include <array>
#include <cmath>

namespace deskcheck::scenario {

namespace {

using Kind = Condition::Kind;
using Form = Bytes::Form;

constexpr std::size_t kLongestConstant = 16 << 20;  // bytes

// The forms in which bytes are written as {form: ...}.
constexpr std::array kForms{std::pair{"text", Form::text}, std::pair{"hex", Form::hex},
                            std::pair{"base64", Form::base64}, std::pair{"address", Form::address},
                            std::pair{"random", Form::random}};

std::string nearest_choice(const google::protobuf::EnumDescriptor& choices, std::string_view text) {
  std::vector<std::string_view> names;
  std::string all;
  for (int i = 0; i < choices.value_count(); ++i) {
    names.push_back(choices.value(i)->name());
    all += (all.empty() ? "" : ", ") + choices.value(i)->name();
  }
  const auto near = text::nearest(text, names, 1);
  return near.empty() ? "it can be " + all + " or a number" : "did you mean '" + near[0] + "'?";
}

const FieldDescriptor* length_field() { return Length::descriptor()->FindFieldByName("length"); }

}  // namespace

Text Loading::text(const Cursor& at) {
  auto parsed = Text::parse(at.text());
  if (!parsed) {
    mistake(at.mistake(parsed.error().text, "write $$ for a '$'"));
    return {};
  }
  for (auto& name : parsed->variables()) uses_.push_back({std::move(name), at});
  return std::move(*parsed);
}

std::optional<Value> Loading::sent(const Cursor& at) {
  const auto children = at.children();
  if (children.empty()) return std::nullopt;
  const auto* member = find_member(sendable(), children[0].key());
  if (!member) return std::nullopt;  // the schema has told
  return value(member, children[0]);
}

std::vector<Pattern> Loading::patterns(const Cursor& at) {
  std::vector<Pattern> result;
  const auto add = [&](const Cursor& one) {
    for (const auto& member : one.children())
      if (const auto* field = find_member(expectable(), member.key()))
        result.push_back(matcher(field, member));
  };
  if (!at.is_list())
    add(at);
  else
    for (const auto& one : at.children()) add(one);
  return result;
}

Value Loading::value(const FieldDescriptor* field, const Cursor& at) {
  if (field->message_type()) {
    Value result;
    result.field = field;
    result.message = message(*field->message_type(), at);
    return result;
  }
  if (!holds_bytes(*field)) return number(field, at);
  if (at.is_map()) return byte_forms(field, at);
  Value result;
  result.field = field;
  result.bytes.emplace();
  result.bytes->text = text(at);
  return result;
}

Value Loading::byte_forms(const FieldDescriptor* field, const Cursor& at) {
  Value result;
  result.field = field;
  result.bytes.emplace();
  int forms = 0;
  for (const auto& [name, form] : kForms) {
    const auto member = at.find(name);
    if (!member) continue;
    ++forms;
    result.bytes->form = form;
    if (form == Form::random)
      result.bytes->length = member->json().to_number<std::size_t>();
    else
      result.bytes->text = text(*member);
  }
  if (const auto times = at.find("times")) result.bytes->times = times->json().to_number<int>();
  if (forms != 1)
    mistake(at.mistake("bytes have to be written in one form",
                       "choose one of text, hex, base64, address"));
  else
    check_constant(result, at);
  return result;
}

void Loading::check_constant(const Value& value, const Cursor& at) {
  const auto& bytes = *value.bytes;
  if (bytes.text.written().size() * static_cast<std::size_t>(bytes.times) > kLongestConstant)
    return mistake(at.mistake("more than 16 MiB", "write less, or repeat it less often"));
  if (!bytes.text.is_constant()) return;
  net::Random random(0);
  if (const auto filled = fill(bytes, {}, random); !filled)
    mistake(at.mistake(filled.error().text));
}

std::optional<std::int64_t> Loading::whole_number(const FieldDescriptor& field, const Cursor& at) {
  const auto& json = at.json();
  if (json.is_bool()) return json.get_bool();
  if (json.is_int64()) return json.get_int64();
  if (json.is_uint64() && field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64)
    return static_cast<std::int64_t>(json.get_uint64());  // the same bits
  if (json.is_double() && std::abs(json.get_double()) < 1e15)
    return static_cast<std::int64_t>(json.get_double());
  return std::nullopt;
}

Value Loading::number(const FieldDescriptor* field, const Cursor& at) {
  Value result;
  result.field = field;
  if (at.is_text()) {
    Text written = text(at);
    if (!written.is_constant()) {
      result.bytes.emplace();
      result.bytes->text = std::move(written);
      return result;
    }
    const auto parsed = parse_number(*field, at.text());
    if (parsed)
      result.number = *parsed;
    else
      mistake(at.mistake(parsed.error().text, field->enum_type()
                                                  ? nearest_choice(*field->enum_type(), at.text())
                                                  : std::string()));
    return result;
  }
  const auto [least, greatest] = limits_of(*field);
  const auto number = whole_number(*field, at);
  const bool fits = number && ((least <= *number && *number <= greatest) || at.json().is_uint64());
  if (fits)
    result.number = *number;
  else
    mistake(at.mistake(at.written() + " does not fit into " + field->name(),
                       "it holds " + std::to_string(least) + " to " + std::to_string(greatest)));
  return result;
}

std::shared_ptr<const MessageTemplate> Loading::message(const google::protobuf::Descriptor& type,
                                                        const Cursor& at) {
  auto result = std::make_shared<MessageTemplate>();
  for (const auto& member : at.children()) {
    const auto* field = type.FindFieldByName(std::string(member.key()));
    if (!field) continue;  // the schema has told
    MessageTemplate::Field filled;
    filled.field = field;
    if (field->is_repeated())
      for (const auto& item : member.children()) filled.values.push_back(value(field, item));
    else
      filled.values.push_back(value(field, member));
    result->fields.push_back(std::move(filled));
  }
  return result;
}

// --- matchers ------------------------------------------------------------------------------------

Matcher Loading::matcher(const FieldDescriptor* field, const Cursor& at) {
  if (!field->is_repeated()) return item_matcher(field, at);
  Matcher result;
  result.field = field;
  if (at.is_map()) {
    add_conditions(result, at);
    return result;
  }
  Condition items;
  items.kind = Kind::items;
  for (const auto& item : at.children()) items.inner.push_back(item_matcher(field, item));
  result.conditions.push_back(std::move(items));
  return result;
}

Matcher Loading::item_matcher(const FieldDescriptor* field, const Cursor& at) {
  Matcher result;
  result.field = field;
  if (field->message_type()) {
    add_fields(result, at);
  } else if (at.is_map()) {
    add_conditions(result, at);
  } else {
    Condition equal;
    equal.kind = Kind::equals;
    equal.values.push_back(value(field, at));
    result.conditions.push_back(std::move(equal));
  }
  return result;
}

void Loading::add_fields(Matcher& matcher, const Cursor& at) {
  Condition fields;
  fields.kind = Kind::fields;
  for (const auto& member : at.children()) {
    const auto* field = matcher.field->message_type()->FindFieldByName(std::string(member.key()));
    if (field) {
      fields.inner.push_back(this->matcher(field, member));
      continue;
    }
    Condition presence;
    presence.kind = member.key() == "present" ? Kind::present : Kind::absent;
    matcher.conditions.push_back(std::move(presence));
  }
  if (!fields.inner.empty() || matcher.conditions.empty())
    matcher.conditions.push_back(std::move(fields));
}

void Loading::add_conditions(Matcher& matcher, const Cursor& at) {
  bool form = false;
  for (const auto& member : at.children()) {
    if (member.key() == "times") continue;
    const bool is_form =
        std::ranges::any_of(kForms, [&](const auto& known) { return member.key() == known.first; });
    if (!is_form) {
      add_condition(matcher, member);
    } else if (!std::exchange(form, true)) {
      Condition equal;
      equal.kind = Kind::equals;
      equal.values.push_back(byte_forms(matcher.field, at));
      matcher.conditions.push_back(std::move(equal));
    }
  }
  if (at.find("times") && !form)
    mistake(at.mistake("'times' without what it repeats", "add text or hex"));
  add_range(matcher, at);
}

void Loading::add_condition(Matcher& matcher, const Cursor& member) {
  const auto key = member.key();
  if (key == "range" || key == "at-least" || key == "at-most") return;  // add_range
  if (key == "capture") {
    const auto name = std::string(member.text());
    if (define(member, name)) matcher.capture = name;
    return;
  }
  if (key == "regex") return add_regex(matcher, member);
  Condition condition;
  if (key == "present") {
    condition.kind = Kind::present;
  } else if (key == "absent") {
    condition.kind = Kind::absent;
  } else if (key == "any") {
    condition.kind = Kind::anything;
  } else if (key == "equals") {
    condition.kind = Kind::equals;
    condition.values.push_back(value(matcher.field, member));
  } else if (key == "one-of") {
    condition.kind = Kind::one_of;
    for (const auto& one : member.children()) condition.values.push_back(value(matcher.field, one));
  } else if (key == "not") {
    condition.kind = Kind::negated;
    condition.inner.push_back(item_matcher(matcher.field, member));
  } else if (key == "contains") {
    condition.kind = Kind::contains;
    condition.inner.push_back(item_matcher(matcher.field, member));
  } else if (key == "length") {
    condition.kind = Kind::length;
    condition.inner.push_back(item_matcher(length_field(), member));
  } else if (key == "signed-identity") {
    condition.kind = Kind::signed_identity;
    if (const auto id = member.find("id")) condition.id = text(*id);
    if (const auto signed_key = member.find("key")) condition.key = text(*signed_key);
  }
  matcher.conditions.push_back(std::move(condition));
}

void Loading::add_regex(Matcher& matcher, const Cursor& at) {
  auto expression = Regex::parse(at.text());
  if (!expression)
    return mistake(at.mistake("this is no regular expression: " + expression.error().text,
                              "write a backslash before what is meant literally"));
  Condition condition;
  condition.kind = Kind::regex;
  condition.expression = std::move(*expression);
  matcher.conditions.push_back(std::move(condition));
}

void Loading::add_range(Matcher& matcher, const Cursor& at) {
  const auto least = at.find("at-least"), most = at.find("at-most"), range = at.find("range");
  if (!least && !most && !range) return;
  Condition condition;
  condition.kind = Kind::range;
  const auto read = [&](const Cursor& number, std::int64_t& into) {
    if (const auto whole = whole_number(*matcher.field, number)) into = *whole;
  };
  if (range) {
    const auto limits = range->children();
    read(limits[0], condition.low);
    read(limits[1], condition.high);
  }
  if (least) read(*least, condition.low);
  if (most) read(*most, condition.high);
  if (condition.low > condition.high)
    mistake((range ? *range : *least)
                .mistake("nothing lies within this range", "write the lower limit first"));
  matcher.conditions.push_back(std::move(condition));
}

}  // namespace deskcheck::scenario
