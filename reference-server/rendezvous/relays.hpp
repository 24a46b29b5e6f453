// Which relay is proposed: the list that the operator chose, and the part of it that can be
// reached. Opens no connections; whoever tries them says what was reached. rendezvous.md
// section 3.13.
#pragma once

#include "reference-server/faults/policies.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

class Relays {
 public:
  Relays(std::vector<std::string> servers, const WrongPolicies& wrong)
      : wrong_(wrong), configured_(std::move(servers)), current_(configured_) {}

  // "host[:port]" texts; all of them count as reachable until they have been tried.
  void configure(std::vector<std::string> servers);
  // The same as one text, separated by commas; empty entries are left out.
  void configure(std::string_view servers);
  const std::vector<std::string>& configured() const { return configured_; }
  // Changes with every configure(): what was tried for another list is worth nothing.
  std::size_t generation() const { return generation_; }

  // Those of the list of `generation` that accepted a connection, in the order in which they did.
  // None: the last list is kept, since a relay that seems dead is better than none.
  void reached(std::size_t generation, std::vector<std::string> servers);
  // What is proposed, in turn.
  const std::vector<std::string>& current() const { return current_; }
  std::string next();

 private:
  const WrongPolicies& wrong_;
  std::vector<std::string> configured_;
  std::vector<std::string> current_;
  std::size_t generation_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace deskcheck::server
