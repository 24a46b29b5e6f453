#include "client-sim/controller/controller.hpp"

#include "client-sim/test_support.hpp"
#include "proto/wire/secure_channel.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;

const wire::KeyPair kServerKeys = some_keys(9);

ControllerOptions controller_options() {
  ControllerOptions options;
  options.id = "987654321";
  options.home = kControllerHome;
  options.rendezvous = kServer;
  options.key = wire::to_text(kServerKeys.public_key);
  return options;
}

// What the scripted server does with a connection; `number`: 0 for the first one.
using Script = std::function<Task<void>(ScriptedServer*, MessageStream*, int number)>;

struct Attempted {
  ControllerOptions controller = controller_options();
  ConnectOptions connect;
  net::Duration limit = 10min;
  Script script;
  std::function<void(const ConnectResult&, const ScriptedServer&)> look;
};

Task<void> serve(ScriptedServer* server, const Script* script, MessageStream stream, int number) {
  co_await (*script)(server, &stream, number);
  // The controller decides when the connection is over.
  (void)co_await stream.closed(net::in(server->world().clock, 10min));
}

void attempt(const Attempted& attempted) {
  simulate([&](net::World world) -> Task<void> {
    ScriptedServer server(world, kServer);
    int connections = 0;
    server.on_connection = [&](MessageStream stream) {
      return serve(&server, &attempted.script, std::move(stream), connections++);
    };
    server.start();
    Controller controller(world, attempted.controller, Recorder());
    auto result =
        co_await controller.connect(kDeviceId, attempted.connect, within(world, attempted.limit));
    attempted.look(result, server);
    co_await server.stop();
  });
}

Task<void> only_listen(ScriptedServer* server, MessageStream* stream, int) {
  for (;;) {
    auto message = co_await server->hear(stream);
    if (message.union_case() == hbb::RendezvousMessage::UNION_NOT_SET) co_return;
  }
}

// Answers the first request with `answers`, then only listens.
Script answers(std::vector<hbb::RendezvousMessage> list) {
  return [list](ScriptedServer* server, MessageStream* stream, int number) -> Task<void> {
    if (number == 0) {
      (void)co_await server->hear(stream);
      for (const auto& answer : list)
        (void)co_await stream->send(answer, net::in(server->world().clock, 1s));
    }
    co_await only_listen(server, stream, number);
  };
}

std::vector<int> times_ms(const ScriptedServer& server) {
  std::vector<int> list;
  for (const auto& heard : server.heard)
    list.push_back(
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(heard.at).count()));
  return list;
}

hbb::RendezvousMessage key_exchange() {
  hbb::RendezvousMessage message;
  message.mutable_key_exchange()->add_keys("x");
  return message;
}

hbb::RendezvousMessage refused(hbb::PunchHoleResponse::Failure failure) {
  hbb::RendezvousMessage message;
  message.mutable_punch_hole_response()->set_failure(failure);
  return message;
}

// Where no host is: whatever goes there is lost in silence.
const Endpoint kUnreachable = net::endpoint("10.0.8.8", 4000);

hbb::RendezvousMessage punched(hbb::NatType nat_type, std::string relay_server) {
  hbb::RendezvousMessage message;
  auto& response = *message.mutable_punch_hole_response();
  response.set_socket_addr(mangled(kUnreachable));
  response.set_nat_type(nat_type);
  response.set_relay_server(std::move(relay_server));
  return message;
}

TEST(Controller, AsksThreeTimesOnOneConnection) {
  Attempted silent;
  silent.connect.token = "";
  silent.connect.nat_type = hbb::UNKNOWN_NAT;
  silent.connect.conn_type = hbb::FILE_TRANSFER;
  silent.script = only_listen;
  silent.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_THAT(times_ms(server), ElementsAre(3, 3003, 9003));  // handshake 2 ms, way 1 ms
    EXPECT_EQ(server.elapsed(), 18002ms);
    EXPECT_EQ(result.failure, "Failed to connect via rendezvous server: Please try later");
    EXPECT_FALSE(result.retried);
    EXPECT_FALSE(result.connected());
    EXPECT_EQ(result.path, Path::none);
    EXPECT_EQ(result.punch_attempts, 3);
    EXPECT_EQ(server.heard[0].from, server.heard[2].from);
    const auto& request = server.heard[0].message.punch_hole_request();
    EXPECT_EQ(server.heard[2].message.SerializeAsString(),
              server.heard[0].message.SerializeAsString());
    EXPECT_EQ(request.id(), kDeviceId);
    EXPECT_EQ(request.nat_type(), hbb::UNKNOWN_NAT);
    EXPECT_EQ(request.licence_key(), wire::to_text(kServerKeys.public_key));
    EXPECT_EQ(request.conn_type(), hbb::FILE_TRANSFER);
    EXPECT_EQ(request.version(), "1.4.9");
    EXPECT_EQ(request.udp_port(), 0);
    EXPECT_FALSE(request.force_relay());
  };
  attempt(silent);
}

TEST(Controller, FailureAnswersAreFinalForTheAttempt) {
  for (const auto& [failure, text, again] :
       {std::tuple{hbb::PunchHoleResponse::ID_NOT_EXIST, "ID does not exist", false},
        std::tuple{hbb::PunchHoleResponse::OFFLINE, "Remote desktop is offline", false},
        std::tuple{hbb::PunchHoleResponse::LICENSE_MISMATCH, "Key mismatch", false},
        std::tuple{hbb::PunchHoleResponse::LICENSE_OVERUSE, "Key overuse", true}}) {
    const std::string expected = text;
    const bool retried = again;
    Attempted answered;
    answered.script = answers({refused(failure)});
    answered.look = [&](const ConnectResult& result, const ScriptedServer& server) {
      EXPECT_EQ(result.failure, expected);
      EXPECT_EQ(result.retried, retried);
      EXPECT_EQ(result.punch_attempts, 1);
      EXPECT_EQ(server.heard.size(), 1u);
    };
    attempt(answered);
  }
}

TEST(Controller, ForceRelayIsSaidAsSymmetric) {
  Attempted forced;
  forced.connect.force_relay = true;
  forced.script = answers({refused(hbb::PunchHoleResponse::OFFLINE)});
  forced.look = [](const ConnectResult&, const ScriptedServer& server) {
    EXPECT_EQ(server.heard[0].message.punch_hole_request().nat_type(), hbb::SYMMETRIC);
    EXPECT_TRUE(server.heard[0].message.punch_hole_request().force_relay());
  };
  attempt(forced);
}

TEST(Controller, WithoutConfiguredKeyItSendsTheBuiltInOne) {
  Attempted keyless;
  keyless.controller.key.clear();
  keyless.script = answers({refused(hbb::PunchHoleResponse::OFFLINE)});
  keyless.look = [](const ConnectResult&, const ScriptedServer& server) {
    EXPECT_EQ(server.heard[0].message.punch_hole_request().licence_key(), kBuiltInKey);
  };
  attempt(keyless);
}

TEST(Controller, SkipsOneKeyExchange) {
  Attempted offered;
  offered.script = answers({key_exchange(), refused(hbb::PunchHoleResponse::OFFLINE)});
  offered.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure, "Remote desktop is offline");
    EXPECT_EQ(result.punch_attempts, 1);
  };
  attempt(offered);
  offered.script =
      answers({key_exchange(), key_exchange(), refused(hbb::PunchHoleResponse::OFFLINE)});
  offered.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.punch_attempts, 2);
  };
  attempt(offered);
}

TEST(Controller, OtherMessagesCostAnAttempt) {
  Attempted strange;
  strange.script = answers(
      {register_pk_response(), hbb::RendezvousMessage(), refused(hbb::PunchHoleResponse::OFFLINE)});
  strange.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(result.failure, "Remote desktop is offline");
    EXPECT_EQ(result.punch_attempts, 3);
    EXPECT_LT(server.elapsed(), 1s);
  };
  attempt(strange);
}

TEST(Controller, AddressWithoutPortIsNoAnswer) {
  auto answer = punched(hbb::ASYMMETRIC, "");
  answer.mutable_punch_hole_response()->set_socket_addr(mangled(net::endpoint("10.0.8.8", 0)));
  Attempted portless;
  portless.script = answers({answer});
  portless.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure, "Failed to connect via rendezvous server: Please try later");
    EXPECT_EQ(result.punch_attempts, 1);
  };
  attempt(portless);
}

TEST(Controller, ServerThatHangsUp) {
  Attempted hung_up;
  hung_up.script = [](ScriptedServer* server, MessageStream* stream, int) -> Task<void> {
    (void)co_await server->hear(stream);
    stream->reset();
  };
  hung_up.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure, "Broken pipe (os error 32)");
  };
  attempt(hung_up);
}

TEST(Controller, NoServerAtAll) {
  simulate([](net::World world) -> Task<void> {
    Controller controller(world, controller_options(), Recorder());
    auto result = co_await controller.connect(kDeviceId, ConnectOptions(), within(world, 1min));
    EXPECT_EQ(result.failure, "Failed to connect to 10.0.0.1:21116: Please try later");
  });
}

TEST(Controller, OwnDeadlineCutsItsWaits) {
  Attempted cut;
  cut.limit = 5s;
  cut.script = only_listen;
  cut.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(server.elapsed(), 5s);
    EXPECT_FALSE(result.connected());
  };
  attempt(cut);
}

// --- the direct attempt, then the relay ---

struct Patience {
  hbb::NatType device, own;
  bool failed_before, local;
  net::Duration expected;
};

TEST(Controller, HowLongItTriesDirectly) {
  constexpr auto kSlow = 700ms;  // what the punch takes: 6 x 700 ms = 4.2 s
  for (const auto& patience : {Patience{hbb::ASYMMETRIC, hbb::ASYMMETRIC, false, false, 18s},
                               Patience{hbb::ASYMMETRIC, hbb::ASYMMETRIC, true, false, 4212ms},
                               Patience{hbb::SYMMETRIC, hbb::ASYMMETRIC, false, false, 1s},
                               Patience{hbb::ASYMMETRIC, hbb::SYMMETRIC, false, false, 1s},
                               Patience{hbb::ASYMMETRIC, hbb::UNKNOWN_NAT, false, false, 4212ms},
                               Patience{hbb::UNKNOWN_NAT, hbb::ASYMMETRIC, false, false, 4212ms},
                               Patience{hbb::UNKNOWN_NAT, hbb::ASYMMETRIC, true, false, 2106ms},
                               Patience{hbb::UNKNOWN_NAT, hbb::ASYMMETRIC, false, true, 1s}}) {
    simulate([&](net::World world) -> Task<void> {
      ScriptedServer server(world, kServer);
      net::Time answered{};
      auto answer = punched(patience.device, "10.0.0.1");
      if (patience.local) answer.mutable_punch_hole_response()->set_is_local(true);
      int connections = 0;
      std::function<Task<void>(MessageStream)> script = [&](MessageStream stream) -> Task<void> {
        const bool first = connections++ == 0;
        (void)co_await server.hear(&stream);
        if (first) {
          co_await wait(world, kSlow - 2ms);
          answered = world.clock.now();
          (void)co_await stream.send(answer, within(world, 1s));
        }
        (void)co_await server.hear(&stream);
      };
      server.on_connection = script;
      server.start();
      Controller controller(world, controller_options(), Recorder());
      ConnectOptions options;
      options.nat_type = patience.own;
      options.failed_directly_before = patience.failed_before;
      auto result = co_await controller.connect(kDeviceId, options, within(world, 25s));
      EXPECT_GE(server.heard.size(), 2u);
      const auto asked = net::Time(server.heard[1].at);
      // 1 ms back, then the attempt, then connection and request: 3 ms.
      EXPECT_EQ(asked - answered - 4ms, patience.expected);
      EXPECT_GE(result.relay_attempts, 1);
      co_await server.stop();
    });
  }
}

TEST(Controller, WithoutRelayADirectFailureIsTheEnd) {
  Attempted direct;
  direct.script = answers({punched(hbb::ASYMMETRIC, "")});
  direct.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure,
              "Failed to make direct connection to remote desktop: Please try later");
    EXPECT_EQ(result.relay_attempts, 0);
  };
  attempt(direct);
}

TEST(Controller, AsksForARelayThreeTimesWithNewUuids) {
  Attempted relay;
  relay.script = answers({punched(hbb::ASYMMETRIC, "10.0.0.1:21117")});
  relay.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(result.failure, "Failed to connect via relay server: Timeout: Please try later");
    EXPECT_FALSE(result.retried);
    EXPECT_EQ(result.relay_attempts, 3);
    EXPECT_THAT(times_ms(server), ElementsAre(3, 18007, 36009, 54011));
    const auto& one = server.heard[1].message.request_relay();
    const auto& two = server.heard[2].message.request_relay();
    EXPECT_NE(one.uuid(), two.uuid());
    EXPECT_NE(server.heard[1].from, server.heard[2].from);
    EXPECT_EQ(one.uuid().size(), 36u);
    EXPECT_EQ(one.id(), kDeviceId);
    EXPECT_EQ(one.relay_server(), "10.0.0.1:21117");
    EXPECT_EQ(one.licence_key(), "");
    EXPECT_FALSE(one.secure());  // there was no signed key
  };
  attempt(relay);
}

TEST(Controller, RelayRefused) {
  auto answer = punched(hbb::ASYMMETRIC, "10.0.0.1:21117");
  answer.mutable_punch_hole_response()->set_pk("signed");
  Attempted refused_relay;
  refused_relay.script = [answer](ScriptedServer* server, MessageStream* stream,
                                  int number) -> Task<void> {
    (void)co_await server->hear(stream);
    hbb::RendezvousMessage refusal;
    refusal.mutable_relay_response()->set_refuse_reason("No relay for you");
    const auto& said = number == 0 ? answer : refusal;
    (void)co_await stream->send(said, net::in(server->world().clock, 1s));
  };
  refused_relay.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(result.failure,
              "Failed to connect via relay server: No relay for you: Please try later");
    EXPECT_EQ(result.relay_attempts, 1);
    EXPECT_TRUE(server.heard[1].message.request_relay().secure());
  };
  attempt(refused_relay);
}

TEST(Controller, RelayOfTheDeviceThatIsNotThere) {
  hbb::RendezvousMessage answer;
  answer.mutable_relay_response()->set_uuid("uuid");
  answer.mutable_relay_response()->set_relay_server("10.0.0.1:21117");
  Attempted relay;
  relay.script = answers({answer});
  relay.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure, "Failed to connect to relay server: Please try later");
    EXPECT_EQ(result.relay_attempts, 0);
  };
  attempt(relay);
}

TEST(Controller, AFailedLoginLeavesNeitherSessionNorPath) {
  hbb::RendezvousMessage answer;
  answer.mutable_relay_response()->set_uuid("uuid");
  answer.mutable_relay_response()->set_relay_server(net::to_string(kServer));
  Attempted login;
  login.connect.password = "secret";
  login.script = [answer](ScriptedServer* server, MessageStream* stream, int number) -> Task<void> {
    (void)co_await server->hear(stream);
    if (number == 0)
      (void)co_await stream->send(answer, net::in(server->world().clock, 1s));
    else
      stream->shutdown_send();  // as the relay, when the session stands
  };
  login.look = [](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_FALSE(result.connected());
    EXPECT_NE(result.failure, "");
    EXPECT_EQ(result.path, Path::none);
  };
  attempt(login);
}

// --- an account makes it insist on encryption ---

TEST(Controller, WithATokenItWaitsForKeyExchange) {
  Attempted silent;
  silent.connect.token = "token";
  silent.script = only_listen;
  silent.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(result.failure, "Failed to secure tcp: deadline has elapsed: Please try later");
    EXPECT_EQ(server.elapsed(), 18002ms);
    EXPECT_TRUE(server.heard.empty());
  };
  attempt(silent);
}

TEST(Controller, WithATokenAndKeyExchangeItSpeaksEncrypted) {
  Attempted secured;
  secured.connect.token = "token";
  secured.script = [](ScriptedServer* server, MessageStream* stream, int) -> Task<void> {
    net::Random random(5);
    const auto ephemeral = wire::make_box_key_pair(random);
    const auto deadline = net::in(server->world().clock, 1s);
    const auto offer =
        wrap<hbb::RendezvousMessage>(wire::offer_key_exchange(ephemeral, kServerKeys));
    (void)co_await stream->send(offer, deadline);
    auto answer = co_await stream->next<hbb::KeyExchange>(deadline);
    const auto key = wire::finish_key_exchange(*answer, ephemeral);
    EXPECT_TRUE(key);
    stream->encrypt(*key);
    (void)co_await server->hear(stream);
    const auto refusal = refused(hbb::PunchHoleResponse::OFFLINE);
    (void)co_await stream->send(refusal, deadline);
  };
  secured.look = [](const ConnectResult& result, const ScriptedServer& server) {
    EXPECT_EQ(result.failure, "Remote desktop is offline");
    EXPECT_EQ(server.heard[0].message.punch_hole_request().token(), "token");
  };
  attempt(secured);
}

// Sends `first` to a controller with a token, then OFFLINE.
void secured_by(const hbb::RendezvousMessage& first, const std::string& failure,
                const std::string& key = wire::to_text(kServerKeys.public_key)) {
  Attempted secured;
  secured.connect.token = "token";
  secured.controller.key = key;
  secured.script = [first](ScriptedServer* server, MessageStream* stream, int) -> Task<void> {
    const auto deadline = net::in(server->world().clock, 1s);
    (void)co_await stream->send(first, deadline);
    (void)co_await server->hear(stream);
    const auto refusal = refused(hbb::PunchHoleResponse::OFFLINE);
    (void)co_await stream->send(refusal, deadline);
  };
  secured.look = [failure](const ConnectResult& result, const ScriptedServer&) {
    EXPECT_EQ(result.failure, failure);
  };
  attempt(secured);
}

TEST(Controller, KeyExchangeThatIsNone) {
  net::Random random(5);
  const auto ephemeral = wire::make_box_key_pair(random);
  const std::string advice = ": Please try later";
  // Another first message is lost, and the client goes on in plain text.
  secured_by(register_pk_response(), "Remote desktop is offline");
  hbb::RendezvousMessage two_keys = key_exchange();
  two_keys.mutable_key_exchange()->add_keys("y");
  secured_by(two_keys,
             "Failed to secure tcp: Handshake failed: invalid key exchange message" + advice);
  secured_by(wrap<hbb::RendezvousMessage>(wire::offer_key_exchange(ephemeral, some_keys(3))),
             "Failed to secure tcp: Signature mismatch in key exchange" + advice);
  hbb::RendezvousMessage short_key;
  short_key.mutable_key_exchange()->add_keys(wire::sign("short", kServerKeys));
  secured_by(short_key, "Failed to secure tcp: Wrong their public length in key exchange" + advice);
  secured_by(
      key_exchange(),
      "Failed to secure tcp: Handshake failed: invalid public key from rendezvous server" + advice,
      "not a key");
}

}  // namespace
}  // namespace deskcheck::sim
