#include "reference-server/liveness.hpp"

#include <algorithm>

namespace deskcheck::server {

void Liveness::keep_alive(net::Duration period, net::Time now) {
  // Registering again does not put the next heartbeat off.
  const bool begins = !period_;
  period_ = period;
  if (begins) sent_heartbeat(now);
}

// Twice per period: one that is late or lost on the way does not cost the connection.
void Liveness::sent_heartbeat(net::Time now) {
  if (wrong_.no_heartbeats) return;
  next_heartbeat_ = now + (wrong_.rare_heartbeats ? *period_ * 4 / 3 : *period_ / 2);
}

net::Time Liveness::end() const {
  if (wrong_.idle_connections_stay && !period_) return net::Time::max();
  if (patience_ == net::Duration::max()) return net::Time::max();
  // As patient as clients are: three heartbeats without an echo.
  const bool kept = period_ && !wrong_.device_connections_time_out;
  return heard_ + (kept ? *period_ * 3 / 2 : patience_);
}

net::Time Liveness::next() const {
  return next_heartbeat_ ? std::min(*next_heartbeat_, end()) : end();
}

}  // namespace deskcheck::server
