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

template <class Network>
bool equal_prefix(const Network& network, const Network& of_address) {
  return network.canonical() == of_address.canonical();
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(const std::string& text) {
  boost::system::error_code error;
  const auto one = ip::make_address(text, error);
  if (!error && one.is_v4()) return AddressRange(ip::network_v4(one.to_v4(), 32));
  if (!error) return AddressRange(ip::network_v6(one.to_v6(), 128));
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
  boost::system::error_code error;
  const auto address = ip::make_address(text, error);
  if (error) return std::nullopt;
  return wire::normalise_v4({address, 0}).address;
}

}  // namespace deskcheck::server
