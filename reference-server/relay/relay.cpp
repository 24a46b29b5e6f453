#include "reference-server/relay/relay.hpp"

namespace deskcheck::server {

namespace {

constexpr auto kPartnerWithin = std::chrono::seconds(30);

}  // namespace

bool Relay::licensed(const hbb::RequestRelay& request) const {
  if (wrong_.relay_no_licence_check) return true;
  if (options_.relay_licence_key.empty())
    return !wrong_.relay_needs_licence || !request.licence_key().empty();
  return request.licence_key() == options_.relay_licence_key;
}

Relay::Decision Relay::on_first(const hbb::RendezvousMessage& message, ConnectionId connection,
                                net::Time now) {
  const auto& request = message.request_relay();  // the default instance if it is another member
  if (!message.has_request_relay() && wrong_.relay_parks_anything) return {Decision::Kind::wait, 0};
  if (!message.has_request_relay()) return {};
  if (request.uuid().empty() && !wrong_.relay_accepts_empty_uuid) return {};
  if (!licensed(request)) {
    if (wrong_.relay_refused_evicts_waiting) waiting_.erase(request.uuid());
    return {};
  }
  auto found = wrong_.relay_joins_any_uuids ? waiting_.begin() : waiting_.find(request.uuid());
  if (found != waiting_.end() && !wrong_.relay_joins_nobody) {
    const ConnectionId partner = found->second;
    waiting_.erase(found);
    return {Decision::Kind::join, partner};
  }
  waiting_.emplace(request.uuid(), connection);
  const auto patience = wrong_.relay_gives_up_early ? kPartnerWithin / 3 : kPartnerWithin;
  if (!wrong_.relay_never_gives_up)
    expiries_.push_back({now + patience, request.uuid(), connection});
  return {Decision::Kind::wait, 0};
}

net::Time Relay::next_expiry() const {
  return expiries_.empty() ? net::Time::max() : expiries_.front().until;
}

std::vector<ConnectionId> Relay::expire(net::Time now) {
  std::vector<ConnectionId> expired;
  for (; !expiries_.empty() && expiries_.front().until <= now; expiries_.pop_front()) {
    const Wait& wait = expiries_.front();
    auto found = waiting_.find(wait.uuid);
    // Not there, or a later party with the same uuid: this one has been joined.
    if (found == waiting_.end() || found->second != wait.connection) continue;
    waiting_.erase(found);
    expired.push_back(wait.connection);
  }
  return expired;
}

}  // namespace deskcheck::server
