// Who asked for which device: a list for the operator. Decides nothing about the requests.
// rendezvous.md sections 3.8 and 6.1.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"
#include "reference-server/faults/policies.hpp"

#include <deque>
#include <string>
#include <unordered_map>

namespace deskcheck::server {

struct PunchRecord {
  net::Time at;
  std::string from;  // the requester's address, without port
  std::string id;    // the device
  std::string to;    // its address, without port
};

class PunchRecords {
 public:
  explicit PunchRecords(const WrongPolicies& wrong) : wrong_(wrong) {}

  // Once per requester's address and id within 60 s. The oldest of very many are dropped.
  void add(const boost::asio::ip::address& from, const std::string& id,
           const boost::asio::ip::address& to, net::Time now);
  void clear();
  // The oldest first.
  const std::deque<PunchRecord>& all() const { return records_; }

 private:
  const WrongPolicies& wrong_;
  std::deque<PunchRecord> records_;
  std::unordered_map<std::string, net::Time> last_;  // of an address and an id; only of `records_`
};

}  // namespace deskcheck::server
