// The rendezvous logic on the sockets of a world: datagrams in batches, one session per connection.
// Carries bytes to the logic and its actions back; decides nothing about the protocol.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/faults/mutate.hpp"
#include "reference-server/frame_reader.hpp"
#include "reference-server/relay_watch.hpp"
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/session.hpp"

namespace deskcheck::server {

class RendezvousShell {
 public:
  // `options` and `store` outlive the shell.
  RendezvousShell(net::World world, const Options& options, PeerStore& store,
                  net::TaskGroup& tasks);

  // Begins what it does by itself.
  void start() { watch_.look(); }
  void stop() { watch_.stop(); }
  // Until cancelled.
  net::awaitable<void> serve_datagrams(net::DatagramSocket& socket);
  net::awaitable<void> serve_connections(net::Listener& listener, Transport transport);

 private:
  net::awaitable<void> serve(net::ByteStream stream, Transport transport);
  net::awaitable<void> read(Session& session, Origin from, std::string early);
  void carry_out(Actions actions);
  void send_datagram(const SendDatagram& action);
  void send_frame(const SendFrame& action);
  void flush();
  net::awaitable<void> send_later(net::Datagram datagram, net::Duration delay);

  net::World world_;
  const Options& options_;
  const WrongPolicies& wrong_;
  net::TaskGroup& tasks_;  // owns everything that runs here
  Rendezvous logic_;
  RelayWatch watch_{world_, options_, logic_.relays(), tasks_};
  net::DatagramSocket* socket_ = nullptr;
  std::vector<net::Datagram> datagrams_;  // to be sent
  std::unordered_map<ConnectionId, Session*> sessions_;
  ConnectionId last_connection_ = 0;
  bool out_of_service_ = false;  // a fault: nothing over TCP is served any more
};

}  // namespace deskcheck::server
