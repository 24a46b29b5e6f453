// How many wrong passwords are listened to. Counts them per account and address, per address, and
// per account; after a pause without wrong ones everything is forgotten, so that the right password
// works again. Knows no passwords.
#pragma once

#include "reference-server/options.hpp"

#include <map>
#include <string>
#include <string_view>

namespace deskcheck::server::identity {

// What stands for whoever has this address: one party of IPv6 has a whole /64.
std::string party_of(const boost::asio::ip::address& address);

class LoginLimits {
 public:
  using Address = boost::asio::ip::address;
  explicit LoginLimits(const Limits& limits) : limits_(limits) {}

  // Whether an attempt is listened to at all.
  bool allow(std::string_view account, const Address& from, net::Time now) const;
  void failed(std::string_view account, const Address& from, net::Time now);
  // The right password: what this address got wrong for this account is forgiven.
  void succeeded(std::string_view account, const Address& from);
  std::size_t size() const { return counts_.size() + older_.size(); }

 private:
  struct Count {
    int wrong = 0;
    net::Time last{};
  };
  const Count* find(const std::string& key) const;
  bool full(const std::string& key, int most, net::Time now) const;
  void count(const std::string& key, net::Time now);

  const Limits& limits_;
  // When the one is full it becomes the other, and what was longest without a wrong password is
  // forgotten: memory does not grow.
  std::map<std::string, Count> counts_, older_;
};

}  // namespace deskcheck::server::identity
