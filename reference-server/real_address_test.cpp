#include "reference-server/real_address.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server {
namespace {

using boost::asio::ip::make_address;

std::string behind(const char* peer, net::HttpHeaders headers, const WrongPolicies& wrong = {}) {
  const std::vector<AddressRange> proxies = {*AddressRange::parse("10.1.0.0/16"),
                                             *AddressRange::parse("fd00::1")};
  const net::UpgradeRequest request{"/", std::move(headers)};
  const auto address = address_behind(make_address(peer), request, proxies, wrong);
  return address ? address->to_string() : "";
}

TEST(AddressRange, IsANetworkOrOneAddress) {
  const struct {
    const char* range;
    const char* address;
    bool inside;
  } kTable[] = {
      {"10.1.0.0/16", "10.1.255.255", true},
      {"10.1.0.0/16", "10.2.0.0", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "10.1.2.4", false},
      {"0.0.0.0/0", "1.2.3.4", true},
      {"0.0.0.0/0", "::1", false},
      {"fd00::/8", "fdff::1", true},
      {"fd00::/8", "fe00::1", false},
      {"::1", "::1", true},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(AddressRange::parse(row.range)->contains(make_address(row.address)), row.inside)
        << row.range << " " << row.address;
  for (const char* bad : {"", "x", "10.1.0.0/33", "10.1", "fd00::/129", "10.0.0.1/8/8", "fe80::1%1",
                          "fe80::1%1::/0", "fe80::%x/64"})
    EXPECT_FALSE(AddressRange::parse(bad)) << bad;
  EXPECT_FALSE(AddressRange::parse(std::string("10.0.0.1\0/8", 11)));
}

TEST(AddressBehind, IsBelievedFromTrustedProxiesOnly) {
  EXPECT_EQ(behind("10.1.2.3", {{"x-real-ip", "203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(behind("fd00::1", {{"X-Forwarded-For", " 2001:db8::1 "}}), "2001:db8::1");
  EXPECT_EQ(behind("10.2.2.3", {{"X-Real-IP", "203.0.113.7"}}), "");
  EXPECT_EQ(behind("10.1.2.3", {{"X-Real-IP", "203.0.113.7"}, {"X-Forwarded-For", "1.2.3.4"}}),
            "203.0.113.7");
  EXPECT_EQ(behind("10.1.2.3", {{"X-Real-IP", "::ffff:203.0.113.7"}}), "203.0.113.7");
}

TEST(AddressBehind, HasToBeExactlyOneAddress) {
  EXPECT_EQ(behind("10.1.2.3", {}), "");
  for (const char* bad :
       {"", " ", "somebody", "1.2.3.4, 5.6.7.8", "1.2.3.4:80", "1.2.3", "[::1]", "fe80::1%1"})
    EXPECT_EQ(behind("10.1.2.3", {{"X-Real-IP", bad}}), "") << bad;
  EXPECT_EQ(behind("10.1.2.3", {{"X-Real-IP", std::string("1.2.3.4\0x", 9)}}), "");
}

}  // namespace
}  // namespace deskcheck::server
