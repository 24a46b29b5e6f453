// Cases that restart the target of a run run side by side, and beside no others: a restart is done
// when each of them waits for one, and they all get it.
#pragma once

#include "conformance/lab/restart.hpp"

namespace deskcheck::conformance {

class SharedRestarts final : public Restarts {
 public:
  explicit SharedRestarts(SpawnedServer* spawned) : spawned_(spawned) {}

  // Before such a case begins, and after its end. Waits while a restart is under way.
  awaitable<void> join(net::Clock* clock);
  void leave() { --joined_; }
  awaitable<Restarted> restart(Lab& lab) override;
  // A target that has not come back is not restarted again.
  bool failed() const { return !last_.failure.empty(); }

 private:
  awaitable<void> wait_for_all(Lab& lab);

  SpawnedServer* spawned_;
  int joined_ = 0, waiting_ = 0;
  bool under_way_ = false;
  int restarts_ = 0;
  Restarted last_;
};

}  // namespace deskcheck::conformance
