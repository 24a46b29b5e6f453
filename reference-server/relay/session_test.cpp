#include "reference-server/relay/session.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server {
namespace {

using namespace std::chrono_literals;

double seconds(net::Duration duration) { return std::chrono::duration<double>(duration).count(); }

TEST(TokenBucket, LetsATenthOfASecondPassAtOnceAndThenKeepsTheRate) {
  net::Time now{1h};
  TokenBucket bucket(8);  // 1 MiB per second
  EXPECT_EQ(bucket.take(100 * 1024, now), 0ns);
  EXPECT_NEAR(seconds(bucket.take(1 << 20, now)), 0.9977, 0.001);
  EXPECT_NEAR(seconds(bucket.take(1 << 20, now)), 1.9977, 0.001) << "a debt";
  now += 2s;
  EXPECT_EQ(bucket.take(0, now), 0ns);
  now += 1h;
  EXPECT_NEAR(seconds(bucket.take(1 << 20, now)), 0.9, 0.001) << "nothing is saved up";
  bucket.set_rate(80);
  EXPECT_NEAR(seconds(bucket.take(1 << 20, now + 100ms)), 0.08, 0.01);
}

class RelaySessionTest : public ::testing::Test {
 protected:
  RelaySession& session() {
    if (!session_)
      session_.emplace(settings, total, net::endpoint("10.0.0.1", 1), net::endpoint("10.0.0.2", 2),
                       now, wrong);
    return *session_;
  }
  // Mb/s that the session gets through, sending for `time`.
  double speed(net::Duration time) {
    const auto begin = now;
    double bits = 0;
    while (now - begin < time) {
      now += session().pass(64 * 1024, now);
      bits += 8.0 * 64 * 1024;
    }
    return bits / seconds(now - begin) / 1024 / 1024;
  }
  Options options;
  RelaySettings settings{options};
  TokenBucket total{1024};
  WrongPolicies wrong;
  net::Time now{1h};

 private:
  std::optional<RelaySession> session_;
};

TEST_F(RelaySessionTest, KeepsTheLimitOfItsBegin) {
  EXPECT_NEAR(speed(20s), 128, 2);
  settings.limits.session = 1;
  EXPECT_NEAR(speed(20s), 128, 2);
}

TEST_F(RelaySessionTest, KeepsTheTotalLimitAtOnce) {
  settings.limits.total = 16;
  EXPECT_NEAR(speed(20s), 16, 1);
  settings.limits.total = 64;
  EXPECT_NEAR(speed(20s), 64, 1);
}

TEST_F(RelaySessionTest, SharesTheTotalLimit) {
  settings.limits.total = 16;
  RelaySession other(settings, total, net::endpoint("10.0.0.3", 1), net::endpoint("10.0.0.4", 2),
                     now, wrong);
  const auto first = session().pass(1 << 20, now);
  const auto second = other.pass(1 << 20, now);
  EXPECT_NEAR(seconds(first), 0.4, 0.01);
  EXPECT_NEAR(seconds(second), 0.9, 0.01);
}

TEST_F(RelaySessionTest, IsSlowWhileAPartyIsInTheBlacklist) {
  for (const char* address : {"10.0.0.1", "::ffff:10.0.0.2"}) {
    settings.blacklist.add(address);
    speed(2s);
    EXPECT_NEAR(speed(20s), 32, 1) << address;
    settings.blacklist.clear();
    speed(2s);
    EXPECT_NEAR(speed(20s), 128, 4) << address;
  }
  EXPECT_FALSE(session().blocked());
  settings.blocklist.add("10.0.0.2");
  EXPECT_TRUE(session().blocked());
}

TEST_F(RelaySessionTest, IsDowngradedForGood) {
  settings.limits.downgrade_after = 60s;
  EXPECT_NEAR(speed(60s), 128, 2);
  speed(2s);
  EXPECT_NEAR(speed(60s), 32, 1);
  now += 10min;
  EXPECT_NEAR(speed(60s), 32, 1);
}

TEST_F(RelaySessionTest, IsNotDowngradedBelowTheThreshold) {
  settings.limits.downgrade_after = 60s;
  settings.limits.downgrade_at = 1.1;
  EXPECT_NEAR(speed(120s), 128, 2);
}

}  // namespace
}  // namespace deskcheck::server
