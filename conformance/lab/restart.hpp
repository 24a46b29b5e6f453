// Restarts of somebody else's server: by its hook 'restart', or by whoever has started it for this
// run. That it has ended is seen by connections which were open before, not believed.
#pragma once

#include "conformance/target/target.hpp"
#include "proto/net/network.hpp"

#include <functional>
#include <optional>
#include <string>

namespace deskcheck::conformance {

using net::awaitable;
class Lab;

// Of a target, which may be several processes.
enum class Part { rendezvous, api };

// A server that was started for this run, and may be started again.
class SpawnedServer {
 public:
  virtual ~SpawnedServer() = default;
  // Ends it and starts it again, on the same ports; does not wait for it. Throws std::exception if
  // it cannot be started.
  virtual awaitable<void> start_again(net::World world) = 0;
  // If it has ended by itself: how, in one line.
  virtual std::optional<std::string> obituary() = 0;
  // How long it may take until it answers.
  virtual net::Duration patience() const = 0;
};

struct Restarted {
  std::string failure;                   // of the environment; empty: the target answers again
  bool rendezvous = false, api = false;  // what has ended and come back

  Restarted() = default;
  bool has(Part part) const { return part == Part::api ? api : rendezvous; }
};

// For cases that run side by side at one target.
class Restarts {
 public:
  virtual ~Restarts() = default;
  virtual awaitable<Restarted> restart(Lab& lab) = 0;
};

// Whether anybody can restart it. `spawned`: null if the suite has not started it.
bool can_be_restarted(const Target& target, const SpawnedServer* spawned);
// Restarts the target of the lab, and waits until it answers.
awaitable<Restarted> restart_target(Lab& lab, SpawnedServer* spawned);

}  // namespace deskcheck::conformance
