// What the operator of a relay may change while it runs: limits, and lists of addresses. Applies
// nothing itself. rendezvous.md section 4.3.
#pragma once

#include "reference-server/options.hpp"

#include <set>
#include <string>
#include <string_view>

namespace deskcheck::server {

// Addresses as people write them. IPv4-mapped ones are the same as IPv4; what is no address is kept
// as it is, and matches nobody.
class AddressList {
 public:
  AddressList() = default;
  explicit AddressList(const std::vector<std::string>& entries) {
    for (const auto& entry : entries) add(entry);
  }
  void add(std::string_view entry);
  void remove(std::string_view entry);
  void clear() { entries_.clear(); }
  bool has(std::string_view entry) const;
  bool has(const boost::asio::ip::address& address) const;
  const std::set<std::string>& all() const { return entries_; }

 private:
  std::set<std::string> entries_;
};

struct RelaySettings {
  explicit RelaySettings(const Options& options)
      : enforced(options.abilities.relay_limits),
        limits(options.relay_limits),
        blacklist(options.relay_blacklist),
        blocklist(options.relay_blocklist) {}
  bool enforced;  // or only shown
  RelayLimits limits;
  AddressList blacklist;  // is slowed down
  AddressList blocklist;  // is refused
};

// The entries of a list file: one per line, whatever follows the first space is a remark.
std::vector<std::string> parse_address_list(std::string_view text);

}  // namespace deskcheck::server
