// Devices that registered from changing addresses: a list for the operator, who sees there what may
// be two machines with one identity. Decides nothing about registrations.
// Source of the rule: server src/rendezvous_server.rs:407-420 and src/peer.rs:17-18.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"

#include <map>
#include <string>

namespace deskcheck::server {

class AddressChanges {
 public:
  struct Entry {
    net::Time since;
    std::map<std::string, int> addresses;  // how often it came to each
  };

  // The device `id` has been registered from `address`, and before from another one.
  void add(const std::string& id, const boost::asio::ip::address& address, net::Time now);
  // Forgets what is older than six minutes.
  void purge(net::Time now);
  void remove(const std::string& id) { entries_.erase(id); }
  const std::map<std::string, Entry>& all() const { return entries_; }

 private:
  std::map<std::string, Entry> entries_;
};

}  // namespace deskcheck::server
