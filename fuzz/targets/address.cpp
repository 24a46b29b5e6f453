// The address codec. Input: 16 bytes of address, 2 of port, 4 of mask, a byte whose lowest bit
// chooses IPv4 (the first four bytes); what follows is decoded as it is.
#include "proto/wire/address.hpp"
#include "fuzz/engine/cursor.hpp"
#include "fuzz/engine/target.hpp"

namespace deskcheck::fuzz {

namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

net::Endpoint take_endpoint(Cursor& cursor) {
  address_v6::bytes_type octets{};
  const auto bytes = cursor.take(octets.size());
  std::copy(bytes.begin(), bytes.end(), octets.begin());
  const auto port = static_cast<std::uint16_t>(cursor.number(2));
  const bool v4 = cursor.number(1) & 1;
  if (!v4) return {address_v6(octets), port};
  return {address_v4({octets[0], octets[1], octets[2], octets[3]}), port};
}

// The rule by itself, in 128 bits: what an IPv4 address is on the wire.
std::string model(std::uint32_t address, std::uint16_t port, std::uint32_t mask) {
  __extension__ using Wide = unsigned __int128;
  Wide value = (Wide{address} + mask) << 49 | Wide{mask} << 17 | (port + (mask & 0xFFFFu));
  std::string bytes;
  for (; value != 0; value >>= 8) bytes += static_cast<char>(value & 0xFF);
  return bytes;
}

std::uint32_t little_endian(const address_v4& address) {
  const auto octets = address.to_bytes();
  return octets[0] | octets[1] << 8 | octets[2] << 16 | static_cast<std::uint32_t>(octets[3]) << 24;
}

// Planted: the sum of port and mask loses its carry, but only for addresses that came as
// IPv4-mapped IPv6 and whose last octet is 255.
std::string encode(const net::Endpoint& endpoint, std::uint32_t mask) {
  auto bytes = wire::encode_address(endpoint, mask);
  const auto v4 = wire::normalise_v4(endpoint);
  const bool carries = v4.port + (mask & 0xFFFF) > 0xFFFF;
  if (planted() && endpoint.address.is_v6() && v4.address.is_v4() && carries &&
      v4.address.to_v4().to_bytes()[3] == 255)
    bytes[2] = static_cast<char>(bytes[2] ^ 1);
  return bytes;
}

void check_encoding(const net::Endpoint& endpoint, std::uint32_t mask) {
  const auto normal = wire::normalise_v4(endpoint);
  require(wire::normalise_v4(normal) == normal, "normalising twice is normalising once");
  const auto bytes = encode(endpoint, mask);
  if (normal.address.is_v4()) {
    require(bytes.size() <= 11, "an IPv4 address takes at most 11 bytes");
    require(bytes == model(little_endian(normal.address.to_v4()), normal.port, mask),
            "an IPv4 address is encoded by the rule");
  } else {
    require(bytes.size() == 18, "an IPv6 address takes 18 bytes");
  }
  require(wire::decode_address(bytes) == normal, "decoding takes back encoding, whatever the mask");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return nullptr; }

void one_input(std::string_view input) {
  Cursor cursor(input);
  const auto endpoint = take_endpoint(cursor);
  const auto mask = static_cast<std::uint32_t>(cursor.number(4));
  check_encoding(endpoint, mask);

  const auto decoded = wire::decode_address(cursor.rest());
  const bool v4 = cursor.rest().size() <= 16;
  require(decoded.address.is_v4() == v4, "the length alone tells IPv4 from IPv6");
  if (!v4 && cursor.rest().size() != 18)
    require(decoded == net::Endpoint{address_v6::any(), 0}, "other lengths are no address");
  check_encoding(decoded, mask);
}

}  // namespace deskcheck::fuzz
