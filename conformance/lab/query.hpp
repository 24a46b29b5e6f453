// Questions that have a connection of their own: the NAT test, the online query. Clients ask them
// on P-1 as well, where servers may take a connection from their own host for the operator's.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

// Sends once and scans for the answer. A connection that cannot be written to shows itself there.
template <class Wanted, class Member>
Task<Answer<Wanted>> ask_on(Lab& lab, sim::MessageStream& connection, Member question,
                            net::Deadline deadline) {
  const std::string what = "the answer to " + Member::descriptor()->name();
  const auto message = wrap<hbb::RendezvousMessage>(std::move(question));
  (void)co_await connection.send(message, deadline);
  auto result = co_await connection.next<Wanted>(deadline);
  co_return lab.answer(std::move(result), what);
}

// Arrives when the other side ends or resets the connection; what it says before is dropped.
Task<Answer<bool>> end_of(Lab& lab, sim::MessageStream& connection, net::Deadline deadline);

// TCP P-1 for a client. Not applicable if the target is somebody else's server on this host: the
// open source one has its console there for loopback sources (rendezvous.md, chapter 11).
net::Endpoint second_port(const Lab& lab);

}  // namespace deskcheck::conformance
