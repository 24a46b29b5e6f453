// Carries everything from each of two parties to the other one until the session is over. Looks at
// nothing. wire.md and rendezvous.md section 4: nothing is added, early bytes come first, the end
// of one side reaches the other after what was received, silence of more than 30 s ends both.
//
// Between two TCP connections bytes are copied as they come. If one of the parties is on a
// WebSocket, each payload of a frame becomes a message and the other way round, empty ones too:
// unsecured sessions begin with one.
#pragma once

#include "proto/net/task_group.hpp"
#include "reference-server/relay/session.hpp"
#include "reference-server/relay_leg.hpp"

namespace deskcheck::server {

class RelayPump {
 public:
  // All of them outlive the pump.
  RelayPump(net::World& world, RelaySession& session, const Options& options)
      : clock_(world.clock),
        session_(session),
        drops_empty_(options.profile == Profile::oss ||
                     options.faults.policies.relay_drops_empty_messages),
        may_be_silent_(!options.abilities.relay_limits ||
                       options.faults.policies.relay_sessions_never_idle),
        wrong_(options.faults.policies),
        tasks_(world.executor) {}

  // Who reads slowly slows the other one down: bytes stay in the kernel (net::Forward), and of
  // payloads one per direction is held. `first` has waited, `second` has just come.
  net::awaitable<void> run(RelayParty& first, RelayParty& second);
  // The session ends now.
  void stop() { tasks_.cancel(); }
  RelaySession& session() { return session_; }

 private:
  net::awaitable<void> spoil(RelayParty& first, RelayParty& second);
  net::awaitable<void> copy(RelayParty& from, RelayParty& to);
  net::awaitable<void> forward(net::ByteStream& from, net::ByteStream& to);
  net::awaitable<void> copy_wrongly(net::ByteStream& from, net::ByteStream& to);
  net::awaitable<std::size_t> read(net::ByteStream& from, std::string& buffer);
  net::awaitable<bool> write(net::ByteStream& to, std::string_view bytes);
  net::awaitable<void> translate(RelayLeg& from, RelayLeg& to);
  net::awaitable<bool> hand_over(RelayLeg& to, std::string payload);
  // Waits as the limits demand.
  net::awaitable<void> throttle(std::size_t bytes);
  net::Deadline deadline() const;
  // A wait that has timed out although the other direction had traffic meanwhile.
  bool goes_on(const net::error_code& error) const;

  net::Clock& clock_;
  RelaySession& session_;
  bool drops_empty_;    // payloads of and for WebSockets, as the open-source server does
  bool may_be_silent_;  // for ever
  const WrongPolicies& wrong_;
  net::TaskGroup tasks_;
  net::Time last_traffic_ = clock_.now();
  net::Alarm all_over_{[this] { tasks_.cancel(); }};
};

}  // namespace deskcheck::server
