// The controlling side as it behaves by its own will: from an id to a session, with the real
// client's attempts, time limits and texts. UDP and IPv6 punching and proxies are not simulated.
// client src/client.rs:180-920.
#pragma once

#include "client-sim/controller/failure.hpp"
#include "client-sim/session/client_facts.hpp"
#include "client-sim/session/session.hpp"
#include "proto/net/network.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deskcheck::sim {

struct ControllerOptions {
  std::string id;  // its own
  std::string name = "Controller";
  net::Endpoint home;  // where its sockets are bound; port 0
  net::Endpoint rendezvous;
  std::string key;  // the server's public key as configured; empty: the built-in one
  std::string version = kClientVersion;
  // TCP or WebSocket; in WebSocket mode it calls its NAT symmetric, and encrypts nothing between
  // itself and the server. client src/common.rs:597-602, 1999-2006.
  Transport transport = Transport::tcp;

  ControllerOptions() = default;
};

struct ConnectOptions {
  hbb::ConnType conn_type = hbb::DEFAULT_CONN;
  bool force_relay = false;
  hbb::NatType nat_type = hbb::ASYMMETRIC;  // its own, as measured before
  std::string token;                        // of an account; makes it demand KeyExchange
  bool failed_directly_before = false;      // shortens the next direct attempt
  // Logs in once the session stands; nothing: the session is handed over before its login.
  std::optional<std::string> password;

  ConnectOptions() = default;
};

// Over which way the session goes.
enum class Path { none, direct, lan, relay_by_controller, relay_by_device };
std::string_view to_string(Path path);

struct ConnectResult {
  std::optional<Session> session;
  Path path = Path::none;  // of the session; none without one
  std::string failure;     // as the user reads it; empty if there is a session
  bool retried = false;    // the client would try again by itself
  int punch_attempts = 0;
  int relay_attempts = 0;
  std::int32_t feedback = 0;  // non-zero: the server wants a HealthCheck connection
  std::optional<LoginOutcome> login;
  // What was done and how long it took, in the order of time.
  std::vector<std::pair<std::string, net::Duration>> steps;

  bool connected() const { return session.has_value(); }
};

class Controller {
 public:
  Controller(net::World world, ControllerOptions options, Recorder recorder);

  // The caller owns the coroutine; the controller must outlive it. A wait that would last beyond
  // `deadline` ends there as if its own limit had passed; the client has no such limit.
  Task<ConnectResult> connect(std::string id, ConnectOptions options, net::Deadline deadline);

 private:
  net::World world_;
  ControllerOptions options_;
  Recorder recorder_;
  net::Random random_;
};

}  // namespace deskcheck::sim
