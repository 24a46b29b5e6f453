// One connection of the rendezvous ports: what is still to be sent on it, its encryption, its
// heartbeats, its end. Decides nothing about messages.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "proto/wire/secure_channel.hpp"
#include "reference-server/link.hpp"
#include "reference-server/liveness.hpp"

#include <list>

namespace deskcheck::server {

class Session {
 public:
  // `wrong` outlives the session.
  Session(net::World& world, std::unique_ptr<Link> link, const WrongPolicies& wrong);

  // Queues a payload; they leave in order, each not before its delay has passed. A peer that does
  // not read its answers is cut off when too many of them wait.
  void send(std::string payload, net::Duration delay);
  // An empty payload, never encrypted.
  void send_heartbeat();
  // What is queued or received from here on is encrypted, in both directions.
  void encrypt(const wire::StreamKey& key);
  bool encrypted() const { return channel_.has_value(); }
  // For the reader, which reads no more: ends the connection after what was queued. The peer sees
  // the end of the stream at once; what it still sends is read and dropped for a while, so that a
  // reset does not overtake the last answer.
  void end();
  bool ending() const { return ending_; }
  // Ends the connection now.
  void cut() { link_->reset(); }

  // Runs `reader` with everything else of the session, until both have finished.
  net::awaitable<void> run(net::awaitable<void> reader);
  // For the reader: the next payload, decrypted; empty ones too. Sends heartbeats while it waits.
  // timed_out when the peer was silent for too long, bad_ciphertext, frame_too_long, eof, ...
  net::awaitable<net::Result<std::string>> receive();

  Liveness& liveness() { return liveness_; }
  bool was_cut() const { return link_->cut(); }

 private:
  struct Item {
    std::string payload;
    net::Time not_before;
    bool encrypt;
  };
  net::awaitable<void> write();
  void queue(std::string payload, net::Duration delay, bool encrypt);
  net::Result<std::string> opened(std::string payload);

  net::Clock& clock_;
  const WrongPolicies& wrong_;
  std::unique_ptr<Link> link_;
  std::optional<wire::SecureChannel> channel_;
  Liveness liveness_;
  std::list<Item> outbox_;  // an empty deque would take half a KiB
  std::size_t queued_ = 0;  // bytes
  bool writing_ = false;
  bool ending_ = false;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::server
