#include "reference-server/address_range.hpp"

namespace deskcheck::server {

namespace ip = boost::asio::ip;

namespace {

// Asio reads up to the first NUL, and takes anything for the zone behind a '%'.
bool has_more_than_addresses(const std::string& text) {
  return text.find_first_of(std::string_view("%\0", 2)) != std::string::npos;
}

template <class Network>
bool equal_prefix(const Network& network, const Network& of_address) {
  return network.canonical() == of_address.canonical();
}

}  // namespace

std::optional<ip::address> parse_address(const std::string& text) {
  boost::system::error_code error;
  const auto address = ip::make_address(text, error);
  if (error || has_more_than_addresses(text)) return std::nullopt;
  return address;
}

std::optional<AddressRange> AddressRange::parse(const std::string& text) {
  if (has_more_than_addresses(text)) return std::nullopt;
  const auto one = parse_address(text);
  if (one && one->is_v4()) return AddressRange(ip::network_v4(one->to_v4(), 32));
  if (one) return AddressRange(ip::network_v6(one->to_v6(), 128));
  boost::system::error_code error;
  const auto v4 = ip::make_network_v4(text, error);
  if (!error) return AddressRange(v4);
  const auto v6 = ip::make_network_v6(text, error);
  if (!error) return AddressRange(v6);
  return std::nullopt;
}

bool AddressRange::contains(const ip::address& address) const {
  if (const auto* v4 = std::get_if<ip::network_v4>(&network_))
    return address.is_v4() &&
           equal_prefix(*v4, ip::network_v4(address.to_v4(), v4->prefix_length()));
  const auto& v6 = std::get<ip::network_v6>(network_);
  return address.is_v6() && equal_prefix(v6, ip::network_v6(address.to_v6(), v6.prefix_length()));
}

}  // namespace deskcheck::server
