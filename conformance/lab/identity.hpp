// Who a device of a case is, and what a device with this identity says, whatever it is connected
// by.
#pragma once

#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/keys.hpp"

#include <string>

namespace deskcheck::conformance {

struct Identity {
  std::string id;
  std::string uuid;
  wire::KeyPair keys;

  hbb::RegisterPk register_pk() const;
  // To a push.
  hbb::PunchHoleSent answer_to(const hbb::PunchHole& push) const;
  hbb::RelayResponse answer_to(const hbb::RequestRelay& push) const;
};

}  // namespace deskcheck::conformance
