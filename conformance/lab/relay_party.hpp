// One side of a relayed session that does only what the case says: it connects to the relay server,
// names a session, and from there on sends and hears what the other side hears and sends.
#pragma once

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

// The number of a relayed session, in the form that clients give it: the text of a random UUID.
std::string fresh_session(Lab& lab);

class LabRelayParty {
 public:
  LabRelayParty(Lab& lab, sim::MessageStream connection);

  // What it says first, as a client of this target: the session and its key.
  hbb::RequestRelay request_for(const std::string& session) const;

  // Says so. The case is blocked if it cannot be sent, here and in say().
  Task<void> join(std::string session);
  // Without the moment in which the relay takes notice: for parties that arrive at once.
  Task<void> ask_to_join(std::string session);
  Task<void> say(std::string payload);
  // No frame around them.
  Task<void> say_bytes(std::string bytes);
  // Sends what the relay may refuse to read: a connection that has ended is no obstacle.
  Task<void> try_to_say(std::string payload);
  template <class Member>
  Task<void> try_to_request(Member member) {
    return try_to_say(wrap<hbb::RendezvousMessage>(std::move(member)).SerializeAsString());
  }

  // The next payload.
  Task<Answer<std::string>> hear(net::Deadline deadline);
  // Scans until this payload comes; what else a relay may say is for other cases to judge.
  Task<Answer<std::string>> hear_sometime(std::string wanted, net::Deadline deadline);
  // The next `count` bytes, frame headers included.
  Task<Answer<std::string>> hear_bytes(std::size_t count, net::Deadline deadline);
  // The next message of this kind of the session.
  template <class Member>
  Task<Answer<Member>> next(net::Deadline deadline) {
    auto result = co_await connection_.next<Member, hbb::Message>(deadline);
    co_return lab_->answer(std::move(result), "the next " + Member::descriptor()->name());
  }

  sim::MessageStream& connection() { return connection_; }
  void hang_up() { connection_.close(); }

 private:
  Lab* lab_;
  sim::MessageStream connection_;
};

// Connected to the relay server from `home`, silent so far; blocked if that fails.
Task<LabRelayParty> relay_party(Lab& lab, std::string name, net::Endpoint home);

// Two parties over TCP, each from an address of its own, that have asked for the same session.
struct RelaySession {
  LabRelayParty first, second;
};
Task<RelaySession> relay_session(Lab& lab);

}  // namespace deskcheck::conformance
