#include "reference-server/server.hpp"

#include "reference-server/capabilities.hpp"
#include "reference-server/http_shell.hpp"
#include "reference-server/relay_shell.hpp"
#include "reference-server/rendezvous_shell.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

namespace {

// Null: not open, because the server lacks what it is for.
struct Sockets {
  std::unique_ptr<net::DatagramSocket> datagrams;
  std::unique_ptr<net::Listener> rendezvous;
  std::unique_ptr<net::Listener> nat;
  std::unique_ptr<net::Listener> relay;
  std::unique_ptr<net::Listener> relay_websocket;
  std::unique_ptr<net::Listener> websocket;
  std::unique_ptr<net::Listener> api;
  std::unique_ptr<net::Listener> https;
  std::uint16_t port = 0;  // P
};

// What P-1 is for, besides the operator's console.
bool serves_nat_port(const Options& options) {
  return options.abilities.nat_test || options.abilities.online_query ||
         options.consoles != Consoles::none;
}

Sockets bind(net::Network& network, const Options& options, int port) {
  const auto at = [&](int offset) {
    return net::Endpoint{options.bind, static_cast<std::uint16_t>(port + offset)};
  };
  const auto& can = options.abilities;
  Sockets sockets;
  sockets.port = static_cast<std::uint16_t>(port);
  if (can.udp) sockets.datagrams = network.bind_udp(at(0));
  if (can.tcp) sockets.rendezvous = network.listen(at(0));
  if (serves_nat_port(options)) sockets.nat = network.listen(at(-1));
  if (can.relay) sockets.relay = network.listen(at(+1));
  if (can.relay_websocket) sockets.relay_websocket = network.listen(at(+3));
  if (can.websocket) sockets.websocket = network.listen(at(+2));
  if (options.api) sockets.api = network.listen(at(-2));
  return sockets;
}

// Below the range from which kernels take the ports of clients, so that a port that is free now
// does not become the source port of a connection in the next moment.
constexpr int kFirstPort = 20000;
constexpr int kLastPort = 31999;
constexpr int kTries = 100;

// From P-2 to P+3.
constexpr int kBelow = 2;
constexpr int kAbove = 3;

Sockets bind_free_run(net::World& world, const Options& options) {
  auto random = world.random.fork("reference-server ports");
  for (int tries = 1;; ++tries) {
    const auto offset = random.below(kLastPort - kFirstPort - kBelow - kAbove);
    try {
      return bind(world.network, options, kFirstPort + kBelow + static_cast<int>(offset));
    } catch (const boost::system::system_error& e) {
      if (e.code() != boost::asio::error::address_in_use || tries == kTries) throw;
    }
  }
}

}  // namespace

struct Server::Body {
  Body(net::World w, Options o, PeerStore& store, ApiStore* api_store)
      : world(std::move(w)),
        options(left_by(std::move(o))),
        tasks(world.executor),
        outside(world, options),
        rendezvous(world, options, store, api_store ? *api_store : own_api_store, outside, tasks),
        relay(world, options, tasks),
        http(world, options, rendezvous.api(), outside, tasks) {
    if (options.tls && options.api)
      tls.emplace(options.tls->certificates, options.tls->private_key);
  }

  net::awaitable<void> guarded(const char* name, net::awaitable<void> task);
  void serve_rendezvous();
  void note(const std::string& text) const {
    if (options.log) options.log(text);
  }

  net::World world;
  const Options options;
  Sockets sockets;
  net::TaskGroup tasks;
  MemoryApiStore own_api_store;
  Outside outside;
  RendezvousShell rendezvous;
  RelayShell relay;
  HttpShell http;
  std::optional<net::TlsServing> tls;
};

// A loop that ends with an error leaves the others running; the operator has to hear of it.
net::awaitable<void> Server::Body::guarded(const char* name, net::awaitable<void> task) {
  try {
    co_await std::move(task);
  } catch (const boost::system::system_error& e) {
    if (e.code() != boost::asio::error::operation_aborted)
      note(std::string(name) + " has ended: " + e.what());
    throw;
  }
}

void Server::Body::serve_rendezvous() {
  if (sockets.datagrams)
    tasks.spawn("udp", guarded("UDP", rendezvous.serve_datagrams(*sockets.datagrams)));
  if (sockets.rendezvous)
    tasks.spawn("tcp",
                guarded("TCP", rendezvous.serve_connections(*sockets.rendezvous, Transport::tcp)));
  if (sockets.nat)
    tasks.spawn("nat", guarded("TCP NAT test",
                               rendezvous.serve_connections(*sockets.nat, Transport::tcp_nat)));
  if (sockets.websocket)
    tasks.spawn("web", guarded("WebSocket", rendezvous.serve_connections(*sockets.websocket,
                                                                         Transport::websocket)));
}

Server::Server(net::World world, Options options, PeerStore& store, ApiStore* api_store)
    : body_(std::make_unique<Body>(std::move(world), std::move(options), store, api_store)) {}

Server::~Server() = default;

void Server::start() {
  Body& b = *body_;
  const int port = b.options.rendezvous_port;
  b.sockets =
      port == 0 ? bind_free_run(b.world, b.options) : bind(b.world.network, b.options, port);
  // A port of its own, which has nothing to do with P.
  if (b.tls) b.sockets.https = b.world.network.listen({b.options.bind, b.options.https_port});
  b.serve_rendezvous();
  if (b.sockets.api)
    b.tasks.spawn("api", b.guarded("HTTP", b.http.serve_connections(*b.sockets.api)));
  if (b.sockets.https)
    b.tasks.spawn("https",
                  b.guarded("HTTPS", b.http.serve_tls_connections(*b.sockets.https, *b.tls)));
  if (b.sockets.relay)
    b.tasks.spawn("relay", b.guarded("relay", b.relay.serve_connections(*b.sockets.relay)));
  if (b.sockets.relay_websocket)
    b.tasks.spawn(
        "relay websocket",
        b.guarded("relay WebSocket", b.relay.serve_websockets(*b.sockets.relay_websocket)));
  if (b.sockets.api && !b.options.bind.is_unspecified())
    b.rendezvous.api().listens_at("http://" + net::to_string(ports().api));
  b.rendezvous.start();
  b.note("rendezvous on " + net::to_string(ports().rendezvous) + ", relay on " +
         net::to_string(ports().relay));
}

Ports Server::ports() const {
  const Sockets& sockets = body_->sockets;
  const auto of = [](const std::unique_ptr<net::Listener>& listener) {
    return listener ? listener->local() : net::Endpoint();
  };
  return {{body_->options.bind, sockets.port},
          of(sockets.nat),
          of(sockets.relay),
          of(sockets.relay_websocket),
          of(sockets.websocket),
          of(sockets.api),
          of(sockets.https)};
}

net::awaitable<void> Server::stop() {
  body_->rendezvous.stop();
  body_->tasks.cancel();
  co_await body_->tasks.join();
  body_->relay.stop();
  body_->sockets = Sockets();
  if (body_->tasks.failure()) std::rethrow_exception(body_->tasks.failure());
}

}  // namespace deskcheck::server
