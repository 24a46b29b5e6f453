// The rendezvous logic on the sockets of a world: datagrams in batches, one session per connection.
// Carries bytes to the logic and its actions back; decides nothing about the protocol.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/faults/mutate.hpp"
#include "reference-server/key_agreement.hpp"
#include "reference-server/outside.hpp"
#include "reference-server/relay_watch.hpp"
#include "reference-server/rendezvous/rendezvous.hpp"
#include "reference-server/session.hpp"

#include <set>

namespace deskcheck::server {

class RendezvousShell {
 public:
  // `options`, the stores and `outside` outlive the shell.
  RendezvousShell(net::World world, const Options& options, PeerStore& store, ApiStore& api_store,
                  Outside& outside, net::TaskGroup& tasks);

  // Begins what it does by itself.
  void start() { watch_.look(); }
  void stop() { watch_.stop(); }
  // Until cancelled.
  net::awaitable<void> serve_datagrams(net::DatagramSocket& socket);
  net::awaitable<void> serve_connections(net::Listener& listener, Transport transport);
  api::Api& api() { return logic_.api(); }

 private:
  net::awaitable<void> serve(net::ByteStream stream, Transport transport);
  net::awaitable<void> serve_websocket(net::ByteStream stream);
  net::awaitable<void> serve(std::unique_ptr<Link> link, Origin from);
  // What stands for the client in addresses: no other living WebSocket has the same.
  net::Endpoint client_behind(const net::Endpoint& peer, const net::UpgradeRequest& request);
  net::awaitable<void> read(Session& session, Origin from);
  // Offers a secure channel; nothing if there is none to offer on this transport.
  std::optional<KeyAgreement> greet(const Origin& from);
  // The first payload was the answer to the offer: false if the connection has to end.
  bool secure(Session& session, const KeyAgreement& agreement, const hbb::KeyExchange& answer);
  // Whether the connection is over.
  bool failed(const Session& session, const boost::system::error_code& error);
  void carry_out(Actions actions);
  void carry_out(const SendDatagram& action);
  void carry_out(const SendFrame& action);
  void carry_out(const CloseConnection& action);
  void carry_out(const CutConnection& action);
  void carry_out(const KeepConnection& action);
  void carry_out(const AskElsewhere& action);
  net::awaitable<void> finish(std::shared_ptr<const Unfinished> unfinished);
  Session* find(ConnectionId connection);
  void take_registrations_back();
  void flush();
  net::awaitable<void> send_later(net::Datagram datagram, net::Duration delay);

  net::World world_;
  const Options& options_;
  const WrongPolicies& wrong_;
  Outside& outside_;
  // What the message at hand has left open; empty between messages.
  std::vector<std::shared_ptr<const Unfinished>> unfinished_;
  net::TaskGroup& tasks_;  // owns everything that runs here
  Rendezvous logic_;
  RelayWatch watch_{world_, options_, logic_.relays(), tasks_};
  net::DatagramSocket* socket_ = nullptr;
  std::vector<net::Datagram> datagrams_;  // to be sent
  std::vector<std::size_t> accepted_;     // places in it: RegisterPkResponse OK
  std::unordered_map<ConnectionId, Session*> sessions_;
  std::set<net::Endpoint> websockets_;  // what stands for their clients
  net::Random random_;
  ConnectionId last_connection_ = 0;
  bool out_of_service_ = false;  // a fault: nothing over TCP is served any more
};

}  // namespace deskcheck::server
