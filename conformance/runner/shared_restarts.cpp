#include "conformance/runner/shared_restarts.hpp"

#include "conformance/lab/lab.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kBeat = 20ms;  // between two looks at the others

}  // namespace

awaitable<void> SharedRestarts::join(net::Clock* clock) {
  ++joined_;
  while (under_way_) co_await net::sleep_for(*clock, kBeat);
}

awaitable<Restarted> SharedRestarts::restart(Lab& lab) {
  if (failed()) co_return last_;
  const int before = restarts_;
  ++waiting_;
  try {
    co_await wait_for_all(lab);
  } catch (...) {
    if (restarts_ == before) --waiting_;
    throw;
  }
  co_return last_;
}

// The one who sees first that all wait does it, and lets them go.
awaitable<void> SharedRestarts::wait_for_all(Lab& lab) {
  const int before = restarts_;
  const net::World& world = lab.world();
  while (restarts_ == before && (under_way_ || waiting_ != joined_))
    co_await net::sleep_for(world.clock, kBeat);
  if (restarts_ != before) co_return;
  under_way_ = true;
  try {
    last_ = co_await restart_target(lab, spawned_);
  } catch (...) {
    under_way_ = false;
    throw;
  }
  under_way_ = false;
  ++restarts_;
  waiting_ = 0;
}

}  // namespace deskcheck::conformance
