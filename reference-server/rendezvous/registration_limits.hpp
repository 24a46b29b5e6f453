// How often RegisterPk is served: per source address, and per device. Knows no messages and no
// devices; whoever asks says what the answer is to be used for.
// Source of the rules: server src/rendezvous_server.rs:892-920 and 398-406.
#pragma once

#include "reference-server/options.hpp"

#include <memory>
#include <unordered_map>

namespace deskcheck::server {

// The limit per device: a part of the device.
class IdLimit {
 public:
  // False: too frequent.
  bool allows(net::Time now, const Limits& limits, const WrongPolicies& wrong) const;
  // Only a registration that was answered OK counts.
  void count(net::Time now, const Limits& limits, const WrongPolicies& wrong);

 private:
  bool over(net::Time now, const Limits& limits, const WrongPolicies& wrong) const;

  int accepted_ = 0;
  net::Time last_{};
};

class AddressLimits {
 public:
  AddressLimits(const Limits& limits, const WrongPolicies& wrong)
      : limits_(limits), wrong_(wrong) {}
  // False: too frequent. True counts as a registration from `address`, whatever becomes of it.
  bool accept(const boost::asio::ip::address& address, std::string_view id, net::Time now);

  // For the operator: what is counted of an address, in the order of addresses.
  struct Count {
    boost::asio::ip::address address;
    int requests;     // in a row
    std::size_t ids;  // of a day
    net::Time last;
  };
  std::vector<Count> counts() const;
  // Forgets the addresses of which nothing has been heard for a day.
  void purge(net::Time now);
  void forget(const boost::asio::ip::address& address) { usages_.erase(address); }

 private:
  static constexpr auto kNever = net::Time::min();
  struct Usage {
    int in_a_row = 0;
    std::uint32_t first_id = 0;  // a hash: there may be many addresses
    net::Time last{};
    net::Time day_began = kNever;  // of `first_id`; nearly no address has more ids than one
    std::unique_ptr<std::vector<std::uint32_t>> more_ids;
    std::size_t ids() const;
  };
  bool accept_id(Usage& usage, std::string_view id, net::Time now) const;
  void make_room(net::Time now);

  const Limits& limits_;
  const WrongPolicies& wrong_;
  std::unordered_map<boost::asio::ip::address, Usage> usages_;
};

}  // namespace deskcheck::server
