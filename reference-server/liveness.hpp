// How long a connection may be silent, and when the server has to be heard on it. Times only.
// Source of the rules: rendezvous.md section 3.3; client src/rendezvous_mediator.rs:443-463.
#pragma once

#include "proto/net/time.hpp"
#include "reference-server/faults/policies.hpp"

#include <optional>

namespace deskcheck::server {

class Liveness {
 public:
  explicit Liveness(net::Time now, const WrongPolicies& wrong) : wrong_(wrong), heard_(now) {}

  // The peer sent something.
  void heard(net::Time now) { heard_ = now; }
  // From now on the server sends a heartbeat at least once per `period`, the peer echoes it, and
  // the connection lasts as long as it does.
  void keep_alive(net::Duration period, net::Time now);
  bool kept_alive() const { return period_.has_value(); }
  // How long the peer may be silent if nothing keeps the connection alive.
  void be_patient_for(net::Duration patience) { patience_ = patience; }

  bool over(net::Time now) const { return now >= end(); }
  bool heartbeat_due(net::Time now) const { return next_heartbeat_ && now >= *next_heartbeat_; }
  void sent_heartbeat(net::Time now);
  // The next time at which one of the two may become true.
  net::Time next() const;

 private:
  net::Time end() const;

  const WrongPolicies& wrong_;
  net::Time heard_;
  net::Duration patience_ = std::chrono::seconds(30);
  std::optional<net::Duration> period_;
  std::optional<net::Time> next_heartbeat_;
};

}  // namespace deskcheck::server
