#include "client-sim/test_support.hpp"

#include <regex>

namespace deskcheck::sim {
namespace {

TEST(ClientFacts, HostTexts) {
  EXPECT_EQ(*parse_host("10.1.2.3", 21117), net::endpoint("10.1.2.3", 21117));
  EXPECT_EQ(*parse_host("10.1.2.3:5", 21117), net::endpoint("10.1.2.3", 5));
  EXPECT_EQ(*parse_host("[2001:db8::1]:7", 21117), net::endpoint("2001:db8::1", 7));
  EXPECT_EQ(*parse_host("2001:db8::1", 21117), net::endpoint("2001:db8::1", 21117));
  for (const char* wrong : {"", ":21117", "relay.example", "10.1.2.3:x", "10.1.2.3:70000",
                            "10.1.2.3:5x", "[2001:db8::1]", "10.1.2"}) {
    EXPECT_FALSE(parse_host(wrong, 21117)) << wrong;
  }
}

TEST(ClientFacts, KeyInUse) {
  EXPECT_EQ(effective_key(""), kBuiltInKey);
  EXPECT_EQ(effective_key("abc"), "abc");
  EXPECT_TRUE(wire::parse_public_key(kBuiltInKey));
}

TEST(ClientFacts, Uuids) {
  net::Random random(1);
  const auto one = make_uuid(random);
  EXPECT_TRUE(std::regex_match(
      one, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
      << one;
  EXPECT_NE(one, make_uuid(random));
}

TEST(ClientFacts, Passwords) {
  net::Random random(1);
  EXPECT_TRUE(std::regex_match(make_password(random, 6), std::regex("[2-9a-km-np-z]{6}")));
}

}  // namespace
}  // namespace deskcheck::sim
