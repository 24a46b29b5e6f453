// Every declared fault is really one: it can be found, it names a requirement, and a conversation
// with the server differs from the one with a server that is right.
#include "reference-server/faults/faults.hpp"

#include "proto/wire/describe.hpp"
#include "reference-server/account_talk.hpp"
#include "reference-server/api_talk.hpp"
#include "reference-server/book_talk.hpp"
#include "reference-server/connection_talk.hpp"
#include "reference-server/faults/mutate.hpp"
#include "reference-server/fleet_talk.hpp"
#include "reference-server/oidc_talk.hpp"
#include "reference-server/operator_conversation.hpp"
#include "reference-server/rendezvous/desk.hpp"
#include "reference-server/report_talk.hpp"
#include "reference-server/service_talk.hpp"
#include "reference-server/testbed.hpp"

#include <gmock/gmock.h>

#include <set>

namespace deskcheck::server {
namespace {

using ::testing::MatchesRegex;

TEST(Faults, HaveUniqueIdsAndNameARequirement) {
  std::set<std::string> ids;
  std::set<std::string> texts;
  for (const auto& fault : declared_faults()) {
    EXPECT_TRUE(ids.insert(fault.id).second) << fault.id;
    EXPECT_TRUE(texts.insert(fault.text).second) << fault.text;
    EXPECT_THAT(fault.id, MatchesRegex("[a-z0-9/._-]+"));
    EXPECT_THAT(fault.requirement, MatchesRegex("[A-Z]+(-[A-Z]+)?-[0-9][0-9]")) << fault.id;
    EXPECT_THAT(fault.text, MatchesRegex("[A-Za-z].*\\.")) << fault.id;
    EXPECT_EQ(find_fault(fault.id), &fault);
    EXPECT_EQ(fault.plan.policies == WrongPolicies(), fault.plan.mutants.size() == 1) << fault.id;
  }
  EXPECT_EQ(find_fault("no such fault"), nullptr);
}

TEST(Faults, DeclareEveryPolicyOnce) {
  std::size_t policies = 0;
  for (const auto& fault : declared_faults()) policies += fault.plan.mutants.empty();
  // But for that of WrongFleet which breaks nothing.
  EXPECT_EQ(policies + 1, sizeof(WrongPolicies) / sizeof(bool));
}

// --- wire mutants ---

// Messages as a server sends them, with everything that a mutant could change.
const std::vector<std::string> kSent = {
    "register_peer_response {request_pk: true}",
    "register_pk_response {result: TOO_FREQUENT}",
    "configure_update {serial: 4 rendezvous_servers: 'a'}",
    "test_nat_response {port: 5 cu {serial: 4}}",
    "online_response {states: 'abc'}",
    "punch_hole {socket_addr: 'abcdef' relay_server: 'r' nat_type: SYMMETRIC}",
    "fetch_local_addr {socket_addr: 'abcdef' relay_server: 'r'}",
    "punch_hole_response {socket_addr: 'abcdef' pk: 'k' relay_server: 'r' nat_type: SYMMETRIC}",
    "punch_hole_response {socket_addr: 'abcdef' pk: 'k' is_local: true}",
    "punch_hole_response {failure: OFFLINE}",
    "request_relay {id: 'i' uuid: 'u' secure: true relay_server: 'r'}",
    "relay_response {uuid: 'u' relay_server: 'r' pk: 'k' version: 'v'}",
};

std::string outgoing(const std::string& text, const std::vector<WireMutant>& mutants) {
  const auto out = mutate(message(text), mutants);
  hbb::RendezvousMessage parsed;
  const bool is_message = parsed.ParseFromString(out.payload);
  return (is_message ? wire::describe(parsed) : "garbage") + " x" + std::to_string(out.copies) +
         " after " + std::to_string(out.delay / 1s);
}

TEST(WireMutants, ChangeTheirMessageAndNoOther) {
  for (const auto& fault : declared_faults()) {
    if (fault.plan.mutants.empty()) continue;
    const auto& mutant = fault.plan.mutants.front();
    const auto* member = hbb::RendezvousMessage::descriptor()->FindFieldByName(mutant.message);
    ASSERT_NE(member, nullptr) << fault.id;
    if (!mutant.field.empty()) {
      ASSERT_NE(member->message_type()->FindFieldByName(mutant.field), nullptr) << fault.id;
    }
    int changed = 0;
    for (const auto& text : kSent) {
      const bool differs = outgoing(text, {mutant}) != outgoing(text, {});
      changed += differs;
      if (!text.starts_with(mutant.message + " ")) {
        EXPECT_FALSE(differs) << fault.id << " " << text;
      }
    }
    EXPECT_GT(changed, 0) << fault.id;
  }
}

TEST(WireMutants, DoWhatTheySay) {
  const std::string text = "relay_response {pk: 'k' version: 'v'}";
  const std::string unchanged = "relay_response {pk: 1 byte 6b, version: \"v\"}";
  const struct {
    WireMutant::Kind kind;
    const char* field;
    std::string then;
  } kTable[] = {
      {WireMutant::Kind::silence, "", "(empty message) x0 after 0"},
      {WireMutant::Kind::delay, "", unchanged + " x1 after 20"},
      {WireMutant::Kind::duplicate_message, "", unchanged + " x2 after 0"},
      {WireMutant::Kind::garbage, "", "garbage x1 after 0"},
      {WireMutant::Kind::drop_field, "pk", "relay_response {version: \"v\"} x1 after 0"},
      {WireMutant::Kind::change_field, "pk",
       "relay_response {pk: 1 byte 78, version: \"v\"} x1 after 0"},
      {WireMutant::Kind::change_field, "id", unchanged + " x1 after 0"},
      {WireMutant::Kind::change_field, "feedback",
       "relay_response {pk: 1 byte 6b, version: \"v\", feedback: 1} x1 after 0"},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(outgoing(text, {WireMutant{row.kind, "relay_response", row.field}}), row.then);
}

// --- several at once ---

FaultPlan combined(std::initializer_list<const char*> ids) {
  std::vector<const Fault*> faults;
  for (const char* id : ids) faults.push_back(find_fault(id));
  return combine(faults);
}

TEST(Combine, JoinsPoliciesAndMutants) {
  EXPECT_EQ(combine({}).policies, WrongPolicies());
  const auto plan = combined({"never-offline", "relay-talks", "wire/relay_response.pk/drop",
                              "wire/relay_response.version/drop"});
  WrongPolicies both;
  both.never_offline = both.relay_talks = true;
  EXPECT_EQ(plan.policies, both);
  EXPECT_EQ(outgoing("relay_response {uuid: 'u' pk: 'k' version: 'v'}", plan.mutants),
            "relay_response {uuid: \"u\"} x1 after 0");
}

TEST(Combine, NamesWhatExcludesEachOther) {
  const char* kPairs[][2] = {
      {"never-offline", "offline-too-early"},
      {"relay-never-gives-up", "relay-gives-up-early"},
      {"wire/relay_response/silence", "wire/relay_response.pk/drop"},
      {"wire/punch_hole_response.pk/drop", "wire/punch_hole_response.pk/change"},
  };
  for (const auto& pair : kPairs) {
    try {
      combined({"answers-empty-id", pair[0], pair[1]});
      ADD_FAILURE() << pair[0];
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(error.what(), std::string(pair[0]) + " and " + pair[1] +
                                  " exclude each other; leave out one of them");
    }
  }
}

// --- wrong policies ---

// A conversation with the logic in which everything happens that a policy may do wrong.
class Conversation {
 public:
  explicit Conversation(const WrongPolicies& wrong) : desk_(options(wrong)) {}

  std::string text() {
    registration();
    limits();
    signalling();
    relaying();
    return text_ + storage_failure();
  }

 private:
  static Options options(const WrongPolicies& wrong) {
    Options o;
    o.faults.policies = wrong;
    o.identity = wire::key_pair_from_seed({});
    o.licence_key = "key";
    o.relay_servers = {"r1", "r2"};
    o.serial = 4;
    o.limits.ids_per_address = 40;
    return o;
  }
  void note(const std::string& what) { text_ += what + "\n"; }
  void udp(int n, const std::string& m, std::uint16_t port = 5000) {
    note(desk_.udp(host(n, port), m));
  }
  void tcp(ConnectionId id, int n, const hbb::RendezvousMessage& m) {
    note(desk_.tcp(id, host(n, static_cast<std::uint16_t>(700 + id)), m));
  }
  void tcp(ConnectionId id, int n, const std::string& m) { tcp(id, n, message(m)); }
  void path(const std::string& id, const std::string& fields = "", int from = 9) {
    tcp(9, from, "punch_hole_request {id: '" + id + "' licence_key: 'key' " + fields + "}");
  }
  static net::Endpoint requester(int n) { return host(n, 709); }

  void registration() {
    udp(1, "register_peer {}");
    udp(1, "register_peer {id: 'device' serial: 3}");
    udp(1, "register_peer {id: 'device' serial: 4}");
    path("device");
    tcp(2, 1, "register_peer {id: 'device'}");
    tcp(2, 1, register_pk("device"));
    udp(1, register_pk("device", ""));
    udp(1, register_pk("short"));
    udp(1, register_pk("device"));
    udp(1, register_pk("DEVICE", "v"));
    udp(1, "register_peer {id: 'device' serial: 4}", 5001);
    path("device");
    udp(2, "register_peer {id: 'device' serial: 4}");
    path("device");
    tcp(2, 3, "register_peer {id: 'device' serial: 4}");
    udp(2, register_pk("device", "w", "other"));
    answered("device");
    udp(2, register_pk("device", "u", "moved"));
    udp(2, register_pk("device"));
    path("device");
    udp(2, register_pk("device", "u", "new"));
    answered("device");
    desk_.now += 15s;
    path("device");
    tcp(8, 9, "online_request {peers: 'device' peers: 'x'}");
    desk_.now += 20s;
    path("device");
    desk_.restart();
    udp(2, register_pk("device", "w", "new"));
    path("device");
    udp(2, register_pk("device", "u", "new"));
    path("device");
  }
  // The key that is signed for a device.
  void answered(const std::string& id) {
    path(id);
    tcp(3, 2, to(requester(9), "punch_hole_sent {id: '" + id + "' version: 'v'}"));
  }
  void limits() {
    for (int i = 0; i < 4; ++i) udp(4, register_pk("frequent"));
    desk_.now += 7s;
    udp(4, register_pk("frequent"));
    for (int i = 0; i < 35; ++i) udp(5, register_pk("device" + std::to_string(i)));
    desk_.now += 61s;
    udp(5, register_pk("device0"));
    for (int i = 35; i < 45; ++i) udp(5, register_pk("device" + std::to_string(i)));
  }
  void signalling() {
    desk_.now += 10s;
    udp(1, register_pk("another"));
    udp(1, register_pk("device3", "u", "k"));
    tcp(9, 9, "punch_hole_request {id: 'another'}");
    tcp(9, 9, "punch_hole_request {id: 'nobody'}");
    udp(9, "punch_hole_request {id: 'another' licence_key: 'key'}");
    path("another", "nat_type: ASYMMETRIC");
    path("another", "force_relay: true", 1);
    path("another", "", 1);
    auto tomorrow = message("punch_hole_request {id: 'another' licence_key: 'key'}");
    tomorrow.mutable_punch_hole_request()->set_nat_type(static_cast<hbb::NatType>(77));
    tcp(9, 9, tomorrow);
    note(desk_.udp(host(1, 5000), to(requester(9), "local_addr {id: 'another'}")));
    for (int i = 0; i < 2; ++i)
      tcp(3, 1, to(requester(9), "punch_hole_sent {id: 'another' relay_server: 'r'}"));
    path("another");
    tcp(3, 1, to(requester(9), "punch_hole_sent {id: 'device3'}"));
    tcp(3, 1, to(requester(9), "local_addr {id: 'another' local_addr: 'abcdef'}"));
    tcp(3, 9, "test_nat_request {serial: 4}");
    auto unknown = message("test_nat_request {serial: 4}");
    unknown.GetReflection()->MutableUnknownFields(&unknown)->AddVarint(99, 1);
    tcp(3, 9, unknown);
    note(describe(desk_.logic().on_unparsable({Transport::udp, host(1, 1), 0})));
    desk_.command("aur Y");
    path("another");
    desk_.command("aur N");
  }
  void relaying() {
    path("another");
    tcp(3, 1, to(requester(9), "relay_response {id: 'another' uuid: 'x' refuse_reason: 'no'}"));
    tcp(9, 9, "request_relay {id: 'another' uuid: 'x' token: 't'}");
    tcp(3, 1, to(requester(9), "relay_response {version: 'v'}"));
    tcp(9, 9, "request_relay {id: 'nobody' uuid: 'x'}");
  }
  std::string storage_failure() {
    desk_.store.fails = true;
    return desk_.udp(host(7, 5000), register_pk("another7")) + "\n";
  }

  Desk desk_;
  std::string text_;
};

// The same for what happens in the shells: framing, ends of connections, the relay.
class ShellConversation : public testbed::ServerTest {
 public:
  void TestBody() override {}
  std::string text(const WrongPolicies& wrong) {
    options.faults.policies = wrong;
    options.downloads["client.exe"] = "abcdef";
    const auto rendezvous = [this]() -> net::awaitable<void> { return frames(); };
    const auto keyless = [this]() -> net::awaitable<void> { return relayed(""); };
    const auto keyed = [this]() -> net::awaitable<void> { return relayed("key"); };
    with_server(rendezvous);
    with_server(keyless);
    options.relay_licence_key = "key";
    with_server(keyed);
    return text_;
  }

 private:
  using Hand = testbed::Hand;
  void note(const std::string& what) { text_ += what + "\n"; }
  static std::string framed(const hbb::RendezvousMessage& m) {
    return wire::encode_frame(m.SerializeAsString()).value();
  }
  net::awaitable<void> ask_nat() {
    auto hand = co_await connect(testbed::host(1), ports.nat);
    const auto question = message("test_nat_request {}");
    co_await hand.send(question);
    const auto answer = co_await hand.receive(1s);
    note(answer ? "served" : "not served");
  }

  net::awaitable<void> probe_api(std::string path) {
    auto hand = co_await connect(testbed::host(1), ports.api);
    const std::string probe = "HEAD " + path + " HTTP/1.0\r\n\r\n";
    co_await hand.write(probe);
    const auto answer = co_await hand.bytes(4000);
    note(answer);
  }

  net::awaitable<void> frames() {
    std::string path = "/api/login-options";
    co_await probe_api(path);
    path = "/downloads/client.exe";
    co_await probe_api(path);
    const std::string nobody = framed(testbed::punch_hole_request("nobody"));
    {
      auto hand = co_await connect(testbed::host(1), ports.rendezvous);
      co_await hand.write(nobody.substr(0, 5));
      co_await net::sleep_until(sim, sim.now() + 100ms);
      co_await hand.write(nobody.substr(5) + nobody);
      const auto bytes = co_await hand.bytes(7);
      note(wire::describe_bytes(bytes));
    }
    testbed::Device device(world, testbed::host(2, 5000), ports.rendezvous);
    device.send(testbed::register_pk("123456789"));
    {
      auto hand = co_await connect(testbed::host(1), ports.rendezvous);
      const auto request = testbed::punch_hole_request("123456789");
      co_await hand.send(request);
      const bool ended = co_await hand.ended(9s);
      note(ended ? "closed while it waited" : "kept open");
    }
    {
      auto hand = co_await connect(testbed::host(1), ports.rendezvous);
      const bool ended = co_await hand.ended(40s);
      note(ended ? "idle one closed" : "idle one kept");
    }
    for (const char* bytes : {"\x08\xff\xff", "\x20half"}) {
      {
        auto hand = co_await connect(testbed::host(1), ports.rendezvous);
        const std::string bad = bytes;
        co_await hand.write(bad);
      }
      co_await net::sleep_until(sim, sim.now() + 100ms);
      co_await ask_nat();
    }
  }

  net::awaitable<Hand> party(std::string uuid, std::string key, std::string more = "") {
    auto hand = co_await connect(testbed::host(1), ports.relay);
    auto request = testbed::request_relay(uuid);
    request.mutable_request_relay()->set_licence_key(key);
    co_await hand.write(framed(request) + more);
    co_await net::sleep_until(sim, sim.now() + 10ms);
    co_return hand;
  }
  // What arrives within a second, and whether it was the end.
  net::awaitable<void> hear(Hand& hand) {
    std::string all;
    const auto deadline = net::in(sim, 1s);
    net::Result<std::string> more;
    while (more) {
      more = co_await net::read_some(hand.stream(), 1000, deadline);
      if (more) all += *more;
    }
    note(wire::describe_bytes(all) + ", " + more.error().message());
  }
  net::awaitable<void> relayed(std::string key) {
    auto first = co_await party("x", key, "early");
    auto stranger = co_await party("y", key);
    auto evicting = co_await party("x", "wrong");
    auto second = co_await party("x", key);
    const std::string zero("\0zero", 5);
    co_await first.write(zero);
    co_await hear(second);
    co_await hear(first);
    co_await hear(stranger);
    first.stream().close();
    co_await hear(second);
    auto nameless1 = co_await party("", key);
    auto nameless2 = co_await party("", key);
    co_await hear(nameless1);
    auto alone = co_await party("alone", key);
    bool ended = co_await alone.ended(15s);
    note(ended ? "given up early" : "waits");
    ended = co_await alone.ended(30s);
    note(ended ? "given up" : "still waits");
  }

  std::string text_;
};

std::string everything_said(const WrongPolicies& wrong) {
  return Conversation(wrong).text() + ShellConversation().text(wrong) +
         ConnectionTalk().text(wrong) + accounts_said(wrong) + ApiTalk(wrong).text() +
         BookTalk(wrong).text() + ReportTalk(wrong).text() + ServiceTalk(wrong).text() +
         FleetTalk(wrong).text() + OidcTalk(wrong).text() + OperatorConversation().text(wrong);
}

// In parts, each of which ends in time also where everything is slow.
constexpr std::size_t kParts = 16;
class WrongPoliciesTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(WrongPoliciesTest, EachChangesAConversation) {
  const std::string right = everything_said({});
  EXPECT_EQ(right, everything_said({})) << "nothing else does";
  const auto said_by_api = [](const WrongPolicies& wrong) {
    return ApiTalk(wrong).text() + BookTalk(wrong).text() + ReportTalk(wrong).text() +
           ServiceTalk(wrong).text() + FleetTalk(wrong).text() + OidcTalk(wrong).text();
  };
  const std::string right_api = said_by_api({});
  std::size_t number = 0;
  for (const auto& fault : declared_faults()) {
    if (!fault.plan.mutants.empty() || number++ % kParts != GetParam()) continue;
    // The cheap one first: it shows most of what is about the API.
    if (said_by_api(fault.plan.policies) != right_api) continue;
    EXPECT_TRUE(everything_said(fault.plan.policies) != right) << fault.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, WrongPoliciesTest, ::testing::Range<std::size_t>(0, kParts));

}  // namespace
}  // namespace deskcheck::server
