// Does somebody else's server still live? Asked when a case has gone wrong: what a dead server
// fails says nothing about it, except for the case that ended it.
#pragma once

#include "conformance/lab/case.hpp"
#include "conformance/runner/result.hpp"

#include <set>

namespace deskcheck::conformance {

// Whether TCP P takes a connection, at once or after a few more tries (4 s at most).
Task<bool> accepts_connections(net::World world, net::Endpoint rendezvous);

// The moment from which on a target took no connections.
struct Loss {
  net::Time at{};
  std::set<std::string> running;  // ids of the cases that ran then
  bool at_restart = false;        // it has not come back
};

// Where it was restarted, cases have said so. Otherwise it takes the blame for the loss from all
// cases that ran when it happened, unless there was only one: that one keeps its result. Cases that
// were cut short for the loss count as running, too.
void explain_loss(const Loss& loss, CaseResult& result);
// "the target took no connections any more after 6.7 s, when 9 cases ran: a, b, ... and 1 more"
std::string describe(const Loss& loss, net::Time begun);

}  // namespace deskcheck::conformance
