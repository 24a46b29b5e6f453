#include "client-sim/device/registration.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kInterval = 15s;        // client libs/hbb_common src/config.rs:51
constexpr net::Duration kAnswerTimeout = 3s;    // client src/rendezvous_mediator.rs:221
constexpr net::Duration kDeployInterval = 30s;  // client src/rendezvous_mediator.rs:58
constexpr net::Duration kLookupInterval = 60s;
constexpr net::Duration kSlowestCounted = 1s;  // slower answers do not change what the user sees
constexpr net::Duration kKeepAlive = 60s;      // client src/common.rs:64
constexpr int kFailsToConnecting = 2;
constexpr int kFailsToOffline = 4;
// A server that asks again whenever it is told would be told without end. The real client does
// that; a tool must not.
constexpr int kMostAtOnce = 20;            // between two ticks
constexpr std::int32_t kLowestSerial = 3;  // client libs/hbb_common src/config.rs:53, 1016-1018

}  // namespace

Registration::Registration(Identity identity, net::Random random, net::Time start)
    : identity_(std::move(identity)),
      random_(random),
      key_confirmed_(identity_.key_confirmed),
      name_looked_up_(start) {
  identity_.serial = std::max(identity_.serial, kLowestSerial);
}

Registration::Message Registration::tick(net::Time now) {
  at_once_ = 0;
  // Waiting for deployment suspends everything else, the counting of missed answers included.
  const bool suspended =
      needs_deploy_ && asked_undeployed_ && now - *asked_undeployed_ < kDeployInterval;
  if (suspended) return std::nullopt;
  const bool timed_out = asked_ && now - *asked_ >= kAnswerTimeout;
  const bool due = !asked_ && (!last_answer_ || now - *last_answer_ >= kInterval);
  if (!timed_out && !due) return std::nullopt;
  if (timed_out) missed(now);
  asked_ = now;
  if (!key_confirmed_) return register_pk(now);
  hbb::RendezvousMessage message;
  message.mutable_register_peer()->set_id(identity_.id);
  message.mutable_register_peer()->set_serial(identity_.serial);
  return message;
}

// client src/rendezvous_mediator.rs:421-434.
void Registration::on_connected(net::Time now) {
  keep_alive_ = kKeepAlive;
  heard_ = now;
  registered_.reset();
  asked_.reset();
  key_confirmed_ = false;
}

Registration::Message Registration::tick_connected(net::Time now) {
  at_once_ = 0;
  if (key_confirmed_ || (registered_ && now - *registered_ < kInterval)) return std::nullopt;
  registered_ = now;
  return register_pk(now);
}

void Registration::missed(net::Time now) {
  ++fails_;
  if (fails_ < kFailsToConnecting) return;
  if (fails_ < kFailsToOffline) {
    presence_ = Presence::connecting;
    return;
  }
  presence_ = Presence::offline;
  if (now - name_looked_up_ <= kLookupInterval) return;
  name_looked_up_ = now;
  wants_new_socket_ = true;
}

void Registration::alive(net::Time now) {
  const auto took = asked_ ? now - *asked_ : net::Duration::zero();
  last_answer_ = now;
  asked_.reset();
  fails_ = 0;
  if (took <= kSlowestCounted) presence_ = Presence::online;
}

Registration::Message Registration::register_pk(net::Time now) {
  if (needs_deploy_) {
    if (asked_undeployed_ && now - *asked_undeployed_ < kDeployInterval) return std::nullopt;
    asked_undeployed_ = now;
  } else {
    asked_undeployed_.reset();
  }
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_register_pk();
  request.set_id(identity_.id);
  request.set_uuid(identity_.uuid);
  request.set_pk(identity_.pk);
  return message;
}

Registration::Message Registration::register_at_once(net::Time now) {
  if (++at_once_ > kMostAtOnce) return std::nullopt;
  return register_pk(now);
}

Registration::Message Registration::on(const hbb::RegisterPeerResponse& answer, net::Time now) {
  alive(now);
  if (!answer.request_pk()) return std::nullopt;
  return register_at_once(now);
}

Registration::Message Registration::on(const hbb::RegisterPkResponse& answer, net::Time now) {
  alive(now);
  if (answer.keep_alive() > 0) keep_alive_ = std::chrono::seconds(answer.keep_alive());
  switch (answer.result()) {
    case hbb::RegisterPkResponse::OK:
      key_confirmed_ = true;
      needs_deploy_ = false;
      return std::nullopt;
    case hbb::RegisterPkResponse::UUID_MISMATCH:
      key_confirmed_ = false;
      if (identity_.keeps_id) return std::nullopt;  // tried again after the interval
      identity_.id = std::to_string(1'000'000'000 + random_.below(1'000'000'000));
      return register_at_once(now);
    case hbb::RegisterPkResponse::NOT_DEPLOYED:
      key_confirmed_ = false;
      needs_deploy_ = true;
      return std::nullopt;
    default:
      return std::nullopt;  // the same
  }
}

void Registration::on(const hbb::ConfigUpdate& update) {
  pushed_servers_.assign(update.rendezvous_servers().begin(), update.rendezvous_servers().end());
  identity_.serial = std::max(update.serial(), kLowestSerial);
}

}  // namespace deskcheck::sim
