#include "reference-server/faults/mutate.hpp"

namespace deskcheck::server {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr auto kDelay = std::chrono::seconds(20);  // more than any client waits

// Other text, but still text: protobuf strings must be UTF-8.
std::string changed(std::string text) {
  if (text.empty()) return "x";
  text.back() = text.back() == 'x' ? 'y' : 'x';
  return text;
}

void change_element(Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  if (reflection->FieldSize(message, field) != 0) return reflection->RemoveLast(&message, field);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    reflection->AddString(&message, field, "x");
}

// To a value that it did not have.
void change(Message& message, const FieldDescriptor* field) {
  const auto* r = message.GetReflection();
  if (field->is_repeated()) return change_element(message, field);
  // Setting a member of a oneof would take the place of another one.
  if (field->containing_oneof() && !r->HasField(message, field)) return;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return r->SetBool(&message, field, !r->GetBool(message, field));
    case FieldDescriptor::CPPTYPE_INT32:
      return r->SetInt32(&message, field, r->GetInt32(message, field) + 1);
    case FieldDescriptor::CPPTYPE_UINT64:
      return r->SetUInt64(&message, field, r->GetUInt64(message, field) + 1);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* type = field->enum_type();
      const auto* now = type->FindValueByNumber(r->GetEnumValue(message, field));
      const int next = now ? (now->index() + 1) % type->value_count() : 0;
      return r->SetEnumValue(&message, field, type->value(next)->number());
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return r->SetString(&message, field, changed(r->GetString(message, field)));
    default:
      return r->ClearField(&message, field);
  }
}

// The member of the union that the message holds; null if it holds none.
const FieldDescriptor* member(const hbb::RendezvousMessage& message) {
  const auto* members = message.GetDescriptor()->FindOneofByName("union");
  return message.GetReflection()->GetOneofFieldDescriptor(message, members);
}

void change_field(hbb::RendezvousMessage& message, const WireMutant& mutant) {
  Message& inner = *message.GetReflection()->MutableMessage(&message, member(message));
  const auto* field = inner.GetDescriptor()->FindFieldByName(mutant.field);
  if (mutant.kind == WireMutant::Kind::drop_field)
    inner.GetReflection()->ClearField(&inner, field);
  else
    change(inner, field);
}

Outgoing outgoing(const hbb::RendezvousMessage& message, WireMutant::Kind kind) {
  switch (kind) {
    case WireMutant::Kind::silence:
      return {{}, 0};
    case WireMutant::Kind::delay:
      return {message.SerializeAsString(), 1, kDelay};
    case WireMutant::Kind::duplicate_message:
      return {message.SerializeAsString(), 2};
    case WireMutant::Kind::garbage:
      return {std::string(24, '\xff')};
    case WireMutant::Kind::drop_field:
    case WireMutant::Kind::change_field:
      break;
  }
  return {message.SerializeAsString()};
}

}  // namespace

Outgoing mutate(const hbb::RendezvousMessage& message, const std::vector<WireMutant>& mutants) {
  const auto* held = mutants.empty() ? nullptr : member(message);
  if (!held) return {message.SerializeAsString()};
  hbb::RendezvousMessage changed = message;
  for (const auto& mutant : mutants) {
    if (mutant.message != held->name()) continue;
    if (mutant.field.empty()) return outgoing(message, mutant.kind);
    change_field(changed, mutant);
  }
  return {changed.SerializeAsString()};
}

}  // namespace deskcheck::server
