// What an operator chooses: his own network, the list of servers, the download.
#include "reference-server/rendezvous/desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const auto kInside = net::endpoint("192.168.1.5", 5000);
const auto kInsideToo = net::endpoint("192.168.1.6", 700);
const auto kOutside = host(2, 700);
const std::string kRequest = "punch_hole_request {id: '123456789' nat_type: ASYMMETRIC}";

Options with_network() {
  Options options;
  options.lan = boost::asio::ip::make_network_v4("192.168.1.0/24");
  options.lan_relay = "192.168.1.1";
  options.relay_servers = {"r1", "r2"};
  return options;
}

TEST(OwnNetwork, ForcesARelayBetweenInsideAndOutside) {
  Desk desk(with_network());
  desk.udp(kInside, register_pk("123456789"));
  EXPECT_EQ(desk.tcp(1, kOutside, kRequest),
            "192.168.1.5:5000 <- punch_hole {socket_addr: 10.0.0.2:700, relay_server: "
            "\"192.168.1.1\", nat_type: SYMMETRIC}");
  desk.udp(kOutside, register_pk("987654321"));
  EXPECT_EQ(desk.tcp(2, kInsideToo, "punch_hole_request {id: '987654321'}"),
            "10.0.0.2:700 <- punch_hole {socket_addr: 192.168.1.6:700, relay_server: \"r2\", "
            "nat_type: SYMMETRIC}");
}

TEST(OwnNetwork, IsOneLan) {
  Desk desk(with_network());
  desk.udp(kInside, register_pk("123456789"));
  EXPECT_EQ(desk.tcp(1, kInsideToo, kRequest),
            "192.168.1.5:5000 <- fetch_local_addr {socket_addr: 192.168.1.6:700, relay_server: "
            "\"r1\"}");
  desk.command("aur Y");
  EXPECT_THAT(desk.tcp(1, kInsideToo, kRequest), HasSubstr("punch_hole {"));
}

TEST(OwnNetwork, OutsidersAskEachOtherAsEver) {
  Desk desk(with_network());
  desk.udp(host(1, 5000), register_pk("123456789"));
  EXPECT_EQ(desk.tcp(1, kOutside, kRequest),
            "10.0.0.1:5000 <- punch_hole {socket_addr: 10.0.0.2:700, relay_server: \"r1\", "
            "nat_type: ASYMMETRIC}");
}

TEST(OwnNetwork, EachSideGetsARelayThatItReaches) {
  const struct {
    net::Endpoint requester;
    const char* chosen;
    std::string then;
  } kTable[] = {{kInsideToo, "r9", "192.168.1.1"},
                {kOutside, "192.168.1.1", "r2"},
                {kOutside, "r9", "r9"},
                {kInsideToo, "", ""}};
  for (const auto& row : kTable) {
    Desk desk(with_network());
    desk.udp(kInside, register_pk("123456789"));
    desk.tcp(1, row.requester, kRequest);
    const auto answer =
        to(row.requester, "relay_response {id: '123456789' uuid: 'u' relay_server: '" +
                              std::string(row.chosen) + "'}");
    const auto delivered = desk.tcp(2, kInside, answer);
    if (row.then.empty())
      EXPECT_THAT(delivered, Not(HasSubstr("relay_server")));
    else
      EXPECT_THAT(delivered, HasSubstr("relay_server: \"" + row.then + "\""));
  }
}

const auto kLoopback = net::endpoint("127.0.0.1", 9);
const std::string kPush =
    "10.0.0.1:5000 <- register_peer_response {request_pk: true}; 10.0.0.1:5000 <- "
    "configure_update ";

TEST(ConfigureUpdate, ReplacesTheListFromLoopbackOnly) {
  Options options;
  options.serial = 4;
  options.rendezvous_servers = {"old"};
  Desk desk(options);
  const std::string question = "register_peer {id: '123456789' serial: 3}";
  const auto device = host(1, 5000);
  const std::string update =
      "configure_update {serial: 5 rendezvous_servers: 'a' "
      "rendezvous_servers: '' rendezvous_servers: 'b'}";
  EXPECT_EQ(desk.udp(host(9, 9), update), "");
  EXPECT_EQ(desk.udp(kLoopback, "configure_update {serial: 4 rendezvous_servers: 'x'}"), "");
  EXPECT_THAT(desk.udp(device, question), HasSubstr("[\"old\"]"));
  EXPECT_EQ(desk.udp(kLoopback, update), "");
  EXPECT_THAT(desk.udp(device, question),
              HasSubstr("{serial: 5, rendezvous_servers: [\"a\", \"b\"]}"));
  EXPECT_EQ(desk.udp(kLoopback, "configure_update {serial: 5 rendezvous_servers: 'x'}"), "");
  EXPECT_THAT(desk.tcp(1, device, "test_nat_request {serial: 4}"), HasSubstr("\"b\""));
  EXPECT_THAT(desk.tcp(1, device, "test_nat_request {serial: 5}"), Not(HasSubstr("cu")));
  EXPECT_EQ(desk.tcp(2, kLoopback, "configure_update {serial: 9}"), "#2 closes");
}

TEST(SoftwareUpdate, IsOfferedToOtherVersions) {
  const struct {
    const char* url;
    const char* version;
  } kTable[] = {{"https://x/rustdesk-1.2.3.exe", "1.2.3"},
                {"https://x/rustdesk-1.2.3", "1.2.3"},
                {"https://x/rustdesk-nightly", "nightly"}};
  for (const auto& row : kTable) {
    Options options;
    options.software_url = row.url;
    Desk desk(options);
    const auto ask = [&](const std::string& version) {
      return desk.udp(host(1, 5000), "software_update {url: '" + version + "'}");
    };
    EXPECT_EQ(ask(row.version), "");
    EXPECT_EQ(ask("1.0"),
              "10.0.0.1:5000 <- software_update {url: \"" + std::string(row.url) + "\"}");
  }
  for (const char* url : {"", "https://x/rustdesk.exe"}) {
    Options options;
    options.software_url = url;
    EXPECT_EQ(Desk(options).udp(host(1, 5000), "software_update {url: '1'}"), "");
  }
}

}  // namespace
}  // namespace deskcheck::server
