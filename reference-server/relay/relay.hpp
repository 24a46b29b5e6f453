// The logic of a relay: which two connections belong together. Sans-IO: it sees the first message
// of each connection and names its partner; it never sees what the two say to each other. wire.md
// and rendezvous.md section 4.1 hold the rules. The operator's commands: console.cpp.
#pragma once

#include "reference-server/options.hpp"
#include "reference-server/relay/meter.hpp"
#include "reference-server/relay/settings.hpp"
#include "reference-server/rendezvous/origin.hpp"
#include "reference-server/rendezvous/words.hpp"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace deskcheck::server {

class Relay {
 public:
  struct Decision {
    enum class Kind {
      refuse,  // close the connection without a word
      wait,    // keep it, unread, until it is joined or expires
      join,    // copy between it and `partner`, which waits no longer
    };
    Kind kind = Kind::refuse;
    ConnectionId partner = 0;
  };

  explicit Relay(const Options& options)  // outlives the relay
      : options_(options), wrong_(options.faults.policies), settings_(options) {}

  // What becomes of `connection`, which began with `message`.
  Decision on_first(const hbb::RendezvousMessage& message, ConnectionId connection, net::Time now);
  // When the next party has waited long enough for its partner; Time::max() if nobody waits.
  net::Time next_expiry() const;
  // The parties that have waited long enough; they are forgotten here and have to be closed.
  std::vector<ConnectionId> expire(net::Time now);

  // What the operator's console prints at `command`, with what is known of the sessions that run:
  // rendezvous.md section 6.2. Who may ask is decided by whoever carries the command.
  std::string command(std::string_view command, std::vector<RelayMeter::Usage> sessions);
  const RelaySettings& settings() const { return settings_; }

 private:
  std::string add(AddressList& list, Words arguments) const;
  std::string remove(AddressList& list, Words arguments) const;
  bool licensed(const hbb::RequestRelay& request) const;

  struct Wait {
    net::Time until;
    std::string uuid;
    ConnectionId connection;
  };
  const Options& options_;
  const WrongPolicies& wrong_;
  RelaySettings settings_;
  bool console_stopped_ = false;                           // a fault
  std::unordered_map<std::string, ConnectionId> waiting_;  // by uuid
  std::deque<Wait> expiries_;  // in order of time; may name parties that have been joined since
};

}  // namespace deskcheck::server
