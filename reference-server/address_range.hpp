// A network or one address, as people write it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <optional>
#include <string>
#include <variant>

namespace deskcheck::server {

// Nothing unless the text is exactly one address.
std::optional<boost::asio::ip::address> parse_address(const std::string& text);

// "10.0.0.0/8", "fd00::/8", or one address.
class AddressRange {
 public:
  // Nothing if the text is none.
  static std::optional<AddressRange> parse(const std::string& text);
  // `address` is not IPv4-mapped.
  bool contains(const boost::asio::ip::address& address) const;

 private:
  using Network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
  explicit AddressRange(Network network) : network_(network) {}
  Network network_;
};

}  // namespace deskcheck::server
