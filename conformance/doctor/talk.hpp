// Short conversations that several steps need. Internal to the doctor and the probe.
#pragma once

#include "conformance/doctor/caller.hpp"

#include <functional>

namespace deskcheck::doctor {

// The cheapest question of the protocol, with a known answer. `offered`: set if KeyExchange was
// offered; may be null. The error is that of the stream, or timed_out.
Task<net::Result<void>> test_nat(Caller& caller, sim::MessageStream* stream, bool* offered);

// What two clients at a relay come to.
struct Pairing {
  enum class Kind {
    paired,
    no_connection,
    ended,    // the relay ended a connection
    silent,   // the parties do not hear each other
    garbled,  // what came is not what the other one said
  };
  Kind kind = Kind::paired;
  boost::system::error_code why;

  Pairing() = default;
  Pairing(Kind k, boost::system::error_code w) : kind(k), why(w) {}
};
// A connection to the relay that has asked for its partner.
using Join = std::function<Task<net::Result<sim::MessageStream>>(hbb::RequestRelay request)>;
// `which`: which it is, so that no two pairs are alike.
Task<Pairing> pair_up(Caller& caller, std::string which, Join join);

}  // namespace deskcheck::doctor
