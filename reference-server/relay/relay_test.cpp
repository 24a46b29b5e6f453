#include "reference-server/relay/relay.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

hbb::RendezvousMessage party(const std::string& uuid, const std::string& key = "") {
  hbb::RendezvousMessage message;
  message.mutable_request_relay()->set_uuid(uuid);
  message.mutable_request_relay()->set_licence_key(key);
  return message;
}

class RelayTest : public ::testing::Test {
 protected:
  // "refused", "waits", or the partner.
  std::string first(ConnectionId connection, const hbb::RendezvousMessage& message) {
    const auto decision = relay.on_first(message, connection, now);
    if (decision.kind == Relay::Decision::Kind::refuse) return "refused";
    if (decision.kind == Relay::Decision::Kind::wait) return "waits";
    return "joins " + std::to_string(decision.partner);
  }
  Options options;
  Relay relay{options};
  net::Time now{};
};

TEST_F(RelayTest, JoinsTwoOfOneUuid) {
  EXPECT_EQ(first(1, party("x")), "waits");
  EXPECT_EQ(first(2, party("y")), "waits");
  EXPECT_EQ(first(3, party("x")), "joins 1");
  EXPECT_EQ(first(4, party("x")), "waits") << "a third one begins anew";
  EXPECT_EQ(first(5, party("y")), "joins 2");
}

TEST_F(RelayTest, RefusesWhatIsNoRequest) {
  hbb::RendezvousMessage other;
  EXPECT_EQ(first(1, other), "refused");
  other.mutable_relay_response()->set_uuid("x");
  EXPECT_EQ(first(1, other), "refused");
  EXPECT_EQ(first(1, party("")), "refused");
}

TEST_F(RelayTest, AsksForItsOwnKey) {
  options.licence_key = "another matter";
  EXPECT_EQ(first(1, party("w", "any")), "waits");
  options.relay_licence_key = "key";
  EXPECT_EQ(first(2, party("x", "key")), "waits");
  EXPECT_EQ(first(3, party("x", "Key")), "refused");
  EXPECT_EQ(first(3, party("x")), "refused");
  EXPECT_EQ(first(4, party("x", "key")), "joins 2") << "a refused party evicts nobody";
}

TEST_F(RelayTest, LetsNobodyWaitForLongerThan30Seconds) {
  EXPECT_EQ(relay.next_expiry(), net::Time::max());
  first(1, party("x"));
  now += 10s;
  first(2, party("y"));
  first(3, party("x"));
  first(4, party("x"));
  EXPECT_EQ(relay.next_expiry(), net::Time(30s));
  EXPECT_THAT(relay.expire(net::Time(30s)), IsEmpty()) << "1 has been joined, 4 has time";
  EXPECT_EQ(relay.next_expiry(), net::Time(40s));
  EXPECT_THAT(relay.expire(net::Time(40s - 1ns)), IsEmpty());
  EXPECT_THAT(relay.expire(net::Time(40s)), ElementsAre(2, 4));
  EXPECT_EQ(relay.next_expiry(), net::Time::max());
  EXPECT_EQ(first(5, party("x")), "waits");
}

}  // namespace
}  // namespace deskcheck::server
