#include "proto/wire/address.hpp"

#include "proto/wire/test_support.hpp"

#include <algorithm>

namespace deskcheck::wire {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using net::endpoint;
using net::Endpoint;

constexpr int kRandomAddresses = 100'000;

struct Vector {
  const char* address;
  std::uint16_t port;
  std::uint32_t mask;
  const char* bytes;
  const char* decoded = nullptr;  // where it is not `address`
};

const Vector kVectors[] = {
    {"192.168.1.1", 21116, 0, "7c520000000080510302"},
    {"192.168.1.1", 21116, 1, "7d520200000082510302"},
    {"192.168.1.1", 21116, 0x12345678, "f4a8f0ac682470fe6b26"},
    {"203.0.113.7", 54321, 0x12345678, "a92af1ac682486ae4a33"},
    {"203.0.113.7", 54321, 0xFFFFFFFF, "30d4ffffffff9501e20e02"},
    {"255.255.255.255", 65535, 0xFFFFFFFF, "fefffffffffffdffffff03"},
    {"127.0.0.1", 1, 0x0000FFFF, "0000ffff0100fc000202"},
    {"10.0.0.1", 0, 0x12345678, "7856f0ac682404ad6826"},
    {"0.0.0.0", 0, 0x12345678, "7856f0ac6824f0ac6824"},
    {"0.0.0.0", 0, 0, ""},
    {"::ffff:203.0.113.7", 54321, 0x12345678, "a92af1ac682486ae4a33", "203.0.113.7"},
    {"::203.0.113.7", 54321, 0x12345678, "a92af1ac682486ae4a33", "203.0.113.7"},
    {"::", 21116, 0x12345678, "f4a8f0ac6824f0ac6824", "0.0.0.0"},
    {"2001:db8::1", 21116, 0, "20010db80000000000000000000000017c52"},
    {"2001:db8::1", 21116, 0x12345678, "20010db80000000000000000000000017c52"},
    {"::1", 21116, 0, "000000000000000000000000000000017c52"},
    {"fe80::1", 0, 0, "fe8000000000000000000000000000010000"},
};

TEST(Address, VectorsAreEncoded) {
  for (const auto& v : kVectors) {
    EXPECT_EQ(hex(encode_address(endpoint(v.address, v.port), v.mask)), v.bytes) << v.address;
  }
}

TEST(Address, VectorsAreDecoded) {
  for (const auto& v : kVectors) {
    const Endpoint expected = endpoint(v.decoded ? v.decoded : v.address, v.port);
    EXPECT_EQ(to_string(decode_address(unhex(v.bytes))), to_string(expected));
  }
}

TEST(Address, MalformedBytesAreDecodedAsClientsDo) {
  EXPECT_EQ(to_string(decode_address("\x01")), "0.0.0.0:1");
  EXPECT_EQ(to_string(decode_address(unhex("0102030405"))), "255.125.253.255:32768");
  EXPECT_EQ(to_string(decode_address(std::string(16, '\xFF'))), "0.0.0.0:0");
  for (std::size_t length = 17; length < 100; ++length) {
    if (length == 18) continue;
    EXPECT_EQ(to_string(decode_address(std::string(length, '\xFF'))), "[::]:0") << length;
  }
}

TEST(Address, OnlyMappedAndCompatibleAddressesBecomeIpv4) {
  const std::pair<const char*, const char*> cases[] = {
      {"::ffff:1.2.3.4", "1.2.3.4"},
      {"::1.2.3.4", "1.2.3.4"},
      {"::2", "0.0.0.2"},
      {"::", "0.0.0.0"},
      {"::ffff:127.0.0.1", "127.0.0.1"},
      {"1.2.3.4", "1.2.3.4"},
      {"::1", "::1"},
      {"::fffe:1.2.3.4", "::fffe:102:304"},
      {"::ff:1.2.3.4", "::ff:102:304"},
      {"::ff00:1.2.3.4", "::ff00:102:304"},
      {"::1:ffff:1.2.3.4", "::1:ffff:102:304"},
      {"100::ffff:1.2.3.4", "100::ffff:102:304"},
      {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
  };
  for (const auto& [before, after] : cases) {
    EXPECT_EQ(normalise_v4(endpoint(before, 7)), endpoint(after, 7)) << before;
  }
}

Endpoint random_v4(net::Random& random) {
  return {address_v4(static_cast<std::uint32_t>(random.next())),
          static_cast<std::uint16_t>(random.next())};
}

Endpoint random_v6(net::Random& random) {
  address_v6::bytes_type octets;
  for (auto& octet : octets) octet = static_cast<unsigned char>(random.next());
  return {address_v6(octets), static_cast<std::uint16_t>(random.next())};
}

TEST(Address, Ipv4RoundTrips) {
  for (int seed = 0; seed < kRandomAddresses; ++seed) {
    net::Random random(seed);
    const Endpoint original = random_v4(random);
    const std::string bytes = encode_address(original, static_cast<std::uint32_t>(random.next()));
    ASSERT_EQ(decode_address(bytes), original) << "seed " << seed << ", " << to_string(original);
    ASSERT_LE(bytes.size(), 11U) << "seed " << seed;
    ASSERT_FALSE(bytes.ends_with('\0')) << "seed " << seed;
  }
}

TEST(Address, Ipv6RoundTrips) {
  for (int seed = 0; seed < kRandomAddresses; ++seed) {
    net::Random random(seed);
    const Endpoint original = random_v6(random);
    const std::string bytes = encode_address(original, static_cast<std::uint32_t>(random.next()));
    ASSERT_EQ(decode_address(bytes), original) << "seed " << seed << ", " << to_string(original);
    ASSERT_EQ(bytes.size(), 18U) << "seed " << seed;
  }
}

// The formula as it stands in the clients: one number of 128 bits, all subtractions wrap.
Endpoint decode_in_128_bits(std::string_view bytes) {
  __extension__ using Number = unsigned __int128;
  Number number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number |= Number{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  const Number mask = number >> 17 & 0xFFFFFFFF;
  const auto ip = static_cast<std::uint32_t>((number >> 49) - mask);
  const auto port = static_cast<std::uint16_t>((number & 0xFFFFFF) - (mask & 0xFFFF));
  return {address_v4(ip << 24 | (ip >> 8 & 0xFF) << 16 | (ip >> 16 & 0xFF) << 8 | ip >> 24), port};
}

TEST(Address, AnyBytesDecodeByTheFormula) {
  for (int seed = 0; seed < kRandomAddresses; ++seed) {
    net::Random random(seed);
    const std::string bytes = random.bytes(random.below(17));
    ASSERT_EQ(decode_address(bytes), decode_in_128_bits(bytes)) << "seed " << seed << hex(bytes);
  }
}

}  // namespace
}  // namespace deskcheck::wire
