#include "reference-server/rendezvous/desk.hpp"

namespace deskcheck::server {
namespace {

const auto kHere = host(1, 5000);
const auto kNewPort = host(1, 5001);
const auto kThere = host(2, 5000);
const std::string kPeer = "register_peer {id: '123456789' serial: 3}";
const std::string kRequest = "punch_hole_request {id: '123456789'}";
const std::string kOtherKey = std::string(32, 'n');

std::string ok(const net::Endpoint& to) {
  return net::to_string(to) + " <- register_pk_response {result: OK}";
}
std::string refused(const net::Endpoint& to, const std::string& result) {
  return net::to_string(to) + " <- register_pk_response {result: " + result + "}";
}
std::string request_pk(const net::Endpoint& to, bool value) {
  return net::to_string(to) +
         " <- register_peer_response {request_pk: " + (value ? "true" : "false") + "}";
}
// Where a push goes, or the failure.
std::string path_to(Desk& desk, const std::string& id = "123456789") {
  const auto text = desk.tcp(9, host(9, 900), "punch_hole_request {id: '" + id + "'}");
  return text.substr(0, text.find(" <- punch_hole {"));
}

TEST(RegisterPeer, OfUnknownIdAsksForTheKeyAndCreatesNothing) {
  Desk desk;
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, true));
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, true));
  EXPECT_EQ(path_to(desk), "#9 <- punch_hole_response {failure: ID_NOT_EXIST}");
}

TEST(RegisterPeer, WithoutIdIsNotAnswered) {
  Desk desk;
  EXPECT_EQ(desk.udp(kHere, "register_peer {serial: 3}"), "");
}

TEST(RegisterPeer, MovesThePortButNotTheAddress) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  EXPECT_EQ(desk.udp(kNewPort, kPeer), request_pk(kNewPort, false));
  EXPECT_EQ(path_to(desk), net::to_string(kNewPort));
  EXPECT_EQ(desk.udp(kThere, kPeer), request_pk(kThere, true));
  EXPECT_EQ(path_to(desk), net::to_string(kNewPort));
  EXPECT_EQ(desk.udp(kThere, register_pk("123456789")), ok(kThere));
  EXPECT_EQ(path_to(desk), net::to_string(kThere));
}

TEST(RegisterPeer, KeepsOnlineForLessThan30Seconds) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  for (int i = 0; i < 10; ++i) {
    desk.now += 15s;
    EXPECT_EQ(path_to(desk), net::to_string(kHere));
    desk.udp(kHere, kPeer);
  }
  desk.now += 30s - 1ns;
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
  desk.now += 1ns;
  EXPECT_EQ(path_to(desk), "#9 <- punch_hole_response {failure: OFFLINE}");
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, false));
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
}

TEST(RegisterPeer, OverTcpEndsTheConnection) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  EXPECT_EQ(desk.tcp(1, kNewPort, kPeer), "#1 closes");
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
}

TEST(RegisterPeer, IsFollowedByANewerConfiguration) {
  Options options;
  options.serial = 4;
  options.rendezvous_servers = {"a.example", "b.example"};
  Desk desk(options);
  EXPECT_EQ(desk.udp(kHere, kPeer),
            request_pk(kHere, true) +
                "; 10.0.0.1:5000 <- configure_update {serial: 4, rendezvous_servers: "
                "[\"a.example\", \"b.example\"]}");
  EXPECT_EQ(desk.udp(kHere, "register_peer {id: '123456789' serial: 4}"), request_pk(kHere, true));
  EXPECT_EQ(desk.udp(kHere, "configure_update {serial: 9}"), "");
  EXPECT_EQ(desk.udp(kHere, "register_peer {id: '123456789' serial: 4}"), request_pk(kHere, true));
}

TEST(RegisterPk, IsRefusedInThisOrder) {
  const struct {
    const char* given;
    std::string when;
    net::Endpoint from;
    std::string then;
  } kTable[] = {
      {"no uuid", register_pk("123456789", ""), kHere, ""},
      {"no pk", register_pk("123456789", "u", ""), kHere, ""},
      {"short id", register_pk("12345"), kHere, refused(kHere, "UUID_MISMATCH")},
      {"six bytes", register_pk("12345\\303\\244"), kHere, ok(kHere)},
      {"foreign uuid", register_pk("123456789", "v"), kHere, refused(kHere, "UUID_MISMATCH")},
      {"foreign uuid and key", register_pk("123456789", "v", "k"), kHere,
       refused(kHere, "UUID_MISMATCH")},
      {"moved, new key", register_pk("123456789", "u", kOtherKey), kThere,
       refused(kThere, "UUID_MISMATCH")},
      {"same data", register_pk("123456789"), kHere, ok(kHere)},
      {"new key", register_pk("123456789", "u", kOtherKey), kHere, ok(kHere)},
      {"moved", register_pk("123456789"), kThere, ok(kThere)},
      {"other case is another id", register_pk("ABCDEFGHI", "v"), kHere, ok(kHere)},
  };
  for (const auto& row : kTable) {
    Desk desk;
    desk.udp(kHere, register_pk("123456789"));
    desk.udp(kHere, register_pk("abcdefghi"));
    EXPECT_EQ(desk.udp(row.from, row.when), row.then) << row.given;
  }
}

TEST(RegisterPk, RefusedChangesNothing) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  desk.udp(kThere, register_pk("123456789", "v", kOtherKey));
  desk.udp(kThere, register_pk("123456789", "u", kOtherKey));
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
  const auto stored = desk.store.find("123456789").value().value();
  EXPECT_EQ(stored.uuid, "u");
  EXPECT_EQ(stored.pk, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(stored.address, "10.0.0.1");
}

TEST(RegisterPk, IsLimitedPerId) {
  Desk desk;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere));
    desk.now += 2s;
  }
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), refused(kHere, "TOO_FREQUENT"));
  EXPECT_EQ(desk.udp(kHere, register_pk("987654321")), ok(kHere));
  desk.now += 5s - 1ns;  // since the last accepted one: 7 s
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), refused(kHere, "TOO_FREQUENT"));
  desk.now += 1ns;
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere));
}

TEST(RegisterPk, IsLimitedPerAddress) {
  Desk desk;
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(desk.udp(kHere, register_pk("device" + std::to_string(i))), ok(kHere)) << i;
  EXPECT_EQ(desk.udp(kNewPort, register_pk("another")), refused(kNewPort, "TOO_FREQUENT"));
  EXPECT_EQ(desk.udp(kThere, register_pk("another")), ok(kThere));
  desk.now += 61s - 1ns;
  EXPECT_EQ(desk.udp(kHere, register_pk("device0")), refused(kHere, "TOO_FREQUENT"));
  desk.now += 1ns;
  EXPECT_EQ(desk.udp(kHere, register_pk("device0")), ok(kHere));
}

TEST(RegisterPk, IsLimitedInIdsPerAddressAndDay) {
  Options options;
  options.limits.ids_per_address = 3;
  Desk desk(options);
  for (int i = 0; i < 3; ++i) desk.udp(kHere, register_pk("device" + std::to_string(i)));
  desk.now += 12h;
  EXPECT_EQ(desk.udp(kHere, register_pk("device3")), refused(kHere, "TOO_FREQUENT"));
  EXPECT_EQ(desk.udp(kHere, register_pk("device0")), ok(kHere));
  desk.now += 12h;
  EXPECT_EQ(desk.udp(kHere, register_pk("device3")), ok(kHere));
}

TEST(RegisterPk, OverPlainTcpIsNotSupported) {
  Desk desk;
  EXPECT_EQ(desk.tcp(1, kHere, register_pk("123456789")),
            "#1 <- register_pk_response {result: NOT_SUPPORT}; #1 closes");
  for (const char* incomplete :
       {"register_pk {id: '123456789' uuid: 'u'}", "register_pk {id: '123456789' pk: 'k'}"})
    EXPECT_EQ(desk.secure(1, kHere, incomplete),
              "#1 <- register_pk_response {result: NOT_SUPPORT}; #1 closes");
}

TEST(RegisterPk, OnAConnectionMakesItThePresence) {
  Options options;
  options.serial = 4;
  Desk desk(options);
  const std::string answered =
      "#1 <- register_pk_response {result: OK, keep_alive: 30}; #1 is kept, 30 s; "
      "#1 <- configure_update {serial: 4}";
  EXPECT_EQ(desk.secure(1, kHere, register_pk("123456789")), answered);
  desk.now += 1h;
  EXPECT_EQ(path_to(desk), "#1");
  EXPECT_EQ(desk.udp(kHere, "register_peer {id: '123456789' serial: 4}"), request_pk(kHere, true))
      << "it is not there over UDP";
  EXPECT_EQ(path_to(desk), "#1");
  EXPECT_EQ(desk.web(2, kHere, register_pk("123456789")).substr(0, 12), "#1 is cut; #");
  desk.logic().closed(1);
  EXPECT_EQ(path_to(desk), "#2");
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), "#2 is cut; " + ok(kHere));
  desk.logic().closed(2);
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
}

TEST(RegisterPk, OfAnotherIdOnAConnectionGivesUpTheFirst) {
  Desk desk;
  desk.web(1, kHere, register_pk("123456789"));
  desk.web(1, kHere, register_pk("987654321"));
  EXPECT_EQ(path_to(desk), "#9 <- punch_hole_response {failure: OFFLINE}");
  EXPECT_EQ(path_to(desk, "987654321"), "#1");
}

TEST(Restart, KnownDevicesAreOfflineUntilTheyRegister) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  desk.restart();
  EXPECT_EQ(path_to(desk), "#9 <- punch_hole_response {failure: OFFLINE}");
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, true));
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789", "v")), refused(kHere, "UUID_MISMATCH"));
  EXPECT_EQ(path_to(desk), "#9 <- punch_hole_response {failure: OFFLINE}");
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere));
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
}

TEST(StorageFailure, IsToldAndChangesNothing) {
  std::vector<std::string> notes;
  Options options;
  options.log = [&](std::string_view note) { notes.emplace_back(note); };
  Desk desk(options);
  desk.udp(kHere, register_pk("123456789"));
  desk.store.fails = true;
  for (int i = 0; i < 5; ++i)  // does not count for the limit per id
    EXPECT_EQ(desk.udp(kThere, register_pk("123456789")), refused(kThere, "SERVER_ERROR"));
  EXPECT_EQ(path_to(desk), net::to_string(kHere));
  EXPECT_EQ(desk.udp(kHere, register_pk("brandnew")), refused(kHere, "SERVER_ERROR"));
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere)) << "nothing to be stored";
  EXPECT_EQ(path_to(desk, "brandnew"),
            "#9 <- punch_hole_response {other_failure: \"The server cannot read its storage\"}");
  desk.store.fails = false;
  ASSERT_FALSE(notes.empty());
  EXPECT_EQ(notes.front(), "cannot write a device: No space left on device");
  EXPECT_EQ(path_to(desk, "brandnew"), "#9 <- punch_hole_response {failure: ID_NOT_EXIST}");
  EXPECT_EQ(desk.udp(kThere, register_pk("123456789")), ok(kThere));
}

TEST(StorageFailure, OfManyAtOnceForgetsThemAll) {
  Desk desk;
  desk.udp(kHere, register_pk("knowndevice"));
  desk.store.fails_to_commit = true;
  desk.logic().begin();
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere));
  EXPECT_FALSE(desk.logic().commit());
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, true));
  EXPECT_EQ(path_to(desk, "knowndevice"), net::to_string(kHere));
  desk.store.fails_to_commit = false;
  desk.logic().begin();
  EXPECT_EQ(desk.udp(kHere, register_pk("123456789")), ok(kHere));
  EXPECT_TRUE(desk.logic().commit());
  EXPECT_EQ(desk.udp(kHere, kPeer), request_pk(kHere, false));
}

TEST(Datagrams, ThatAreNotRegistrationsAreIgnored) {
  Desk desk;
  desk.udp(kHere, register_pk("123456789"));
  for (const char* text : {"",
                           "punch_hole_request {id: '123456789'}",
                           "punch_hole_sent {id: '123456789'}",
                           "local_addr {id: '123456789'}",
                           "request_relay {id: '123456789' uuid: 'x'}",
                           "relay_response {id: '123456789'}",
                           "online_request {peers: 'a'}",
                           "software_update {url: '1'}",
                           "register_peer_response {}",
                           "register_pk_response {}",
                           "punch_hole {}",
                           "punch_hole_response {}",
                           "fetch_local_addr {}",
                           "online_response {}",
                           "key_exchange {}",
                           "hc {token: 't'}",
                           "http_proxy_request {method: 'GET'}",
                           "http_proxy_response {}",
                           "peer_discovery {cmd: 'ping'}",
                           "test_nat_response {}",
                           "configure_update {serial: 99}"})
    EXPECT_EQ(desk.udp(host(3, 300), text), "") << text;
  EXPECT_EQ(describe(desk.logic().on_unparsable({Transport::udp, kHere, 0})), "");
}

}  // namespace
}  // namespace deskcheck::server
