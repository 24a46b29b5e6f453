// The names of messages that scenarios know: members of the two envelopes, and of observations.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string_view>
#include <vector>

namespace deskcheck::scenario {

using google::protobuf::FieldDescriptor;

// What can be sent: messages of the rendezvous protocol and of sessions; payload, raw.
const std::vector<const FieldDescriptor*>& sendable();
// What can be expected: the same, and closed, anything, state, result.
const std::vector<const FieldDescriptor*>& expectable();
// By name among them; null: unknown.
const FieldDescriptor* find_member(const std::vector<const FieldDescriptor*>& members,
                                   std::string_view name);

bool is_rendezvous(const FieldDescriptor* member);
bool is_session(const FieldDescriptor* member);
// "payload", "raw", "closed", "anything", "state", "result".
bool is_observation(const FieldDescriptor* member, std::string_view name);
// An empty envelope that can hold the member.
std::unique_ptr<google::protobuf::Message> envelope_of(const FieldDescriptor* member);

}  // namespace deskcheck::scenario
