#include "client-sim/device/device.hpp"
#include "client-sim/device/id_change.hpp"
#include "client-sim/test_support.hpp"

namespace deskcheck::sim {
namespace {

const wire::KeyPair kServerKeys = some_keys(9);

DeviceOptions device_options(Transport transport) {
  DeviceOptions options;
  options.id = kDeviceId;
  options.uuid = "uuid-1";
  options.keys = some_keys(1);
  options.home = kDeviceHome;
  options.rendezvous = kServer;
  options.key = wire::to_text(kServerKeys.public_key);
  options.transport = transport;
  return options;
}

// What a server does on each registration connection, one after the other.
using Session = std::function<Task<void>(net::World, MessageStream&)>;

// Agrees on a key as servers do.
Task<void> offer(net::World world, MessageStream& device) {
  net::Random random(5);
  const auto ephemeral = wire::make_box_key_pair(random);
  auto offer = wire::offer_key_exchange(ephemeral, kServerKeys);
  const auto message = wrap<hbb::RendezvousMessage>(std::move(offer));
  (void)co_await device.send(message, within(world, 1s));
  auto answer = co_await device.next<hbb::KeyExchange>(within(world, 1s));
  if (!answer) throw std::runtime_error("no KeyExchange");
  const auto key = wire::finish_key_exchange(*answer, ephemeral);
  if (!key) throw std::runtime_error("wrong KeyExchange");
  device.encrypt(*key);
}

// A server made of sessions: TCP with KeyExchange at P, WebSocket at P+2.
class Server {
 public:
  Server(net::World world, Transport transport, Session session)
      : world_(world), transport_(transport), session_(std::move(session)), tasks_(world.executor) {
    auto at = kServer;
    if (transport == Transport::websocket) at.port += 2;
    listener_ = world.network.listen(at);
    tasks_.spawn("server", serve());
  }
  Task<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }
  std::vector<net::Time> begun;  // of each connection

 private:
  Task<void> serve() {
    for (;;) {
      auto accepted = co_await listener_->accept(net::never(world_.clock));
      if (!accepted) throw std::runtime_error("no connection");
      begun.push_back(world_.clock.now());
      if (transport_ == Transport::websocket) {
        auto socket =
            co_await net::WebSocket::accept(std::move(*accepted), 1 << 20, within(world_, 1s));
        if (!socket) throw std::runtime_error("no WebSocket");
        MessageStream stream(std::move(*socket), Recorder());
        co_await session_(world_, stream);
      } else {
        MessageStream stream(std::move(*accepted), Recorder());
        co_await offer(world_, stream);
        co_await session_(world_, stream);
      }
    }
  }

  net::World world_;
  Transport transport_;
  Session session_;
  std::unique_ptr<net::Listener> listener_;
  net::TaskGroup tasks_;
};

Task<void> accept(net::World world, MessageStream& device, int keep_alive = 0) {
  auto asked = co_await device.next<hbb::RegisterPk>(within(world, 5s));
  if (!asked) throw std::runtime_error("no register_pk");
  hbb::RegisterPkResponse response;
  response.set_keep_alive(keep_alive);
  const auto message = wrap<hbb::RendezvousMessage>(std::move(response));
  (void)co_await device.send(message, within(world, 1s));
}

class ConnectedDevice : public testing::TestWithParam<Transport> {};
INSTANTIATE_TEST_SUITE_P(Both, ConnectedDevice,
                         testing::Values(Transport::tcp, Transport::websocket),
                         [](const auto& kind) { return std::string(to_string(kind.param)); });

TEST_P(ConnectedDevice, RegistersAndEchoesHeartbeats) {
  simulate([](net::World world) -> Task<void> {
    int echoed = 0;
    Server server(world, GetParam(), [&](net::World w, MessageStream& device) -> Task<void> {
      EXPECT_EQ(device.encrypted(), GetParam() == Transport::tcp);
      co_await accept(w, device);
      for (int i = 0; i < 3; ++i) {
        co_await wait(w, 50s);
        (void)co_await device.send_plain(std::string(), within(w, 1s));
        auto echo = co_await device.receive(within(w, 1s));
        if (echo && echo->empty()) ++echoed;
      }
      co_await wait(w, 60s);
    });
    Device device(world, device_options(GetParam()), Recorder());
    device.start();
    auto registered = co_await device.registered(within(world, 2s));
    EXPECT_TRUE(registered);
    co_await wait(world, 155s);
    EXPECT_EQ(echoed, 3);
    EXPECT_EQ(device.counters().heartbeats, 3);
    EXPECT_EQ(device.counters().register_pk, 1);
    EXPECT_EQ(device.counters().register_peer, 0);
    co_await device.stop();
    co_await server.stop();
  });
}

// 1.5 times the announced period without a word, then a new connection, and the key again.
TEST_P(ConnectedDevice, GivesUpASilentConnection) {
  simulate([](net::World world) -> Task<void> {
    std::vector<net::Duration> lasted;
    Server server(world, GetParam(), [&](net::World w, MessageStream& device) -> Task<void> {
      const net::Time begun = w.clock.now();
      co_await accept(w, device, 20);
      auto closed = co_await device.closed(within(w, 100s));
      EXPECT_TRUE(closed);
      lasted.push_back(w.clock.now() - begun);
    });
    Device device(world, device_options(GetParam()), Recorder());
    device.start();
    co_await wait(world, 70s);
    if (lasted.size() < 2) throw std::runtime_error("did not come back");
    for (const auto time : lasted) {
      EXPECT_GE(time, 30s);
      EXPECT_LE(time, 32s);
    }
    EXPECT_GE(device.counters().register_pk, 2);
    co_await device.stop();
    co_await server.stop();
  });
}

TEST_P(ConnectedDevice, ReconnectsNoSoonerThanEighteenSecondsAfterTheStart) {
  simulate([](net::World world) -> Task<void> {
    Server server(world, GetParam(), [](net::World w, MessageStream& device) -> Task<void> {
      co_await accept(w, device);
    });
    Device device(world, device_options(GetParam()), Recorder());
    device.start();
    co_await wait(world, 40s);
    EXPECT_EQ(server.begun.size(), 3u);
    EXPECT_GE(server.begun[1] - server.begun[0], 17s);
    EXPECT_LE(server.begun[1] - server.begun[0], 18s + 100ms);
    EXPECT_NE(device.presence(), Presence::online);
    co_await device.stop();
    co_await server.stop();
  });
}

// A conflict is solved on the same connection, at once.
TEST_P(ConnectedDevice, TakesANewIdAfterAMismatch) {
  simulate([](net::World world) -> Task<void> {
    std::string second;
    Server server(world, GetParam(), [&](net::World w, MessageStream& device) -> Task<void> {
      auto first = co_await device.next<hbb::RegisterPk>(within(w, 5s));
      const auto mismatch = register_pk_response(hbb::RegisterPkResponse::UUID_MISMATCH);
      (void)co_await device.send(mismatch, within(w, 1s));
      auto again = co_await device.next<hbb::RegisterPk>(within(w, 1s));
      if (again) second = again->id();
      co_await wait(w, 10s);
    });
    Device device(world, device_options(GetParam()), Recorder());
    device.start();
    co_await wait(world, 5s);
    EXPECT_EQ(second.size(), 10u);
    EXPECT_EQ(device.id(), second);
    co_await device.stop();
    co_await server.stop();
  });
}

// Pushes come on the connection; with a WebSocket they are answered by relay, over new WebSockets.
TEST(WebSocketDevice, AnswersPushesByRelay) {
  simulate([](net::World world) -> Task<void> {
    std::vector<hbb::RendezvousMessage> said;
    int sessions = 0;
    Server server(world, Transport::websocket,
                  [&](net::World w, MessageStream& device) -> Task<void> {
                    if (sessions++ == 0) {
                      co_await accept(w, device);
                      hbb::PunchHole push;
                      push.set_socket_addr(mangled(net::endpoint("10.0.2.1", 40123)));
                      push.set_nat_type(hbb::ASYMMETRIC);
                      push.set_relay_server(net::to_string(kRelay));
                      const auto message = wrap<hbb::RendezvousMessage>(std::move(push));
                      (void)co_await device.send(message, within(w, 1s));
                      co_return;
                    }
                    auto heard = co_await device.receive_message(within(w, 5s));
                    if (heard) said.push_back(*heard);
                  });
    auto relay_at = kRelay;
    relay_at.port += 2;
    auto relay = world.network.listen(relay_at);
    Device device(world, device_options(Transport::websocket), Recorder());
    device.start();
    auto leg = co_await relay->accept(within(world, 5s));
    EXPECT_TRUE(leg);
    if (said.empty()) throw std::runtime_error("no answer");
    EXPECT_TRUE(said[0].has_relay_response());
    EXPECT_EQ(said[0].relay_response().id(), kDeviceId);
    co_await device.stop();
    co_await server.stop();
  });
}

// --- the dialog ---

Task<std::string> ask(net::World world, std::optional<hbb::RendezvousMessage> answer,
                      std::string id = "another1") {
  ScriptedServer server(world, kServer);
  server.on_connection = [&](MessageStream stream) -> Task<void> {
    hbb::KeyExchange offer;
    offer.add_keys("some key");
    const auto first = wrap<hbb::RendezvousMessage>(std::move(offer));
    (void)co_await stream.send(first, within(world, 1s));
    (void)co_await server.hear(&stream);
    if (answer) (void)co_await stream.send(*answer, within(world, 1s));
    co_await wait(world, 60s);
  };
  server.start();
  IdChange change;
  change.old_id = kDeviceId;
  change.id = std::move(id);
  change.uuid = "uuid-1";
  change.home = kDeviceHome;
  change.rendezvous = kServer;
  std::string text = co_await change_id(world, std::move(change), Recorder(), within(world, 60s));
  if (!server.heard.empty()) {
    const auto& asked = server.heard[0].message.register_pk();
    EXPECT_EQ(asked.old_id(), kDeviceId);
    EXPECT_EQ(asked.uuid(), "uuid-1");
    EXPECT_EQ(asked.pk(), "");
  }
  co_await server.stop();
  co_return text;
}

TEST(ChangeId, SaysWhatTheUserReads) {
  using Result = hbb::RegisterPkResponse;
  const std::map<Result::Result, std::string> texts{{Result::OK, ""},
                                                    {Result::ID_EXISTS, "Not available"},
                                                    {Result::TOO_FREQUENT, "Too frequent"},
                                                    {Result::NOT_SUPPORT, "server_not_support"},
                                                    {Result::SERVER_ERROR, "Server error"},
                                                    {Result::INVALID_ID_FORMAT, "Invalid format"},
                                                    {Result::UUID_MISMATCH, "Unknown error"},
                                                    {Result::NOT_DEPLOYED, "Unknown error"}};
  simulate([&](net::World world) -> Task<void> {
    for (const auto& [result, text] : texts) {
      const std::string read = co_await ask(world, register_pk_response(result));
      EXPECT_EQ(read, text);
    }
    const std::string other = co_await ask(world, register_peer_response(false));
    EXPECT_EQ(other, "Unknown error");
    const net::Time before = world.clock.now();
    const std::string silence = co_await ask(world, std::nullopt);
    EXPECT_EQ(silence, "Unknown error");
    EXPECT_GE(world.clock.now() - before, 18s);
    const std::string refused = co_await ask(world, register_pk_response(), "1bad");
    EXPECT_EQ(refused, "Invalid format");
  });
}

// The server says yes: the device registers under the new id with its next question, and only then.
TEST(ChangeId, ADeviceGoesOnUnderItsNewId) {
  simulate([](net::World world) -> Task<void> {
    ScriptedServer server(world, kServer);
    std::vector<std::string> registered;
    server.on_datagram = [&](const ScriptedServer::Heard& heard) {
      if (heard.message.has_register_pk()) registered.push_back(heard.message.register_pk().id());
      return accept_registration(heard);
    };
    auto result = hbb::RegisterPkResponse::ID_EXISTS;
    server.on_connection = [&](MessageStream stream) -> Task<void> {
      (void)co_await server.hear(&stream);
      const auto answer = register_pk_response(result);
      (void)co_await stream.send(answer, within(world, 1s));
    };
    server.start();
    Device device(world, device_options(Transport::udp), Recorder());
    device.start();
    co_await wait(world, 5s);
    const std::string refused = co_await device.change_id("another1", within(world, 60s));
    EXPECT_EQ(refused, "Not available");
    EXPECT_EQ(device.id(), kDeviceId);
    EXPECT_TRUE(device.key_confirmed());
    result = hbb::RegisterPkResponse::OK;
    const std::string changed = co_await device.change_id("another1", within(world, 60s));
    EXPECT_EQ(changed, "");
    EXPECT_EQ(device.id(), "another1");
    EXPECT_FALSE(device.key_confirmed());
    auto again = co_await device.registered(within(world, 16s));
    EXPECT_TRUE(again);
    EXPECT_EQ(registered, (std::vector<std::string>{kDeviceId, "another1"}));
    co_await device.stop();
    co_await server.stop();
  });
}

TEST(ChangeId, EndsWithItsDeadline) {
  simulate([](net::World world) -> Task<void> {
    ScriptedServer server(world, kServer);
    server.on_connection = [&](MessageStream) -> Task<void> { co_await wait(world, 60s); };
    server.start();
    Device device(world, device_options(Transport::tcp), Recorder());
    const net::Time before = world.clock.now();
    const std::string text = co_await device.change_id("another1", within(world, 3s));
    EXPECT_EQ(text, "Unknown error");
    EXPECT_LE(world.clock.now() - before, 4s);
    co_await device.stop();
    co_await server.stop();
  });
}

TEST(ChangeId, PatternOfCustomIds) {
  for (const char* id : {"abcdef", "A-_123", "abcdefghijklmnop"})
    EXPECT_TRUE(is_valid_custom_id(id)) << id;
  for (const char* id : {"abcde", "1bcdef", "abcdefghijklmnopq", "abc def", "-abcdef", ""})
    EXPECT_FALSE(is_valid_custom_id(id)) << id;
}

}  // namespace
}  // namespace deskcheck::sim
