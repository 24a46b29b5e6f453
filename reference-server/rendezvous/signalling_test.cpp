#include "proto/wire/identity.hpp"
#include "reference-server/rendezvous/desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

const auto kDevice = host(1, 5000);
const auto kAnswering = host(1, 6000);  // the device's own connection for its answer
const auto kController = host(2, 700);
const auto kNeighbour = host(1, 700);  // a controller with the address of the device
const std::string kRequest = "punch_hole_request {id: '123456789' nat_type: ASYMMETRIC}";
const std::string kPunch =
    "10.0.0.1:5000 <- punch_hole {socket_addr: 10.0.0.2:700, nat_type: ASYMMETRIC}";

// A server with one online device.
Desk with_device(Options options = {}) {
  Desk desk(std::move(options));
  desk.udp(kDevice, register_pk("123456789"));
  return desk;
}

Options signing() {
  Options options;
  options.identity = wire::key_pair_from_seed({});
  return options;
}

TEST(PunchHoleRequest, IsRefused) {
  const struct {
    const char* given;
    const char* licence_key;
    std::string when;
    std::string then;
  } kTable[] = {
      {"unknown id", "", "punch_hole_request {id: 'nobody'}", "ID_NOT_EXIST"},
      {"no id", "", "punch_hole_request {}", "ID_NOT_EXIST"},
      {"another case", "", "punch_hole_request {id: 'ABCDEFG'}", "ID_NOT_EXIST"},
      {"offline", "", "punch_hole_request {id: 'abcdefg'}", "OFFLINE"},
      {"no licence key", "key", kRequest, "LICENSE_MISMATCH"},
      {"other licence key", "key", "punch_hole_request {id: '123456789' licence_key: 'Key'}",
       "LICENSE_MISMATCH"},
      {"licence before lookup", "key", "punch_hole_request {id: 'nobody'}", "LICENSE_MISMATCH"},
  };
  for (const auto& row : kTable) {
    Options options;
    options.licence_key = row.licence_key;
    Desk desk(options);
    desk.udp(kDevice, register_pk("abcdefg"));
    desk.now += 30s;
    desk.udp(kDevice, register_pk("123456789"));
    EXPECT_EQ(desk.tcp(1, kController, row.when),
              "#1 <- punch_hole_response {failure: " + row.then + "}")
        << row.given;
  }
}

TEST(PunchHoleRequest, IsServedWithTheRightKeyOrWithoutNeedOfOne) {
  Options options;
  auto desk = with_device(options);
  EXPECT_EQ(desk.tcp(1, kController, kRequest), kPunch);
  EXPECT_EQ(
      desk.tcp(1, kController,
               "punch_hole_request {id: '123456789' licence_key: 'any' nat_type: ASYMMETRIC}"),
      kPunch);
  options.licence_key = "key";
  auto locked = with_device(options);
  EXPECT_EQ(
      locked.tcp(1, kController,
                 "punch_hole_request {id: '123456789' licence_key: 'key' nat_type: ASYMMETRIC}"),
      kPunch);
}

TEST(PunchHoleRequest, ReachesTheDeviceInTheRightForm) {
  const std::string to_device = "10.0.0.1:5000 <- ";
  const struct {
    const char* given;
    bool always_use_relay;
    net::Endpoint from;
    std::string fields;
    std::string then;
  } kTable[] = {
      {"other address", false, kController, "nat_type: SYMMETRIC",
       "punch_hole {socket_addr: 10.0.0.2:700, nat_type: SYMMETRIC}"},
      {"nat type of tomorrow", false, kController, "nat_type: 77",
       "punch_hole {socket_addr: 10.0.0.2:700, nat_type: 77}"},
      {"always relay", true, kController, "nat_type: ASYMMETRIC",
       "punch_hole {socket_addr: 10.0.0.2:700, nat_type: SYMMETRIC}"},
      {"forced relay", false, kController, "force_relay: true",
       "punch_hole {socket_addr: 10.0.0.2:700, nat_type: SYMMETRIC, force_relay: true}"},
      {"same address", false, kNeighbour, "nat_type: SYMMETRIC",
       "fetch_local_addr {socket_addr: 10.0.0.1:700}"},
      {"same address, always relay", true, kNeighbour, "",
       "punch_hole {socket_addr: 10.0.0.1:700, nat_type: SYMMETRIC}"},
      {"same address, forced relay", false, kNeighbour, "force_relay: true",
       "punch_hole {socket_addr: 10.0.0.1:700, nat_type: SYMMETRIC, force_relay: true}"},
  };
  for (const auto& row : kTable) {
    Options options;
    options.always_use_relay = row.always_use_relay;
    auto desk = with_device(options);
    auto request = message("punch_hole_request {id: '123456789'}");
    if (row.fields == "nat_type: 77")
      request.mutable_punch_hole_request()->set_nat_type(static_cast<hbb::NatType>(77));
    else
      request.MergeFrom(message("punch_hole_request {" + row.fields + "}"));
    EXPECT_EQ(desk.tcp(1, row.from, request), to_device + row.then) << row.given;
  }
}

TEST(PunchHoleRequest, CarriesTheAddressOfIPv6) {
  auto desk = with_device();
  const auto v6 = wire::encode_address(net::endpoint("2001:db8::1", 9), 0);
  auto request = message(kRequest);
  request.mutable_punch_hole_request()->set_socket_addr_v6(v6);
  const auto pushed = desk.tcp(1, kController, request);
  EXPECT_NE(pushed.find("socket_addr_v6: [2001:db8::1]:9"), std::string::npos) << pushed;
  auto answer = to(kController, "punch_hole_sent {id: '123456789'}");
  answer.mutable_punch_hole_sent()->set_socket_addr_v6(v6);
  const auto delivered = desk.tcp(2, kAnswering, answer);
  EXPECT_NE(delivered.find("socket_addr_v6: [2001:db8::1]:9"), std::string::npos) << delivered;
}

TEST(PunchHoleRequest, ProposesTheRelaysInTurn) {
  Options options;
  options.relay_servers = {"r1", "r2:5"};
  auto desk = with_device(options);
  for (const char* relay : {"r1", "r2:5", "r1"}) {
    const auto pushed = desk.tcp(1, kController, kRequest);
    EXPECT_NE(pushed.find(std::string("relay_server: \"") + relay + "\""), std::string::npos)
        << pushed;
  }
}

TEST(PunchHoleSent, IsDeliveredOncePerRequest) {
  auto desk = with_device();
  const auto answer = to(kController, "punch_hole_sent {id: '123456789' relay_server: 'r'}");
  const std::string delivered =
      "#1 <- punch_hole_response {socket_addr: 10.0.0.1:6000, relay_server: \"r\", "
      "nat_type: UNKNOWN_NAT}; #2 closes";
  EXPECT_EQ(desk.tcp(2, kAnswering, answer), "#2 closes") << "nobody has asked";
  desk.tcp(1, kController, kRequest);
  EXPECT_EQ(desk.tcp(1, kController, kRequest), kPunch) << "a repeat is forwarded again";
  EXPECT_EQ(desk.tcp(2, kAnswering, answer), delivered);
  EXPECT_EQ(desk.tcp(2, kAnswering, answer), "#2 closes");
  desk.tcp(1, kController, kRequest);
  EXPECT_EQ(desk.tcp(2, kAnswering, answer), delivered) << "a new request gets a new answer";
}

TEST(PunchHoleSent, CountsOnlyFromTheDeviceThatWasAsked) {
  auto desk = with_device();
  desk.udp(kDevice, register_pk("stranger"));
  desk.tcp(1, kController, kRequest);
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "punch_hole_sent {id: 'stranger'}")),
            "#2 closes");
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "punch_hole_sent {}")), "#2 closes");
  EXPECT_EQ(desk.tcp(2, kAnswering, to(host(2, 701), "punch_hole_sent {id: '123456789'}")),
            "#2 closes");
  EXPECT_EQ(desk.tcp(2, kAnswering, message("punch_hole_sent {id: '123456789'}")), "#2 closes");
  EXPECT_EQ(desk.udp(kDevice, to(kController, "punch_hole_sent {id: '123456789'}")), "");
  EXPECT_EQ(desk.udp(kDevice, to(kController, "local_addr {id: '123456789'}")), "");
  desk.logic().closed(1);
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "punch_hole_sent {id: '123456789'}")),
            "#2 closes")
      << "the requester has gone";
}

TEST(PunchHoleSent, OfAKnownNatTypeOnlyCarriesIt) {
  const struct {
    int given;
    std::string then;
  } kTable[] = {{0, ", nat_type: UNKNOWN_NAT"}, {2, ", nat_type: SYMMETRIC"}, {77, ""}};
  for (const auto& row : kTable) {
    auto desk = with_device();
    desk.tcp(1, kController, kRequest);
    auto answer = to(kController, "punch_hole_sent {id: '123456789'}");
    answer.mutable_punch_hole_sent()->set_nat_type(static_cast<hbb::NatType>(row.given));
    EXPECT_EQ(desk.tcp(2, kAnswering, answer),
              "#1 <- punch_hole_response {socket_addr: 10.0.0.1:6000" + row.then + "}; #2 closes");
  }
}

TEST(LocalAddr, IsDeliveredUnchanged) {
  auto desk = with_device();
  desk.tcp(1, kNeighbour, kRequest);
  const std::string exactly = wire::encode_address(net::endpoint("192.168.0.5", 5), 7);
  auto answer = to(kNeighbour, "local_addr {id: '123456789' relay_server: 'r'}");
  answer.mutable_local_addr()->set_local_addr(exactly);
  const auto actions = desk.logic().on(answer, {Transport::tcp, kAnswering, 2}, desk.now);
  ASSERT_EQ(actions.size(), 2u);
  const auto& response = std::get<SendFrame>(actions[0]).message.punch_hole_response();
  EXPECT_EQ(std::get<SendFrame>(actions[0]).to, 1u);
  EXPECT_EQ(response.socket_addr(), exactly);
  EXPECT_EQ(response.relay_server(), "r");
  EXPECT_TRUE(response.is_local());
}

TEST(SignedKey, IsGivenForTheDeviceThatReportedItsVersion) {
  const struct {
    const char* given;
    bool signs;
    std::string version;
    bool then;
  } kTable[] = {{"all there", true, "1.4.9", true},
                {"no version", true, "", false},
                {"no identity", false, "1.4.9", false}};
  for (const auto& row : kTable) {
    auto desk = with_device(row.signs ? signing() : Options());
    for (const std::string kind : {"punch_hole_sent", "local_addr", "relay_response"}) {
      desk.tcp(1, kController, kRequest);
      const auto answer =
          to(kController, kind + " {id: '123456789' version: '" + row.version + "'}");
      const auto actions = desk.logic().on(answer, {Transport::tcp, kAnswering, 2}, desk.now);
      const auto& sent = std::get<SendFrame>(actions[0]).message;
      const auto& pk =
          kind == "relay_response" ? sent.relay_response().pk() : sent.punch_hole_response().pk();
      ASSERT_EQ(!pk.empty(), row.then) << row.given << " " << kind;
      if (pk.empty()) continue;
      const auto identity =
          wire::verify_identity(pk, signing().identity->public_key, "123456789").value();
      EXPECT_EQ(identity.pk(), "0123456789abcdef0123456789abcdef");
    }
  }
}

TEST(RelayResponse, BegunByTheDevice) {
  auto desk = with_device();
  desk.tcp(1, kController, kRequest);
  auto answer = to(kController,
                   "relay_response {id: '123456789' uuid: 'x' relay_server: 'r' version: 'v' "
                   "refuse_reason: 'no' feedback: 3 upnp_port: 4}");
  answer.mutable_relay_response()
      ->GetReflection()
      ->MutableUnknownFields(answer.mutable_relay_response())
      ->AddVarint(99, 1);
  EXPECT_EQ(desk.tcp(2, kAnswering, answer),
            "#1 <- relay_response {uuid: \"x\", relay_server: \"r\", pk: empty, "
            "refuse_reason: \"no\", version: \"v\", feedback: 3, upnp_port: 4, "
            "unknown field 99: 1}; #2 closes");
  EXPECT_EQ(desk.tcp(2, kAnswering, answer), "#2 closes");
}

TEST(RequestRelay, ReachesTheDeviceWithEverythingInIt) {
  Options options;
  options.licence_key = "key";
  auto desk = with_device(options);
  EXPECT_EQ(desk.tcp(1, kController,
                     "request_relay {id: '123456789' uuid: 'x' relay_server: 'r' secure: true "
                     "conn_type: RDP token: 't' switch_code: 's'}"),
            "10.0.0.1:5000 <- request_relay {id: \"123456789\", uuid: \"x\", "
            "socket_addr: 10.0.0.2:700, relay_server: \"r\", secure: true, conn_type: RDP, "
            "token: \"t\", switch_code: \"s\"}");
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "punch_hole_sent {id: '123456789'}")),
            "#2 closes")
      << "not what was asked";
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "relay_response {version: '1'}")),
            "#1 <- relay_response {version: \"1\"}; #2 closes");
  EXPECT_EQ(desk.tcp(2, kAnswering, to(kController, "relay_response {version: '1'}")), "#2 closes");
}

TEST(RequestRelay, IsRefusedAloud) {
  auto desk = with_device();
  EXPECT_EQ(desk.tcp(1, kController, "request_relay {id: 'nobody' uuid: 'x'}"),
            "#1 <- relay_response {refuse_reason: \"ID does not exist\"}");
  desk.now += 30s;
  EXPECT_EQ(desk.tcp(1, kController, "request_relay {id: '123456789' uuid: 'x'}"),
            "#1 <- relay_response {refuse_reason: \"Remote desktop is offline\"}");
}

// Frames can be longer than what UDP carries to the device, which would then hear nothing.
TEST(RequestRelay, IsRefusedIfItFitsNoDatagram) {
  auto desk = with_device();
  auto request = message("request_relay {id: '123456789' uuid: 'x'}");
  request.mutable_request_relay()->set_token(std::string(kLongestDatagram, 't'));
  EXPECT_EQ(desk.tcp(1, kController, request),
            "#1 <- relay_response {refuse_reason: \"The request is too long\"}");
  request.mutable_request_relay()->mutable_token()->resize(65'000);
  EXPECT_THAT(desk.tcp(1, kController, request), testing::HasSubstr(" <- request_relay {"));
}

TEST(PunchHoleRequest, IsRefusedIfItFitsNoDatagram) {
  auto desk = with_device();
  auto request = message(kRequest);
  request.mutable_punch_hole_request()->set_socket_addr_v6(std::string(kLongestDatagram, 'v'));
  EXPECT_EQ(desk.tcp(1, kController, request),
            "#1 <- punch_hole_response {other_failure: \"The request is too long\"}");
}

TEST(TestNat, TellsTheSourcePort) {
  Options options;
  options.serial = 4;
  Desk desk(options);
  EXPECT_EQ(desk.tcp(1, kController, "test_nat_request {serial: 4}"),
            "#1 <- test_nat_response {port: 700}; #1 closes");
  EXPECT_EQ(desk.tcp(1, kController, "test_nat_request {serial: 3}"),
            "#1 <- test_nat_response {port: 700, cu: {serial: 4}}; #1 closes");
  EXPECT_EQ(desk.nat(1, kController, "test_nat_request {serial: 3}"),
            "#1 <- test_nat_response {port: 700}; #1 closes");
}

TEST(OnlineRequest, HasOneBitPerPeer) {
  auto desk = with_device();
  const std::string me = "peers: '123456789' ", other = "peers: 'x' ";
  const struct {
    std::string peers;
    std::string states;
  } kTable[] = {
      {"", ""},
      {me, "\x80"},
      {other + me, "\x40"},
      {other + other + other + other + other + other + other + me, "\x01"},
      {other + other + other + other + other + other + other + other, std::string(1, '\0')},
      {me + me + other + other + other + other + other + other + me, "\xC0\x80"},
  };
  for (const auto& row : kTable)
    for (const auto transport : {Transport::tcp_nat, Transport::tcp}) {
      const auto actions = desk.logic().on(message("online_request {" + row.peers + "}"),
                                           {transport, kController, 1}, desk.now);
      ASSERT_EQ(actions.size(), 2u);
      const auto& response = std::get<SendFrame>(actions[0]).message.online_response();
      EXPECT_EQ(response.states(), row.states) << row.peers;
    }
  desk.now += 30s;
  EXPECT_EQ(desk.nat(1, kController, "online_request {" + me + "}"),
            "#1 <- online_response {states: 1 byte 00}; #1 closes");
}

TEST(Connections, EndWithoutAWordAfterWhatIsNotServed) {
  auto desk = with_device();
  for (const char* text :
       {"", "register_peer_response {}", "register_pk_response {}", "punch_hole {}",
        "punch_hole_response {}", "fetch_local_addr {}", "online_response {}", "key_exchange {}",
        "hc {token: 't'}", "http_proxy_response {}", "peer_discovery {cmd: 'ping'}",
        "test_nat_response {}", "software_update {}", "configure_update {serial: 99}",
        "register_peer {id: '123456789'}"}) {
    EXPECT_EQ(desk.tcp(1, kController, text), "#1 closes") << text;
    EXPECT_EQ(desk.nat(1, kController, text), "#1 closes") << text;
  }
  for (const std::string& text : {kRequest, std::string("request_relay {id: '123456789'}"),
                                  register_pk("123456789"), std::string("punch_hole_sent {}"),
                                  std::string("local_addr {}"), std::string("relay_response {}")})
    EXPECT_EQ(desk.nat(1, kController, text), "#1 closes") << text;
  EXPECT_EQ(describe(desk.logic().on_unparsable({Transport::tcp, kController, 1})), "#1 closes");
}

TEST(MalformedAddresses, NameNobody) {
  auto desk = with_device();
  desk.tcp(1, kController, kRequest);
  for (std::size_t length = 0; length < 40; ++length)
    for (const char fill : {'\0', 'x', '\xff'})
      for (const std::string kind : {"punch_hole_sent", "local_addr", "relay_response"}) {
        auto answer = message(kind + " {id: '123456789'}");
        const std::string garbage(length, fill);
        if (kind == "punch_hole_sent") answer.mutable_punch_hole_sent()->set_socket_addr(garbage);
        if (kind == "local_addr") answer.mutable_local_addr()->set_socket_addr(garbage);
        if (kind == "relay_response") answer.mutable_relay_response()->set_socket_addr(garbage);
        EXPECT_EQ(desk.tcp(2, kAnswering, answer), "#2 closes");
      }
}

}  // namespace
}  // namespace deskcheck::server
