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

}  // namespace deskcheck::conformance
