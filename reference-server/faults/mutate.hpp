// Wire mutants at work: what leaves the server instead of a message. Outside the server's logic:
// it knows messages only by reflection.
#pragma once

#include "proto/net/time.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "reference-server/faults/faults.hpp"

namespace deskcheck::server {

struct Outgoing {
  std::string payload;
  int copies = 1;         // 0: nothing is sent
  net::Duration delay{};  // before it is sent
};

// The message as it is unless one of the mutants concerns its kind.
Outgoing mutate(const hbb::RendezvousMessage& message, const std::vector<WireMutant>& mutants);

}  // namespace deskcheck::server
