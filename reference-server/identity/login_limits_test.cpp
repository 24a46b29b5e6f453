#include "reference-server/identity/login_limits.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::identity {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;

class LoginLimitsTest : public ::testing::Test {
 protected:
  LoginLimitsTest() {
    limits.login_attempts = 3;
    limits.login_attempts_per_address = 5;
    limits.login_attempts_per_account = 7;
    limits.login_pause = 60s;
  }
  void fail(const std::string& account, const std::string& from, int times) {
    for (int i = 0; i < times; ++i) counts.failed(account, make_address(from), now);
  }
  bool allowed(const std::string& account, const std::string& from) const {
    return counts.allow(account, make_address(from), now);
  }
  Limits limits;
  LoginLimits counts{limits};
  net::Time now{1h};
};

TEST_F(LoginLimitsTest, OneAccountFromOneAddress) {
  fail("alice", "10.0.0.1", 2);
  EXPECT_TRUE(allowed("alice", "10.0.0.1"));
  fail("alice", "10.0.0.1", 1);
  EXPECT_FALSE(allowed("alice", "10.0.0.1"));
  EXPECT_TRUE(allowed("alice", "10.0.0.2"));
  EXPECT_TRUE(allowed("bob", "10.0.0.1"));
  now += 59s;
  EXPECT_FALSE(allowed("alice", "10.0.0.1"));
  now += 1s;
  EXPECT_TRUE(allowed("alice", "10.0.0.1"));
  fail("alice", "10.0.0.1", 1);
  EXPECT_TRUE(allowed("alice", "10.0.0.1")) << "counts from the beginning";
}

TEST_F(LoginLimitsTest, OneAddressAndAnyAccount) {
  for (int i = 0; i < 5; ++i) fail("account" + std::to_string(i), "10.0.0.1", 1);
  EXPECT_FALSE(allowed("alice", "10.0.0.1"));
  EXPECT_TRUE(allowed("alice", "10.0.0.2"));
}

TEST_F(LoginLimitsTest, OneAccountFromAnyAddress) {
  for (int i = 0; i < 7; ++i) fail("alice", "10.0.1." + std::to_string(i), 1);
  EXPECT_FALSE(allowed("alice", "10.0.0.9"));
  EXPECT_TRUE(allowed("bob", "10.0.0.9"));
}

TEST_F(LoginLimitsTest, TheRightPasswordForgives) {
  fail("alice", "10.0.0.1", 2);
  counts.succeeded("alice", make_address("10.0.0.1"));
  fail("alice", "10.0.0.1", 2);
  EXPECT_TRUE(allowed("alice", "10.0.0.1"));
}

TEST_F(LoginLimitsTest, ANetworkOfIpv6IsOneParty) {
  fail("alice", "2001:db8::1", 3);
  EXPECT_FALSE(allowed("alice", "2001:db8::2"));
  EXPECT_TRUE(allowed("alice", "2001:db8:0:1::1"));
}

TEST_F(LoginLimitsTest, DoNotGrowForEver) {
  for (int i = 0; i < 25'000; ++i) fail("account" + std::to_string(i), "10.0.0.1", 1);
  EXPECT_LE(counts.size(), 20'000u);
  EXPECT_FALSE(allowed("alice", "10.0.0.1"));
}

}  // namespace
}  // namespace deskcheck::server::identity
