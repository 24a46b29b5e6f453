// What one relayed session may do: how fast it is, and whether it may go on. Sans-IO: it hears how
// many bytes have come and says how long they have to wait. rendezvous.md section 4.3.
#pragma once

#include "reference-server/relay/bucket.hpp"
#include "reference-server/relay/meter.hpp"
#include "reference-server/relay/settings.hpp"

namespace deskcheck::server {

class RelaySession {
 public:
  // `settings` and `total`, the limit of all sessions together, outlive the session. The limits of
  // one session are those of its begin, as with the open-source server.
  RelaySession(const RelaySettings& settings, TokenBucket& total, net::Endpoint first,
               net::Endpoint second, net::Time now, const WrongPolicies& wrong);

  // How long `bytes` that have just come, in either direction, have to wait.
  net::Duration pass(std::size_t bytes, net::Time now);
  // Whether a party is in the block list.
  bool blocked() const;
  RelayMeter::Usage usage(net::Time now) { return meter_.usage(now); }

 private:
  void look(net::Time now);

  const RelaySettings& settings_;
  TokenBucket& total_;
  const WrongPolicies& wrong_;
  const RelayLimits limits_;
  boost::asio::ip::address first_, second_;
  RelayMeter meter_;
  TokenBucket fast_, slow_;
  bool downgraded_ = false;
  bool blacklisted_ = false;
  net::Time looked_;
};

}  // namespace deskcheck::server
