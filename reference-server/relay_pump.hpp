// Copies bytes between two connections until the session is over. Looks at nothing.
// wire.md and rendezvous.md section 4: nothing is added, early bytes come first, the end of one
// side reaches the other after what was received, silence of more than 30 s ends both.
#pragma once

#include "proto/net/network.hpp"
#include "reference-server/faults/policies.hpp"
#include "reference-server/relay/meter.hpp"

namespace deskcheck::server {

// One party: its connection and what it sent before the other one was there.
struct RelayParty {
  RelayParty() = default;
  RelayParty(net::ByteStream s, std::string e) : stream(std::move(s)), early(std::move(e)) {}
  net::ByteStream stream;
  std::string early;
};

// Bytes stay in the kernel (net::Forward): who reads slowly slows the other one down, who is silent
// costs no buffer.
net::awaitable<void> relay_bytes(net::World& world, RelayParty first, RelayParty second,
                                 RelayMeter& meter, const WrongPolicies& wrong);

}  // namespace deskcheck::server
