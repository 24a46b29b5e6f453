// The fields of punching that the open-source server does not know: UDP, IPv6, forced relay, rules.
#include "reference-server/rendezvous/desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const auto kDevice = host(1, 5000);
const auto kItsOther = host(1, 5001);  // the UDP socket from which it punches
const auto kController = host(2, 700);
const std::string kWithPort = "punch_hole_request {id: '123456789' udp_port: 4711}";
const std::string kWithout = "punch_hole_request {id: '123456789'}";

Desk with_device(Options options = {}) {
  Desk desk(std::move(options));
  desk.udp(kDevice, register_pk("123456789"));
  return desk;
}

hbb::RendezvousMessage sent(const std::string& id = "123456789") {
  return to(kController, "punch_hole_sent {id: '" + id + "' relay_server: 'r'}");
}

TEST(UdpPunch, GoesFromPortToPort) {
  auto desk = with_device();
  EXPECT_EQ(desk.tcp(1, kController, kWithPort),
            "10.0.0.1:5000 <- punch_hole {socket_addr: 10.0.0.2:700, udp_port: 4711}");
  EXPECT_EQ(desk.udp(kItsOther, sent()),
            "#1 <- punch_hole_response {socket_addr: 10.0.0.1:5001, relay_server: \"r\", nat_type: "
            "UNKNOWN_NAT, is_udp: true}");
  for (int again = 0; again < 2; ++again) EXPECT_EQ(desk.udp(kItsOther, sent()), "");
}

TEST(UdpPunch, ADatagramIsBelievedOnlyFromWhoWasToldTo) {
  auto desk = with_device();
  EXPECT_EQ(desk.udp(kItsOther, sent()), "");
  desk.tcp(1, kController, kWithout);
  EXPECT_EQ(desk.udp(kItsOther, sent()), "");
  EXPECT_THAT(desk.tcp(2, host(1, 6000), sent()), HasSubstr("#1 <- punch_hole_response"));
  desk.tcp(1, kController, kWithPort);
  EXPECT_EQ(desk.udp(kItsOther, sent("987654321")), "");
  desk.tcp(1, kController, kWithout);
  EXPECT_EQ(desk.udp(kItsOther, sent()), "") << "the last question counts";
  desk.tcp(1, kController, kWithPort);
  EXPECT_THAT(desk.tcp(2, host(1, 6000), sent()), Not(HasSubstr("is_udp")));
}

TEST(UdpPunch, IsNotForForcedRelaysNorForPortsThatAreNone) {
  for (const char* fields :
       {"udp_port: 4711 force_relay: true", "udp_port: 65536", "udp_port: -1"}) {
    auto desk = with_device();
    EXPECT_THAT(desk.tcp(1, kController,
                         "punch_hole_request {id: '123456789' " + std::string(fields) + "}"),
                Not(HasSubstr("udp_port")));
    EXPECT_EQ(desk.udp(kItsOther, sent()), "");
  }
}

TEST(UdpNatTest, TellsThePort) {
  Options options;
  options.serial = 9;
  Desk desk(options);
  EXPECT_EQ(desk.udp(kDevice, "test_nat_request {}"),
            "10.0.0.1:5000 <- test_nat_response {port: 5000}");
}

TEST(Rules, AreTheOperators) {
  Options options;
  options.control_permissions = 6;
  options.audit_reference = "session 1";
  auto desk = with_device(options);
  const std::string rules =
      "control_permissions: {permissions: 6}, controlled_context: {conn_audit_ref: \"session 1\"}";
  EXPECT_THAT(desk.tcp(1, kController, kWithout), HasSubstr(rules));
  EXPECT_THAT(desk.tcp(1, host(1, 700), kWithout), HasSubstr(rules));
  const std::string relay =
      "request_relay {id: '123456789' uuid: 'u' control_permissions {permissions: 1}}";
  EXPECT_THAT(desk.tcp(1, kController, relay), HasSubstr(rules));
  auto without = with_device();
  EXPECT_THAT(without.tcp(1, kController, relay), Not(HasSubstr("control_permissions")));
}

TEST(OpenSourceServer, KnowsNoneOfIt) {
  Options options;
  options.profile = Profile::oss;
  options.control_permissions = 6;
  auto desk = with_device(options);
  EXPECT_EQ(desk.tcp(1, kController,
                     "punch_hole_request {id: '123456789' udp_port: 1 force_relay: true "
                     "socket_addr_v6: 'x'}"),
            "10.0.0.1:5000 <- punch_hole {socket_addr: 10.0.0.2:700}");
  EXPECT_EQ(desk.udp(kItsOther, sent()), "");
  EXPECT_EQ(desk.udp(kDevice, "test_nat_request {}"), "");
  EXPECT_EQ(desk.tcp(5, kController, "online_request {peers: '123456789'}"), "#5 closes");
}

TEST(OpenSourceServer, AnswersOncePerConnectionWhoeverAnswers) {
  Options options;
  options.profile = Profile::oss;
  auto desk = with_device(options);
  desk.tcp(1, kController, kWithout);
  EXPECT_THAT(desk.tcp(2, host(9, 1), sent("another id")), HasSubstr("#1 <- punch_hole_response"));
  EXPECT_THAT(desk.tcp(1, kController, kWithout), HasSubstr("10.0.0.1:5000 <- punch_hole"));
  EXPECT_EQ(desk.tcp(3, host(1, 6000), sent()), "#3 closes");
  EXPECT_EQ(desk.tcp(1, kController, "punch_hole_request {id: 'nobody'}"), "");
}

TEST(OpenSourceServer, ForwardsRelayRequestsToWhoeverItRemembers) {
  Options options;
  options.profile = Profile::oss;
  auto desk = with_device(options);
  EXPECT_EQ(desk.tcp(1, kController, "request_relay {id: 'nobody'}"), "");
  desk.now += 1h;
  EXPECT_THAT(desk.tcp(2, kController, "request_relay {id: '123456789'}"),
              HasSubstr("10.0.0.1:5000 <- request_relay"));
}

TEST(OpenSourceServer, IsNotOnlineAgainByTheSameRegistration) {
  Options options;
  options.profile = Profile::oss;
  auto desk = with_device(options);
  desk.restart();
  desk.udp(kDevice, register_pk("123456789"));
  EXPECT_THAT(desk.tcp(1, kController, kWithout), HasSubstr("OFFLINE"));
}

}  // namespace
}  // namespace deskcheck::server
