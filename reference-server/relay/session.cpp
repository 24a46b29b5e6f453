#include "reference-server/relay/session.hpp"

namespace deskcheck::server {

RelaySession::RelaySession(const RelaySettings& settings, TokenBucket& total, net::Endpoint first,
                           net::Endpoint second, net::Time now, const WrongPolicies& wrong)
    : settings_(settings),
      total_(total),
      wrong_(wrong),
      limits_(settings.limits),
      first_(first.address),
      second_(second.address),
      meter_(std::move(second), now),
      fast_(limits_.session),
      slow_(limits_.slow),
      looked_(now - std::chrono::seconds(1)) {}

net::Duration RelaySession::pass(std::size_t bytes, net::Time now) {
  meter_.add(bytes, now);
  if (!settings_.enforced) return net::Duration::zero();
  look(now);
  auto wait = net::Duration::zero();
  const bool slow = downgraded_ || blacklisted_;
  if (slow || !wrong_.relay_session_unlimited) wait = (slow ? slow_ : fast_).take(bytes, now);
  if (!wrong_.relay_total_unlimited) {
    if (total_.rate() != settings_.limits.total) total_.set_rate(settings_.limits.total);
    wait = std::max(wait, total_.take(bytes, now));
  }
  return wait;
}

bool RelaySession::blocked() const {
  if (wrong_.lists_spare_running_sessions || !settings_.enforced) return false;
  return settings_.blocklist.has(first_) || settings_.blocklist.has(second_);
}

// Lists and averages are not worth a look for every piece.
void RelaySession::look(net::Time now) {
  if (now - looked_ < std::chrono::seconds(1)) return;
  looked_ = now;
  blacklisted_ = !wrong_.lists_spare_running_sessions &&
                 (settings_.blacklist.has(first_) || settings_.blacklist.has(second_));
  const auto usage = meter_.usage(now);
  if (usage.age <= settings_.limits.downgrade_after) return;
  const double threshold = limits_.session * 1024 * 1024 / 1000 * limits_.downgrade_at;  // kb/s
  if (usage.average > threshold) downgraded_ = true;                                     // for good
}

}  // namespace deskcheck::server
