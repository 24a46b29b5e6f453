// The relay logic on the connections of a world. Keeps the parties that wait, starts the sessions;
// decides nothing about who belongs together.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/console_line.hpp"
#include "reference-server/relay/relay.hpp"
#include "reference-server/relay_pump.hpp"

#include <list>

namespace deskcheck::server {

class RelayShell {
 public:
  // `options` outlive the shell.
  RelayShell(net::World world, const Options& options, net::TaskGroup& tasks);
  // Until cancelled.
  net::awaitable<void> serve_connections(net::Listener& listener);
  net::awaitable<void> serve_websockets(net::Listener& listener);
  // Closes the parties that wait.
  void stop();

 private:
  net::awaitable<void> serve(net::ByteStream stream);
  net::awaitable<void> serve_websocket(net::ByteStream stream);
  // The first message of `party`.
  net::awaitable<void> enter(std::string payload, RelayParty party);
  net::awaitable<void> converse(net::ByteStream& stream, const Opening& opening);
  net::awaitable<void> join(RelayParty first, RelayParty second);
  bool refused(const net::Endpoint& peer) const;
  void keep(ConnectionId connection, RelayParty party);
  void expire();
  void end_blocked_sessions();

  net::World world_;
  const Options& options_;
  const WrongPolicies& wrong_;
  net::TaskGroup& tasks_;  // owns everything that runs here
  Relay logic_;
  TokenBucket total_;
  // Not read while they wait: what they send stays in the kernel.
  std::unordered_map<ConnectionId, RelayParty> waiting_;
  std::list<RelayPump*> sessions_;  // that run
  net::Alarm expiry_{[this] { expire(); }};
  ConnectionId last_connection_ = 0;
};

}  // namespace deskcheck::server
