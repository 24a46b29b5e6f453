#include "reference-server/real_address.hpp"

#include "proto/wire/address.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace ip = boost::asio::ip;

namespace {

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

// Asio reads up to the first NUL, and takes anything for the zone behind a '%'.
bool has_more_than_addresses(const std::string& text) {
  return text.find_first_of(std::string_view("%\0", 2)) != std::string::npos;
}

std::optional<ip::address> one_address(const std::string& text) {
  boost::system::error_code error;
  const auto address = ip::make_address(text, error);
  if (error || has_more_than_addresses(text)) return std::nullopt;
  return address;
}

template <class Network>
bool equal_prefix(const Network& network, const Network& of_address) {
  return network.canonical() == of_address.canonical();
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(const std::string& text) {
  if (has_more_than_addresses(text)) return std::nullopt;
  const auto one = one_address(text);
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

std::optional<ip::address> address_behind(const ip::address& peer,
                                          const net::UpgradeRequest& request,
                                          const std::vector<AddressRange>& proxies,
                                          const WrongPolicies& wrong) {
  const bool trusted = std::any_of(proxies.begin(), proxies.end(),
                                   [&](const AddressRange& range) { return range.contains(peer); });
  if (wrong.address_headers_are_ignored) return std::nullopt;
  if (!trusted && !wrong.address_headers_are_always_believed) return std::nullopt;
  auto text = trimmed(request.header("X-Real-IP"));
  if (text.empty()) text = trimmed(request.header("X-Forwarded-For"));
  const auto address = one_address(text);
  if (!address) return std::nullopt;
  return wire::normalise_v4({*address, 0}).address;
}

}  // namespace deskcheck::server
