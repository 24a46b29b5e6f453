// A scenario played without the suite, once or by many at the same time, each with its own
// identities and addresses: what `deskcheck sim` does. No verdicts.
#pragma once

#include "client-sim/scenario/play.hpp"
#include "conformance/target/target.hpp"
#include "reference-server/faults/faults.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct SimOptions {
  int instances = 1;
  std::uint64_t seed = 0;
  // Somebody else's server. Nothing: the reference server, in this process.
  std::optional<Target> target;
  // Source addresses, if not taken from 127.0.0.0/8 or left to the system.
  std::optional<boost::asio::ip::network_v4> sources;
  server::FaultPlan faults;  // for the reference server
  // SIGINT and SIGTERM end a real run early; off where the process handles them itself.
  bool watch_signals = true;
};

struct SimResult {
  scenario::Outcome outcome;
  bool finished = false;  // false: it was interrupted
  net::Duration took{};   // in the time of its world
  sim::Transcript transcript;
};

// One result for each instance. Throw boost::system::system_error if the reference server cannot
// start.
std::vector<SimResult> play_in_real_time(const scenario::Scenario& scenario,
                                         const SimOptions& options);
// All instances in one simulated world: equal seeds, equal results.
std::vector<SimResult> play_in_virtual_time(const scenario::Scenario& scenario,
                                            const SimOptions& options);

}  // namespace deskcheck::conformance
