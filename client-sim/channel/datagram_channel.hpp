// One party's UDP socket: rendezvous messages to and from anybody. Answers carry no number, so a
// caller drains before it asks, and matches on content.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "proto/net/network.hpp"
#include "proto/schema/members.hpp"
#include "proto/schema/rendezvous.pb.h"

#include <deque>
#include <memory>
#include <optional>

namespace deskcheck::sim {

struct ReceivedDatagram {
  net::Endpoint from;
  std::string bytes;
  // Nothing if the bytes do not parse.
  std::optional<hbb::RendezvousMessage> message;
};

class DatagramChannel {
 public:
  // Port 0 in `from` takes a free one. Throws boost::system::system_error if it cannot be bound.
  DatagramChannel(const net::World& world, const net::Endpoint& from, Recorder recorder);

  net::Endpoint local() const { return socket_->local(); }

  // Best effort, as UDP is.
  void send(const net::Endpoint& to, const hbb::RendezvousMessage& message);
  void send_bytes(const net::Endpoint& to, std::string bytes);

  // Forgets what has arrived so far and was not taken.
  void drain();
  // The next datagram; timed_out at the deadline.
  boost::asio::awaitable<net::Result<ReceivedDatagram>> next(net::Deadline deadline);
  // Scans until a message with this member; others stay in the transcript only.
  template <class Member>
  boost::asio::awaitable<net::Result<Member>> next(net::Deadline deadline) {
    for (;;) {
      auto datagram = co_await next(deadline);
      if (!datagram) co_return datagram.error();
      if (!datagram->message) continue;
      if (const auto* member = get_if<Member>(*datagram->message)) co_return *member;
    }
  }

 private:
  void take();

  std::unique_ptr<net::DatagramSocket> socket_;
  Recorder recorder_;
  std::vector<net::Datagram> batch_;
  std::deque<ReceivedDatagram> inbox_;
};

}  // namespace deskcheck::sim
