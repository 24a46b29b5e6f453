// A whole run: cases over a world, side by side, with progress as they end.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/plan.hpp"
#include "conformance/runner/result.hpp"
#include "conformance/target/target.hpp"
#include "reference-server/faults/faults.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace deskcheck::conformance {

class Lab;
class SpawnedServer;
using OnEnd = std::function<void(const Case&, const Lab&)>;

// A network that is as good as the usual one, and not the same: verdicts must not depend on it.
enum class Transformation {
  none,
  // Every TCP stream is read byte by byte: the first 16 KiB of each direction, which is where
  // messages are; the rest of a large transfer comes as a whole. In real time that holds for the
  // suite's parties, who also write so; in virtual time for the server as well.
  single_bytes,
  // Datagrams of different sockets overtake each other. In virtual time only.
  shuffled_datagrams,
};
// "single bytes", ...
std::string_view to_string(Transformation transformation);

struct RunOptions {
  std::vector<const Case*> cases;  // as select() orders them
  Level level = Level::may;        // requirements below it do not apply
  // Requirements that do not concern clients of this release do not apply (a position in
  // client_releases()). Nothing: all releases count.
  std::optional<std::size_t> client;
  std::uint64_t seed = 0;
  int repeat = 1;
  bool until_failure = false;
  int jobs = 256;  // cases side by side; in virtual time one after the other is just as quick
  // Somebody else's server. Nothing: the reference server, in this process.
  std::optional<Target> target;
  // That server, if it was started for this run; it outlives it. May be null.
  SpawnedServer* spawned = nullptr;
  // Source addresses for parties, if not taken from 127.0.0.0/8.
  std::optional<boost::asio::ip::network_v4> sources;
  // For the reference server.
  server::FaultPlan faults;
  Lack lack;
  bool https = false;  // its API is used over HTTPS
  // Lends the account of its administrator only: hooks make the others, as on somebody else's.
  bool accounts_by_hooks = false;
  Transformation transformation = Transformation::none;
  // MAY requirements count like all others: for a server that is said to do everything.
  bool strict = false;
  // No case begins that would end later than this after the begin of a real run; it is "not run",
  // which counts as left out on purpose. Nothing: no limit.
  std::optional<net::Duration> budget;
  // Whether a result is known to be as it is, so that `until_failure` goes on. May be empty.
  std::function<bool(const CaseResult&)> excused;
  // Called as cases end. May be empty.
  std::function<void(const CaseResult&, std::size_t done, std::size_t total)> on_result;
  // What cases may do to the target; those that do more are "not run".
  Effects effects = all_effects();
  // Called at the end of each case of a virtual run, with all that was said in it. May be empty.
  OnEnd on_end;
  // Asked between cases of a virtual run and ten times a second of a real one, in the thread of the
  // run; true ends it early, with what there is. May be empty.
  std::function<bool()> interrupted;
  // SIGINT and SIGTERM end a real run in the same way; off where the process handles them itself.
  bool watch_signals = true;
};

// On sockets and the steady clock. Throws boost::system::system_error if the reference server
// cannot start.
RunReport run_in_real_time(const Registry& registry, const RunOptions& options);
// Every case in a simulated world of its own, made from the seed: equal seeds, equal results.
RunReport run_in_virtual_time(const Registry& registry, const RunOptions& options);

}  // namespace deskcheck::conformance
