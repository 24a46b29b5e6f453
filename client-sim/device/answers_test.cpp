#include "client-sim/device/device.hpp"
#include "client-sim/test_support.hpp"
#include "proto/wire/describe.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;

const Endpoint kRequester = net::endpoint("10.0.2.1", 40123);
const std::string kServerKey(44, 'K');

DeviceOptions device_options() {
  DeviceOptions options;
  options.id = kDeviceId;
  options.uuid = "uuid-1";
  options.keys = some_keys(1);
  options.home = kDeviceHome;
  options.rendezvous = kServer;
  options.key = kServerKey;
  return options;
}

// A registered device, a server that hears its connections, a relay that hears its own.
class Stage {
 public:
  Stage(net::World world, DeviceOptions options)
      : world_(world),
        server(world, kServer),
        relay(world, kRelay),
        device(world, std::move(options), Recorder()) {
    server.on_datagram = accept_registration;
    server.on_connection = [this](MessageStream stream) {
      return hear_all(&server, std::move(stream));
    };
    relay.on_connection = [this](MessageStream stream) { return at_relay(std::move(stream)); };
  }
  Task<void> start() {
    server.start();
    relay.start();
    device.start();
    auto registered = co_await device.registered(within(world_, 1s));
    EXPECT_TRUE(registered);
    server.heard.clear();
  }
  Task<void> stop() {
    co_await device.stop();
    co_await relay.stop();
    co_await server.stop();
  }
  void push(const hbb::RendezvousMessage& message) { server.push(device.local(), message); }

  // What came over connections.
  std::vector<std::string> said() const {
    std::vector<std::string> list;
    for (const auto& heard : server.heard)
      if (heard.transport == Transport::tcp) list.push_back(wire::describe(heard.message));
    return list;
  }
  const hbb::RendezvousMessage& last() const { return server.heard.back().message; }

 private:
  static Task<void> hear_all(ScriptedServer* server, MessageStream stream) {
    for (;;) {
      auto message = co_await server->hear(&stream);
      if (message.union_case() == hbb::RendezvousMessage::UNION_NOT_SET) co_return;
    }
  }
  Task<void> at_relay(MessageStream stream) {
    (void)co_await relay.hear(&stream);
    auto hello = co_await stream.receive_message<hbb::Message>(within(world_, 1s));
    if (hello) relay_hello = *hello;
    auto more = co_await stream.receive(within(world_, 60s));
    (void)more;
  }
  net::World world_;

 public:
  ScriptedServer server;
  ScriptedServer relay;
  std::optional<hbb::Message> relay_hello;
  Device device;
};

hbb::RendezvousMessage punch_hole(const Endpoint& requester = kRequester,
                                  hbb::NatType nat_type = hbb::ASYMMETRIC) {
  hbb::RendezvousMessage message;
  auto& push = *message.mutable_punch_hole();
  push.set_socket_addr(mangled(requester));
  push.set_nat_type(nat_type);
  push.set_relay_server(net::to_string(kRelay));
  return message;
}

hbb::RendezvousMessage fetch_local_addr(const Endpoint& requester = kRequester) {
  hbb::RendezvousMessage message;
  message.mutable_fetch_local_addr()->set_socket_addr(mangled(requester));
  message.mutable_fetch_local_addr()->set_relay_server(net::to_string(kRelay));
  return message;
}

hbb::RendezvousMessage request_relay(bool secure) {
  hbb::RendezvousMessage message;
  auto& push = *message.mutable_request_relay();
  push.set_id(kDeviceId);
  push.set_uuid("uuid-of-the-call");
  push.set_socket_addr(mangled(kRequester));
  push.set_relay_server(net::to_string(kRelay));
  push.set_secure(secure);
  return message;
}

using Story = std::function<Task<void>(net::World, Stage&)>;

void play(const DeviceOptions& options, const Story& story) {
  simulate([&](net::World world) -> Task<void> {
    Stage stage(world, options);
    co_await stage.start();
    co_await story(world, stage);
    co_await stage.stop();
  });
}

TEST(DeviceAnswers, PunchHole) {
  play(device_options(), [](net::World world, Stage& stage) -> Task<void> {
    auto requester = world.network.listen(kRequester);
    stage.push(punch_hole());
    auto knock = co_await requester->accept(within(world, 1s));
    EXPECT_TRUE(knock);
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.server.heard.size(), 1u);
    const auto& sent = stage.last().punch_hole_sent();
    EXPECT_EQ(sent.id(), kDeviceId);
    EXPECT_EQ(sent.socket_addr(), mangled(kRequester));
    EXPECT_EQ(sent.relay_server(), net::to_string(kRelay));
    EXPECT_EQ(sent.nat_type(), hbb::ASYMMETRIC);
    EXPECT_EQ(sent.version(), "1.4.9");
    requester.reset();
    // The same port knocked at the requester, and now listens.
    const auto hole = stage.server.heard.back().from;
    EXPECT_EQ((*knock)->remote(), hole);
    auto in =
        co_await MessageStream::connect(world, kRequester, hole, Recorder(), within(world, 1s));
    EXPECT_TRUE(in);
    auto first = co_await in->next<hbb::SignedId, hbb::Message>(within(world, 1s));
    EXPECT_TRUE(first);
    EXPECT_EQ(stage.device.sessions().front().route, Route::direct);
  });
}

TEST(DeviceAnswers, TheAttemptTowardsTheRequesterDelaysTheAnswerByThirtyMilliseconds) {
  simulate([](net::World world) -> Task<void> {
    Stage stage(world, device_options());
    co_await stage.start();
    const auto pushed = stage.server.elapsed();
    stage.push(punch_hole());
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.server.heard.back().at - pushed, 1ms + 2ms + 30ms + 1ms);
    co_await stage.stop();
  });
}

TEST(DeviceAnswers, ListensForEighteenSeconds) {
  play(device_options(), [](net::World world, Stage& stage) -> Task<void> {
    for (const bool early : {true, false}) {
      stage.push(punch_hole());
      co_await wait(world, 100ms);
      const auto hole = stage.server.heard.back().from;
      const net::Duration later = early ? 17'800ms : 18s;
      co_await wait(world, later);
      auto in = co_await MessageStream::connect(world, kControllerHome, hole, Recorder(),
                                                within(world, 1s));
      EXPECT_EQ(in.has_value(), early);
      stage.server.heard.clear();
    }
  });
}

TEST(DeviceAnswers, FetchLocalAddr) {
  play(device_options(), [](net::World world, Stage& stage) -> Task<void> {
    stage.push(fetch_local_addr());
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.server.heard.size(), 1u);
    const auto& offer = stage.last().local_addr();
    EXPECT_EQ(offer.id(), kDeviceId);
    EXPECT_EQ(wire::decode_address(offer.socket_addr()), kRequester);
    EXPECT_EQ(wire::decode_address(offer.local_addr()), stage.server.heard.back().from);
    EXPECT_EQ(offer.relay_server(), net::to_string(kRelay));
    EXPECT_EQ(offer.version(), "1.4.9");
    auto in = co_await MessageStream::connect(
        world, kControllerHome, stage.server.heard.back().from, Recorder(), within(world, 1s));
    EXPECT_TRUE(in);
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.device.sessions().front().route, Route::lan);
  });
}

TEST(DeviceAnswers, RequestRelay) {
  for (const bool secure : {true, false}) {
    play(device_options(), [secure](net::World world, Stage& stage) -> Task<void> {
      stage.push(request_relay(secure));
      co_await wait(world, 100ms);
      EXPECT_EQ(stage.server.heard.size(), 1u);
      const auto& response = stage.last().relay_response();
      EXPECT_EQ(response.socket_addr(), mangled(kRequester));
      EXPECT_EQ(response.version(), "1.4.9");
      EXPECT_EQ(response.uuid(), "");
      EXPECT_EQ(response.relay_server(), "");
      EXPECT_EQ(response.union_case(), hbb::RelayResponse::UNION_NOT_SET);
      EXPECT_EQ(stage.relay.heard.size(), 1u);
      const auto& request = stage.relay.heard.back().message.request_relay();
      EXPECT_EQ(request.uuid(), "uuid-of-the-call");
      EXPECT_EQ(request.licence_key(), kServerKey);
      EXPECT_EQ(request.id(), "");
      // It speaks first, without waiting for anybody.
      EXPECT_EQ(stage.relay_hello->has_signed_id(), secure);
      EXPECT_EQ(stage.relay_hello->has_hash(), !secure);
    });
  }
}

struct Decision {
  const char* name;
  std::function<void(DeviceOptions&, hbb::PunchHole&)> set;
  bool relays;
};

TEST(DeviceAnswers, WhenItStartsARelayItself) {
  const std::vector<Decision> decisions{
      {"both asymmetric", [](auto&, auto&) {}, false},
      {"both unknown",
       [](auto& own, auto& push) {
         own.nat_type = hbb::UNKNOWN_NAT;
         push.set_nat_type(hbb::UNKNOWN_NAT);
       },
       false},
      {"requester symmetric", [](auto&, auto& push) { push.set_nat_type(hbb::SYMMETRIC); }, true},
      {"own symmetric", [](auto& own, auto&) { own.nat_type = hbb::SYMMETRIC; }, true},
      {"force_relay", [](auto&, auto& push) { push.set_force_relay(true); }, true},
      {"behind a proxy", [](auto& own, auto&) { own.relay_only = true; }, true},
      {"not listening", [](auto& own, auto&) { own.tcp_listening = false; }, true},
  };
  for (const auto& decision : decisions) {
    auto options = device_options();
    auto push = punch_hole();
    decision.set(options, *push.mutable_punch_hole());
    play(options, [&](net::World world, Stage& stage) -> Task<void> {
      stage.push(push);
      co_await wait(world, 100ms);
      EXPECT_EQ(stage.server.heard.size(), 1u) << decision.name;
      EXPECT_EQ(stage.last().has_relay_response(), decision.relays) << decision.name;
      EXPECT_EQ(stage.last().has_punch_hole_sent(), !decision.relays) << decision.name;
    });
  }
}

TEST(DeviceAnswers, ItsOwnRelay) {
  auto options = device_options();
  options.nat_type = hbb::SYMMETRIC;
  play(options, [](net::World world, Stage& stage) -> Task<void> {
    stage.push(punch_hole());
    co_await wait(world, 100ms);
    const auto& response = stage.last().relay_response();
    EXPECT_EQ(response.socket_addr(), mangled(kRequester));
    EXPECT_EQ(response.id(), kDeviceId);
    EXPECT_EQ(response.uuid().size(), 36u);
    EXPECT_EQ(response.relay_server(), net::to_string(kRelay));
    EXPECT_EQ(stage.relay.heard.back().message.request_relay().uuid(), response.uuid());
    EXPECT_TRUE(stage.relay_hello->has_signed_id());
  });
}

TEST(DeviceAnswers, LocalAddressOrRelay) {
  for (const bool listening : {true, false}) {
    for (const bool relay_only : {true, false}) {
      auto options = device_options();
      options.tcp_listening = listening;
      options.relay_only = relay_only;
      play(options, [=](net::World world, Stage& stage) -> Task<void> {
        stage.push(fetch_local_addr());
        co_await wait(world, 100ms);
        EXPECT_EQ(stage.last().has_local_addr(), listening && !relay_only);
        EXPECT_EQ(stage.last().has_relay_response(), !listening || relay_only);
      });
    }
  }
}

TEST(DeviceAnswers, ChoiceOfTheRelay) {
  auto options = device_options();
  auto push = punch_hole();
  play(options, [&](net::World world, Stage& stage) -> Task<void> {
    push.mutable_punch_hole()->clear_relay_server();
    stage.push(push);
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.last().punch_hole_sent().relay_server(), "10.0.0.1:21117");
  });
  options.relay_server = "own.example:7";
  play(options, [&](net::World world, Stage& stage) -> Task<void> {
    stage.push(punch_hole());
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.last().punch_hole_sent().relay_server(), "own.example:7");
  });
}

TEST(DeviceAnswers, WithoutConfiguredKeyItSendsTheBuiltInOne) {
  auto options = device_options();
  options.key.clear();
  play(options, [](net::World world, Stage& stage) -> Task<void> {
    stage.push(request_relay(true));
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.relay.heard.back().message.request_relay().licence_key(), kBuiltInKey);
  });
}

TEST(DeviceAnswers, SamePushWithinATenthOfASecondIsIgnored) {
  play(device_options(), [](net::World world, Stage& stage) -> Task<void> {
    stage.push(punch_hole());
    stage.push(punch_hole());
    co_await wait(world, 90ms);
    stage.push(fetch_local_addr());  // shares the filter; 90 ms after the ignored one
    co_await wait(world, 90ms);
    EXPECT_EQ(stage.said().size(), 1u);
    EXPECT_EQ(stage.device.counters().duplicates, 2);
    stage.push(punch_hole(net::endpoint("10.0.2.2", 40123)));  // another requester
    co_await wait(world, 10ms);
    stage.push(punch_hole());  // the first one again: no longer the last
    co_await wait(world, 50ms);
    EXPECT_EQ(stage.said().size(), 3u);
    stage.push(request_relay(true));  // relay requests have a filter of their own
    co_await wait(world, 100ms);
    stage.push(punch_hole());  // 150 ms later
    co_await wait(world, 100ms);
    EXPECT_EQ(stage.said().size(), 5u);
    EXPECT_EQ(stage.device.counters().pushes, 7);
  });
}

TEST(DeviceAnswers, AnswersNeverUseTheRegistrationSocket) {
  play(device_options(), [](net::World world, Stage& stage) -> Task<void> {
    stage.push(punch_hole());
    co_await wait(world, 200ms);
    stage.push(fetch_local_addr());
    co_await wait(world, 200ms);
    stage.push(request_relay(true));
    co_await wait(world, 200ms);
    EXPECT_EQ(stage.server.heard.size(), 3u);
    EXPECT_EQ(stage.said().size(), 3u);
  });
}

TEST(DeviceAnswers, NothingBreaksWhenServerOrRelayAreGone) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    Device device(world, device_options(), Recorder{&transcript, &world.clock, "device"});
    device.start();
    DatagramChannel server(world, kServer, Recorder());  // no TCP here
    server.send(device.local(), punch_hole());
    co_await wait(world, 200ms);
    server.send(device.local(), fetch_local_addr());
    server.send(device.local(), request_relay(true));
    co_await wait(world, 200ms);
    EXPECT_TRUE(device.sessions().empty());
    EXPECT_THAT(render(transcript), testing::HasSubstr("cannot connect"));
    co_await device.stop();
  });
}

TEST(DeviceAnswers, UnknownRelayHostIsNoted) {
  simulate([](net::World world) -> Task<void> {
    Transcript transcript;
    Device device(world, device_options(), Recorder{&transcript, &world.clock, "device"});
    ScriptedServer server(world, kServer);
    server.start();
    device.start();
    auto push = request_relay(true);
    push.mutable_request_relay()->set_relay_server("relay.example");
    server.push(device.local(), push);
    co_await wait(world, 200ms);
    EXPECT_THAT(render(transcript), testing::HasSubstr("no such relay: \"relay.example\""));
    co_await device.stop();
    co_await server.stop();
  });
}

}  // namespace
}  // namespace deskcheck::sim
