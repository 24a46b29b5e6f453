// A server that a case plays itself, one message at a time: how the simulated clients are judged.
// Rendezvous server and relay in one, on one free port of its own address, UDP and TCP.
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "conformance/lab/lab.hpp"

#include <memory>
#include <optional>

namespace deskcheck::conformance {

class ScriptedServer {
 public:
  // Throws boost::system::system_error if its port cannot be bound.
  explicit ScriptedServer(Lab& lab);

  net::Endpoint address() const { return listener_->local(); }
  // "host:port", as servers name relays.
  std::string name() const { return to_string(address()); }

  // --- datagrams: of one client only ---
  // The next one that is a message of this protocol; the client is where it came from.
  Task<Answer<hbb::RendezvousMessage>> hear(net::Deadline deadline);
  // To the client that was heard last.
  template <class Member>
  void say(Member member) {
    channel_->send(client_, wrap<hbb::RendezvousMessage>(std::move(member)));
  }
  // Hears the client's first question, a RegisterPk, and accepts it; blocked if it does not come.
  Task<void> accept_device();

  // --- connections, in the order in which they were made ---
  Task<Answer<sim::MessageStream>> next_connection(net::Deadline deadline);
  // The next connection; blocked if there is none within 5 s.
  Task<sim::MessageStream> connection();
  // The next message on it, whichever it is.
  template <class Envelope = hbb::RendezvousMessage>
  Task<Answer<Envelope>> hear_on(sim::MessageStream& connection, net::Deadline deadline) {
    auto result = co_await connection.receive_message<Envelope>(deadline);
    co_return lab_->answer(std::move(result), "what the client says on its connection");
  }
  // Blocked if it cannot be sent.
  template <class Member>
  Task<void> say_on(sim::MessageStream& connection, Member member) {
    auto message = wrap<hbb::RendezvousMessage>(std::move(member));
    co_await send_on(connection, std::move(message));
  }

 private:
  Task<void> send_on(sim::MessageStream& connection, hbb::RendezvousMessage message);

  Lab* lab_;
  std::unique_ptr<net::Listener> listener_;
  std::optional<sim::DatagramChannel> channel_;
  net::Endpoint client_;
};

}  // namespace deskcheck::conformance
