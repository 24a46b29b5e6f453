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

}  // namespace

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
  const auto address = parse_address(text);
  if (!address) return std::nullopt;
  return wire::normalise_v4({*address, 0}).address;
}

}  // namespace deskcheck::server
