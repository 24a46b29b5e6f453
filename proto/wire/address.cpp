#include "proto/wire/address.hpp"

#include <algorithm>
#include <array>

namespace deskcheck::wire {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

constexpr std::size_t kIpv4Size = 16;  // padded
constexpr std::size_t kIpv6Size = 18;

unsigned octet(char c) { return static_cast<unsigned char>(c); }

// The octets as a little-endian number, as the format wants them.
std::uint64_t to_number(const address_v4& address) {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < 4; ++i) number |= std::uint64_t{address.to_bytes()[i]} << (8 * i);
  return number;
}

address_v4 to_address(std::uint32_t number) {
  address_v4::bytes_type octets;
  for (unsigned i = 0; i < 4; ++i) octets[i] = static_cast<unsigned char>(number >> (8 * i));
  return address_v4(octets);
}

std::string encode_v4(const address_v4& address, std::uint16_t port, std::uint32_t mask) {
  // (address + mask) << 49 | mask << 17 | (port + low half of mask), in 128 bits. The sums keep
  // their carry: 33 and 17 bits.
  const std::uint64_t sum = to_number(address) + mask;
  const std::uint64_t low = sum << 49 | std::uint64_t{mask} << 17 | (port + (mask & 0xFFFF));
  const std::uint64_t high = sum >> 15;
  std::string bytes;
  for (unsigned i = 0; i < kIpv4Size; ++i) {
    bytes += static_cast<char>((i < 8 ? low : high) >> (8 * (i % 8)) & 0xFF);
  }
  bytes.resize(bytes.find_last_not_of('\0') + 1);  // npos + 1 is 0
  return bytes;
}

std::string encode_v6(const address_v6& address, std::uint16_t port) {
  const auto octets = address.to_bytes();
  std::string bytes(octets.begin(), octets.end());
  bytes += static_cast<char>(port & 0xFF);
  bytes += static_cast<char>(port >> 8);
  return bytes;
}

net::Endpoint decode_v4(std::string_view bytes) {
  std::uint64_t half[2] = {0, 0};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    half[i / 8] |= std::uint64_t{octet(bytes[i])} << (8 * (i % 8));
  }
  // Whatever does not belong to a mask wraps around: arithmetic modulo 2^32 and 2^16.
  const auto mask = static_cast<std::uint32_t>(half[0] >> 17);
  const auto sum = static_cast<std::uint32_t>(half[0] >> 49 | half[1] << 15);
  return {to_address(sum - mask), static_cast<std::uint16_t>(half[0] - mask)};
}

net::Endpoint decode_v6(std::string_view bytes) {
  address_v6::bytes_type octets;
  std::copy_n(bytes.begin(), octets.size(), octets.begin());
  const unsigned port = octet(bytes[16]) | octet(bytes[17]) << 8;
  return {address_v6(octets), static_cast<std::uint16_t>(port)};
}

}  // namespace

net::Endpoint normalise_v4(const net::Endpoint& endpoint) {
  if (!endpoint.address.is_v6() || endpoint.address.is_loopback()) return endpoint;
  const auto octets = endpoint.address.to_v6().to_bytes();
  const bool zeros =
      std::all_of(octets.begin(), octets.begin() + 10, [](auto o) { return o == 0; });
  const bool mapped = octets[10] == 0xFF && octets[11] == 0xFF;
  const bool compatible = octets[10] == 0 && octets[11] == 0;
  if (!zeros || !(mapped || compatible)) return endpoint;
  return {address_v4({octets[12], octets[13], octets[14], octets[15]}), endpoint.port};
}

std::string encode_address(const net::Endpoint& endpoint, std::uint32_t mask) {
  const auto [address, port] = normalise_v4(endpoint);
  return address.is_v4() ? encode_v4(address.to_v4(), port, mask)
                         : encode_v6(address.to_v6(), port);
}

net::Endpoint decode_address(std::string_view bytes) {
  if (bytes.size() <= kIpv4Size) return decode_v4(bytes);
  if (bytes.size() == kIpv6Size) return decode_v6(bytes);
  return {address_v6::any(), 0};
}

}  // namespace deskcheck::wire
