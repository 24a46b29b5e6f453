// One TCP connection of the rendezvous ports: its stream, what is still to be sent on it, its end.
// Decides nothing about messages.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/rendezvous/origin.hpp"

#include <deque>

namespace deskcheck::server {

class Session {
 public:
  Session(net::World& world, net::ByteStream stream)
      : clock_(world.clock), stream_(std::move(stream)), tasks_(world.executor) {}

  // Queues bytes; they leave in order, each not before its delay has passed. A peer that does not
  // read its answers is cut off when too many of them wait.
  void send(std::string bytes, net::Duration delay);
  // Ends the connection after what was queued. The peer sees the end of the stream at once; what it
  // still sends is read and dropped for a while, so that a reset does not overtake the last answer.
  void end();
  bool ending() const { return ending_; }

  // Runs `reader` with everything else of the session, until both have finished.
  net::awaitable<void> run(net::awaitable<void> reader);
  // For the reader, after end(): drops what still comes.
  net::awaitable<void> linger();
  net::ByteStream& stream() { return stream_; }

 private:
  net::awaitable<void> write();

  struct Item {
    std::string bytes;
    net::Time not_before;
  };
  net::Clock& clock_;
  net::ByteStream stream_;
  std::deque<Item> outbox_;
  std::size_t queued_ = 0;  // bytes
  bool writing_ = false;
  bool ending_ = false;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::server
