// How a thread of Python waits for work in a world: without the interpreter lock, and so that
// Ctrl-C ends the wait at once.
#pragma once

#include "python/binding/stage.hpp"

#include <optional>

namespace deskcheck::python {

// Does `work` in the world and returns when it has ended; throws what it threw. Ctrl-C cancels it.
// `work` may refer to the caller's variables. With the interpreter lock held, also at its end.
void perform(Stage& stage, Work work, std::shared_ptr<Party> party = nullptr);

// The same for a look at something: no waiting in the world.
template <class T>
T look(Stage& stage, std::function<T()> at, std::shared_ptr<Party> party = nullptr) {
  std::optional<T> seen;
  auto work = [&](Scene&) -> Task<void> {
    seen = at();
    co_return;
  };
  perform(stage, work, std::move(party));
  return std::move(*seen);
}

// Ends a party that nobody in Python refers to any more; does not wait.
void dispose(Stage& stage, std::shared_ptr<Party> party);

// A number of seconds as Python gives it. Throws UsageError: `what` has to be 0 or more.
net::Duration to_duration(double seconds, const char* what = "timeout");
double to_seconds(net::Duration duration);

// Runs `wait` without the lock until it returns true; it has to return after some 50 ms. Calls
// `cancel` once, with the lock, at Ctrl-C, and throws KeyboardInterrupt after `wait` is done.
void wait_until(const std::function<bool()>& wait, const std::function<void()>& cancel);

}  // namespace deskcheck::python
