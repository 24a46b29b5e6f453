// The reference server: rendezvous and relay logic behind the sockets of a world. Starts, serves,
// stops; decides nothing about the protocol (that is rendezvous/ and relay/).
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"
#include "reference-server/store/peer_store.hpp"

#include <memory>

namespace deskcheck::server {

// Port 0: not open, because there is nothing to serve on it.
struct Ports {
  net::Endpoint rendezvous;       // UDP and TCP P, also if neither is open
  net::Endpoint nat;              // TCP P-1
  net::Endpoint relay;            // TCP Q
  net::Endpoint relay_websocket;  // Q+2
  net::Endpoint websocket;        // WebSocket P+2
  net::Endpoint api;              // HTTP P-2
  net::Endpoint https;            // the same over TLS
};

class Server {
 public:
  // The stores outlive the server: they keep what was registered, and who is signed in, over
  // restarts. Without an ApiStore the latter lives as long as the server. Throws
  // identity::AccountError, and net::TlsError if Options::tls cannot be used.
  Server(net::World world, Options options, PeerStore& store, ApiStore* api_store = nullptr);
  ~Server();  // stop() must have ended

  // Binds all ports and begins to serve. Throws boost::system::system_error that names the port.
  void start();
  Ports ports() const;
  // Stops accepting, ends every session, returns when nothing of the server is left.
  boost::asio::awaitable<void> stop();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace deskcheck::server
