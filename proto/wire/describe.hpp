// A message as one line that a person reads: addresses decoded, long bytes shortened, enum names,
// what the schema does not know mentioned. For reports and transcripts only: nothing parses it.
#pragma once

#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::wire {

// `punch_hole_response {socket_addr: 203.0.113.7:54321, nat_type: SYMMETRIC}`. A message whose
// union is unset is `(empty message)`. Defaults are left out, except where the default is the
// statement (a result OK, a failure ID_NOT_EXIST).
std::string describe(const hbb::RendezvousMessage& message);
std::string describe(const hbb::Message& message);

// The same for a member that stands alone: `PunchHoleResponse {failure: OFFLINE}`.
std::string describe_any(const google::protobuf::Message& message);

// The same in pieces, for who arranges them in another way: the name of the message, empty if the
// union is unset, and its fields one by one.
struct Described {
  struct Field {
    std::string name, value;
  };
  std::string name;
  std::vector<Field> fields;
};
Described take_apart(const hbb::RendezvousMessage& message);
Described take_apart(const hbb::Message& message);

// `12 bytes 0a0b0c0d0e0f1011…`; all of it in hex if it is short, `empty` if there is none.
std::string describe_bytes(std::string_view bytes);

// The text with every control character visible, as `\x1b`: what peers say must neither break lines
// nor reach a terminal.
std::string one_line(std::string_view text);

}  // namespace deskcheck::wire
