#include "conformance/runner/address_pools.hpp"

namespace deskcheck::conformance {

namespace ip = boost::asio::ip;

NetworkPool::NetworkPool(ip::network_v4 network, std::uint32_t start, ip::address skip)
    : network_(std::move(network)), start_(start), skip_(std::move(skip)) {}

std::optional<ip::address> NetworkPool::take() {
  // Without the first and the last, which are network and broadcast address.
  const auto bits = 32U - network_.prefix_length();
  const auto size = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 2);
  const std::uint32_t first = network_.network().to_uint() + 1;
  while (taken_ < size) {
    const ip::address next = ip::make_address_v4(first + (start_ + taken_++) % size);
    if (next != skip_) return next;
  }
  return std::nullopt;
}

std::optional<ip::address> OneAddress::take() {
  if (std::exchange(taken_, true)) return std::nullopt;
  return any_;
}

std::unique_ptr<AddressPool> make_pool(const std::optional<ip::network_v4>& sources,
                                       const ip::address& server) {
  const auto nonce = static_cast<std::uint32_t>(net::Random::system().next());
  if (sources) return std::make_unique<NetworkPool>(*sources, nonce, server);
  if (server.is_loopback() && server.is_v4())
    return std::make_unique<NetworkPool>(ip::make_network_v4("127.0.0.0/8"), nonce, server);
  const ip::address any =
      server.is_v4() ? ip::address(ip::address_v4::any()) : ip::address(ip::address_v6::any());
  return std::make_unique<OneAddress>(any);
}

}  // namespace deskcheck::conformance
