#include "client-sim/scenario/members.hpp"

#include "client-sim/scenario/observations.pb.h"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace deskcheck::scenario {

namespace {

using google::protobuf::Descriptor;

void append_members(std::vector<const FieldDescriptor*>& to, const Descriptor* envelope) {
  const auto* members = envelope->FindOneofByName("union");
  for (int i = 0; i < members->field_count(); ++i) to.push_back(members->field(i));
}

std::vector<const FieldDescriptor*> make_expectable() {
  std::vector<const FieldDescriptor*> members;
  append_members(members, hbb::RendezvousMessage::descriptor());
  append_members(members, hbb::Message::descriptor());
  append_members(members, Observation::descriptor());
  return members;
}

std::vector<const FieldDescriptor*> make_sendable() {
  auto members = make_expectable();
  std::erase_if(members, [](const FieldDescriptor* member) {
    return member->containing_type() == Observation::descriptor() &&
           !is_observation(member, "payload") && !is_observation(member, "raw");
  });
  return members;
}

}  // namespace

const std::vector<const FieldDescriptor*>& sendable() {
  static const auto members = make_sendable();
  return members;
}

const std::vector<const FieldDescriptor*>& expectable() {
  static const auto members = make_expectable();
  return members;
}

const FieldDescriptor* find_member(const std::vector<const FieldDescriptor*>& members,
                                   std::string_view name) {
  const auto found = std::ranges::find(members, name, &FieldDescriptor::name);
  return found == members.end() ? nullptr : *found;
}

bool is_rendezvous(const FieldDescriptor* member) {
  return member->containing_type() == hbb::RendezvousMessage::descriptor();
}

bool is_session(const FieldDescriptor* member) {
  return member->containing_type() == hbb::Message::descriptor();
}

bool is_observation(const FieldDescriptor* member, std::string_view name) {
  return member->containing_type() == Observation::descriptor() && member->name() == name;
}

std::unique_ptr<google::protobuf::Message> envelope_of(const FieldDescriptor* member) {
  if (is_rendezvous(member)) return std::make_unique<hbb::RendezvousMessage>();
  if (is_session(member)) return std::make_unique<hbb::Message>();
  return std::make_unique<Observation>();
}

}  // namespace deskcheck::scenario
