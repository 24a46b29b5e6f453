#include "fuzz/mutator/message_mutator.hpp"

#include "fuzz/mutator/places.hpp"

#include <google/protobuf/unknown_field_set.h>

#include <cctype>

namespace deskcheck::fuzz {

namespace {

constexpr std::size_t kLongestText = 4096;  // that one edit makes, in bytes
constexpr int kMostElements = 64;           // of a repeated field, that edits make

}  // namespace

void MessageMutator::collect(Message& message, Places& places, std::vector<Message*>& messages) {
  messages.push_back(&message);
  std::vector<const FieldDescriptor*> fields;
  const auto& r = *message.GetReflection();
  r.ListFields(message, &fields);
  for (const auto* field : fields) {
    const int count = field->is_repeated() ? r.FieldSize(message, field) : 0;
    for (int i = field->is_repeated() ? 0 : -1; i < count; ++i) {
      places.push_back({&message, field, i});
      if (is_message(*field)) collect(*mutable_message(message, field, i), places, messages);
      if (!field->is_repeated()) break;
    }
  }
}

bool MessageMutator::mutate(Message& message) {
  Places places;
  std::vector<Message*> messages;
  collect(message, places, messages);
  const Place* place = pick(places);
  Message& some = **pick(messages);
  const auto edit = random_.below(12);
  if (edit < 3 || !place) return set(some);
  if (edit < 6) return change(*place);
  if (edit == 6) return clear(*place);
  if (edit == 7) return duplicate(*place);
  if (edit == 8) return swap(*place);
  if (edit < 11) return copy(*place, places);
  return unknown(some);
}

bool MessageMutator::set(Message& message) {
  const auto* type = message.GetDescriptor();
  if (type->field_count() == 0) return false;
  const auto* field = type->field(static_cast<int>(random_.below(type->field_count())));
  int index = -1;
  if (field->is_repeated()) {
    if (message.GetReflection()->FieldSize(message, field) >= kMostElements) return false;
    index = add_element(message, field);
  }
  const Place place{&message, field, index};
  if (!is_message(*field)) return change(place);
  // A message without anything in it says little: it gets a few fields at once.
  Message& inner = *mutable_message(message, field, index);
  for (auto i = random_.below(4); i > 0; --i) set(inner);
  return true;
}

bool MessageMutator::clear(const Place& place) {
  const auto& r = *place.message->GetReflection();
  if (place.index < 0) {
    r.ClearField(place.message, place.field);
    return true;
  }
  for (int i = place.index; i + 1 < r.FieldSize(*place.message, place.field); ++i)
    r.SwapElements(place.message, place.field, i, i + 1);
  r.RemoveLast(place.message, place.field);
  return true;
}

bool MessageMutator::change(const Place& place) {
  if (is_message(*place.field)) return false;
  is_text(*place.field) ? change_text(place) : change_number(place);
  return true;
}

void MessageMutator::change_text(const Place& place) {
  std::string text = get_text(*place.message, place.field, place.index);
  switch (random_.below(9)) {
    case 0:  // half of it
      text.resize(text.size() / 2);
      break;
    case 1:  // twice
      if (text.size() <= kLongestText / 2) text += text;
      break;
    case 2: {  // a length that means something: keys, signatures, limits
      static constexpr std::size_t kLengths[] = {1, 6, 16, 18, 32, 36, 48, 64, 88, 100};
      text.resize(kLengths[random_.below(std::size(kLengths))], 'x');
      break;
    }
    case 3:  // in the other case, which does not matter for names of headers, schemes, hosts
      for (char& c : text)
        if (std::isalpha(static_cast<unsigned char>(c))) c = static_cast<char>(c ^ 0x20);
      break;
    default:
      mutate_bytes_(text, std::max<std::size_t>(text.size() + 16, 32));
  }
  set_text(*place.message, place.field, place.index, std::move(text));
}

void MessageMutator::change_number(const Place& place) {
  const auto old = get_number(*place.message, place.field, place.index);
  set_number(*place.message, place.field, place.index, some_number(*place.field, old));
}

std::uint64_t MessageMutator::some_number(const FieldDescriptor& field, std::uint64_t old) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return old ^ 1;
  const auto* values = field.enum_type();
  if (values && !random_.chance(0.1))
    return static_cast<std::uint64_t>(
        values->value(static_cast<int>(random_.below(values->value_count())))->number());
  switch (random_.below(6)) {
    case 0:
      return old + 1;
    case 1:
      return old - 1;
    case 2:
      return old ^ std::uint64_t{1} << random_.below(64);
    case 3:
      return random_.next() >> random_.below(64);
    case 4: {
      static constexpr std::uint64_t kEdges[] = {
          0, 0xFF, 0x100, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, ~0ULL >> 1, ~0ULL};
      return kEdges[random_.below(std::size(kEdges))];
    }
    default:
      return random_.below(16);
  }
}

bool MessageMutator::duplicate(const Place& place) {
  if (place.index < 0) return false;
  Message& message = *place.message;
  const auto& r = *message.GetReflection();
  if (r.FieldSize(message, place.field) >= kMostElements) return false;
  const int added = add_element(message, place.field);
  if (is_message(*place.field))
    mutable_message(message, place.field, added)
        ->CopyFrom(r.GetRepeatedMessage(message, place.field, place.index));
  else if (is_text(*place.field))
    set_text(message, place.field, added, get_text(message, place.field, place.index));
  else
    set_number(message, place.field, added, get_number(message, place.field, place.index));
  const auto to = static_cast<int>(random_.below(static_cast<std::uint64_t>(added) + 1));
  for (int i = added; i > to; --i) r.SwapElements(&message, place.field, i, i - 1);
  return true;
}

bool MessageMutator::swap(const Place& place) {
  if (place.index < 0) return false;
  const auto& r = *place.message->GetReflection();
  const int count = r.FieldSize(*place.message, place.field);
  if (count < 2) return false;
  const auto step = 1 + random_.below(static_cast<std::uint64_t>(count) - 1);
  const auto other = static_cast<int>((static_cast<std::uint64_t>(place.index) + step) %
                                      static_cast<std::uint64_t>(count));
  r.SwapElements(place.message, place.field, place.index, other);
  return true;
}

// Protocols hang on equal values in different places: ids, uuids, keys, ports.
bool MessageMutator::copy(const Place& to, const Places& places) {
  Places sources;
  for (const Place& p : places) {
    const bool same_kind = is_message(*to.field)
                               ? p.field->message_type() == to.field->message_type()
                               : p.field->cpp_type() == to.field->cpp_type();
    const bool itself = p.message == to.message && p.field == to.field && p.index == to.index;
    if (same_kind && !itself) sources.push_back(p);
  }
  const Place* from = pick(sources);
  if (!from) return false;
  if (is_text(*to.field)) {
    set_text(*to.message, to.field, to.index, get_text(*from->message, from->field, from->index));
  } else if (is_message(*to.field)) {
    // Through a copy: one may be inside the other.
    Message& target = *mutable_message(*to.message, to.field, to.index);
    const Message& source = *mutable_message(*from->message, from->field, from->index);
    const std::unique_ptr<Message> copied(source.New());
    copied->CopyFrom(source);
    target.GetReflection()->Swap(&target, copied.get());
  } else {
    set_number(*to.message, to.field, to.index,
               get_number(*from->message, from->field, from->index));
  }
  return true;
}

bool MessageMutator::unknown(Message& message) {
  auto& fields = *message.GetReflection()->MutableUnknownFields(&message);
  if (!fields.empty() && random_.chance(0.5)) {
    fields.Clear();
    return true;
  }
  const int number = static_cast<int>(1 + random_.below(40));
  if (message.GetDescriptor()->FindFieldByNumber(number)) return false;
  if (random_.chance(0.5))
    fields.AddVarint(number, random_.next() >> random_.below(64));
  else
    fields.AddLengthDelimited(number, random_.bytes(random_.below(40)));
  return true;
}

bool MessageMutator::shrink(Message& message) {
  Places places;
  std::vector<Message*> messages;
  collect(message, places, messages);
  if (const Place* place = pick(places)) return clear(*place);
  auto& unknown = *message.GetReflection()->MutableUnknownFields(&message);
  if (unknown.empty()) return false;
  unknown.Clear();
  return true;
}

bool MessageMutator::cross_over(Message& into, const Message& from) {
  const std::unique_ptr<Message> other(from.New());
  other->CopyFrom(from);
  Places places, sources;
  std::vector<Message*> messages, others;
  collect(into, places, messages);
  collect(*other, sources, others);
  const Place* source = pick(sources);
  if (!source) return false;
  // A part goes where a part of its kind can be: at the end of a list, or over another one.
  if (source->index >= 0 && random_.chance(0.7)) {
    for (Message* message : messages) {
      if (message->GetDescriptor() != source->message->GetDescriptor()) continue;
      if (message->GetReflection()->FieldSize(*message, source->field) >= kMostElements) continue;
      const Place added{message, source->field, add_element(*message, source->field)};
      return copy(added, {*source});
    }
  }
  Places targets;
  for (const Place& p : places)
    if (p.field == source->field) targets.push_back(p);
  const Place* target = pick(targets);
  if (target) return copy(*target, {*source});
  into.MergeFrom(from);
  return true;
}

}  // namespace deskcheck::fuzz
