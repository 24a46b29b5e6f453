// The members of the two envelopes (RendezvousMessage, Message) by their type instead of by name:
// get_if<hbb::PunchHole>(envelope), wrap<hbb::RendezvousMessage>(hbb::RegisterPeer{...}).
// Every message type stands at most once in an envelope; cursor ids and the like are not covered.
#pragma once

#include <google/protobuf/message.h>

#include <utility>

namespace deskcheck {

// The field of `Envelope`'s union that holds a Member.
template <class Member, class Envelope>
const google::protobuf::FieldDescriptor* member_field() {
  const auto* members = Envelope::descriptor()->FindOneofByName("union");
  for (int i = 0; i < members->field_count(); ++i)
    if (members->field(i)->message_type() == Member::descriptor()) return members->field(i);
  return nullptr;
}

// The member if it is the one that is set, else nullptr.
template <class Member, class Envelope>
const Member* get_if(const Envelope& envelope) {
  static const auto* const field = member_field<Member, Envelope>();
  const auto* reflection = envelope.GetReflection();
  if (!reflection->HasField(envelope, field)) return nullptr;
  return static_cast<const Member*>(&reflection->GetMessage(envelope, field));
}

template <class Envelope, class Member>
Envelope wrap(Member member) {
  static const auto* const field = member_field<Member, Envelope>();
  Envelope envelope;
  auto* target = envelope.GetReflection()->MutableMessage(&envelope, field);
  static_cast<Member&>(*target) = std::move(member);
  return envelope;
}

}  // namespace deskcheck
