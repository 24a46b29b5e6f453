// Which cases a run takes, and in which order.
#pragma once

#include "conformance/lab/case.hpp"
#include "conformance/registry/profiles.hpp"
#include "conformance/registry/registry.hpp"

#include <string>
#include <vector>

namespace deskcheck::conformance {

// One of several runs that share the cases: shard 2 of 4. Controls run in every shard that needs
// them.
struct Shard {
  std::size_t index = 1, count = 1;  // 1 <= index <= count
};

struct RunOptions;

struct Selection {
  // Globs over case ids and requirement ids; a case is taken if any matches. Empty: all.
  std::vector<std::string> filters;
  // Requirements below this level are not judged; cases left without any are not taken.
  Level level = Level::may;
  Shard shard = {};
  // Cases that judge nothing of them are not taken. Empty: all.
  std::vector<Profile> profiles = {};
};

// One case once.
struct Job {
  const Case* which = nullptr;
  int repetition = 0;
};

// The selected cases and the controls that they need; controls first, then by need of time (the
// longest first, so that a run side by side takes no longer than its longest case).
std::vector<const Case*> select(const std::vector<Case>& cases, const Registry& registry,
                                const Selection& selection);

// Whether the case restarts somebody else's server.
bool restarts_target(const Case& c, const RunOptions& options);
// What the case does to the target of the run. Where nobody can restart somebody else's server, a
// case that needs that leaves it alone, and says that it does not apply.
Effects effects_of(const Case& c, const RunOptions& options);
// What of it the run may not do.
Effects more_than_allowed(const Case& c, const RunOptions& options);

// What is wrong with the cases themselves: unknown or excluded requirement ids, unknown controls,
// requirements that must have a case and have none, cases that spare the target more than the
// control that they need. Empty if nothing is.
std::vector<std::string> find_mistakes(const std::vector<Case>& cases, const Registry& registry);

}  // namespace deskcheck::conformance
