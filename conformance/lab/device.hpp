// A device that does only what the case says, when it says it. (The device with the real client's
// own will is client-sim/device.)
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "conformance/lab/identity.hpp"
#include "conformance/lab/lab.hpp"

#include <memory>

namespace deskcheck::conformance {

class LabDevice {
 public:
  LabDevice(Lab& lab, Identity identity, net::Endpoint home, std::string party);

  const std::string& id() const { return identity_.id; }
  Identity& identity() { return identity_; }
  const Identity& identity() const { return identity_; }
  const std::string& party() const { return party_; }
  // The address and port of its UDP socket.
  net::Endpoint address() const { return channel_->local(); }
  // Its address with a free port: for its TCP connections.
  net::Endpoint home() const { return {address().address, 0}; }
  // Goes on from another address (port 0: any) with a new socket.
  void move_to(const net::Endpoint& home);

  // What it would send.
  hbb::RegisterPeer register_peer_message() const;
  hbb::RegisterPk register_pk_message() const { return identity_.register_pk(); }
  // What it would answer to a push.
  template <class Push>
  auto answer_to(const Push& push) const {
    return identity_.answer_to(push);
  }

  // --- asking: drains, sends once, scans for the answer ---
  Task<Answer<hbb::RegisterPeerResponse>> register_peer(net::Deadline deadline);
  Task<Answer<hbb::RegisterPkResponse>> register_pk(net::Deadline deadline);
  template <class Wanted, class Member>
  Task<Answer<Wanted>> ask(Member question, net::Deadline deadline) {
    channel_->drain();
    send(question);
    auto result = co_await channel_->next<Wanted>(deadline);
    co_return lab_->answer(std::move(result), "the answer to " + Member::descriptor()->name());
  }

  // --- sending and listening ---
  template <class Member>
  void send(const Member& member) {
    channel_->send(lab_->target().rendezvous, wrap<hbb::RendezvousMessage>(member));
  }
  void send_bytes(std::string bytes) {
    channel_->send_bytes(lab_->target().rendezvous, std::move(bytes));
  }
  // The next push of this kind: PunchHole, FetchLocalAddr, RequestRelay.
  template <class Member>
  Task<Answer<Member>> push(net::Deadline deadline) {
    auto result = co_await channel_->next<Member>(deadline);
    co_return lab_->answer(std::move(result), "the push " + Member::descriptor()->name());
  }
  // The next push of any of these kinds.
  Task<Answer<hbb::RendezvousMessage>> any_push(net::Deadline deadline);
  // Everything that comes before the answer to a barrier: a cheap question with a known answer on
  // the same path. How "nothing was sent" is proven without waiting for silence.
  // The barrier's answer is not among them. The case is blocked if it does not come within 5 s.
  Task<std::vector<sim::ReceivedDatagram>> before_barrier();

  // A new TCP connection from its address to the rendezvous server, as devices answer pushes.
  Task<sim::MessageStream> connect();
  // Answers a push over such a connection; blocked if that cannot be done.
  template <class Member>
  Task<sim::MessageStream> reply(Member answer) {
    auto message = wrap<hbb::RendezvousMessage>(std::move(answer));
    return reply_with(std::move(message));
  }

  sim::DatagramChannel& channel() { return *channel_; }

 private:
  Task<sim::MessageStream> reply_with(hbb::RendezvousMessage message);

  Lab* lab_;
  Identity identity_;
  std::string party_;
  std::unique_ptr<sim::DatagramChannel> channel_;
};

}  // namespace deskcheck::conformance
