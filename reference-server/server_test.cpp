#include "proto/net/real_world.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

std::string framed(const Message& message) {
  return wire::encode_frame(message.SerializeAsString()).value();
}
Message test_nat() {
  Message message;
  message.mutable_test_nat_request();
  return message;
}

TEST_F(ServerTest, DeviceAndControllerMeet) {
  const auto scenario = [this]() -> awaitable<void> {
    Device device(world, host(1, 5000), ports.rendezvous);
    const auto here = register_peer("123456789");
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(here);
    EXPECT_TRUE(answer && answer->register_peer_response().request_pk());
    answer = co_await device.ask(registration);
    EXPECT_TRUE(answer && answer->has_register_pk_response());
    answer = co_await device.ask(here);
    EXPECT_TRUE(answer && !answer->register_peer_response().request_pk());

    auto controller = co_await connect(host(2), ports.rendezvous);
    const auto request = punch_hole_request("123456789");
    co_await controller.send(request);
    auto push = co_await device.receive();
    EXPECT_TRUE(push && push->has_punch_hole());
    EXPECT_EQ(wire::decode_address(push->punch_hole().socket_addr()), controller.local());

    auto answering = co_await connect(host(1), ports.rendezvous);
    Message sent;
    sent.mutable_punch_hole_sent()->set_id("123456789");
    sent.mutable_punch_hole_sent()->set_socket_addr(push->punch_hole().socket_addr());
    co_await answering.send(sent);
    auto path = co_await controller.receive();
    EXPECT_TRUE(path && path->has_punch_hole_response());
    EXPECT_EQ(wire::decode_address(path->punch_hole_response().socket_addr()), answering.local());
    const bool ended = co_await answering.ended();
    EXPECT_TRUE(ended);
  };
  with_server(scenario);
}

// Takes everything, and stores nothing.
class FullStore final : public PeerStore {
 public:
  boost::system::result<std::optional<PeerRecord>> find(std::string_view) override {
    return std::optional<PeerRecord>();
  }
  boost::system::result<void> put(const PeerRecord&) override { return {}; }
  boost::system::result<void> rename(std::string_view, const PeerRecord&) override { return {}; }
  boost::system::result<void> commit() override {
    return boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
  }
};

TEST_F(ServerTest, WhatIsNotStoredIsNotAcknowledged) {
  const auto scenario = [this]() -> awaitable<void> {
    FullStore full;
    Options elsewhere = options;
    elsewhere.bind = host(101).address;
    Server server(world, elsewhere, full);
    server.start();
    Device device(world, host(1, 5000), server.ports().rendezvous);
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(registration);
    EXPECT_TRUE(answer &&
                answer->register_pk_response().result() == hbb::RegisterPkResponse::SERVER_ERROR);
    const auto here = register_peer("123456789");
    answer = co_await device.ask(here);
    EXPECT_TRUE(answer && answer->register_peer_response().request_pk());
    co_await server.stop();
  };
  with_server(scenario);
}

TEST_F(ServerTest, FramesComeInAnySegments) {
  const auto scenario = [this]() -> awaitable<void> {
    const auto unknown = punch_hole_request("nobody");
    auto slow = co_await connect(host(1), ports.rendezvous);
    for (const char byte : framed(unknown)) {
      co_await slow.write(std::string(1, byte));
      co_await net::sleep_until(sim, sim.now() + 100ms);
    }
    auto answer = co_await slow.receive();
    EXPECT_TRUE(answer && answer->has_punch_hole_response());

    auto both = co_await connect(host(1), ports.rendezvous);
    co_await both.write(framed(unknown) + framed(unknown) + framed(test_nat()));
    for (int i = 0; i < 2; ++i) {
      answer = co_await both.receive();
      EXPECT_TRUE(answer && answer->has_punch_hole_response());
    }
    answer = co_await both.receive();
    EXPECT_TRUE(answer && answer->test_nat_response().port() == both.local().port);
  };
  with_server(scenario);
}

TEST_F(ServerTest, BadConnectionsEndAlone) {
  const auto scenario = [this]() -> awaitable<void> {
    const std::string too_long = wire::encode_header(options.limits.frame + 1).value();
    const std::string huge = wire::encode_header(wire::kMaxPayload).value();
    for (const std::string& bytes : {std::string(1, '\0'), std::string("\x08\xff\xff"), too_long,
                                     huge, framed(register_peer("123456789"))}) {
      auto bad = co_await connect(host(1), ports.rendezvous);
      co_await bad.write(bytes);
      const bool ended = co_await bad.ended();
      EXPECT_TRUE(ended) << bytes.size();
    }
    {
      auto cut = co_await connect(host(1), ports.rendezvous);
      co_await cut.write(std::string("\x20z"));
    }
    for (const auto& port : {ports.rendezvous, ports.nat}) {
      auto good = co_await connect(host(1), port);
      const auto question = test_nat();
      co_await good.send(question);
      auto answer = co_await good.receive();
      EXPECT_TRUE(answer && answer->test_nat_response().port() == good.local().port);
      const bool ended = co_await good.ended();
      EXPECT_TRUE(ended);
    }
  };
  with_server(scenario);
}

TEST_F(ServerTest, BadDatagramsAreIgnored) {
  const auto scenario = [this]() -> awaitable<void> {
    Device device(world, host(1, 5000), ports.rendezvous);
    for (const std::string& bytes :
         {std::string(), std::string("\xff\xff"), std::string(3000, 'x')})
      device.send_bytes(bytes);
    const auto here = register_peer("123456789");
    auto answer = co_await device.ask(here);
    EXPECT_TRUE(answer && answer->has_register_peer_response()) << "the first answer of all";
  };
  with_server(scenario);
}

TEST_F(ServerTest, SilentConnectionsEndAfter30Seconds) {
  const auto scenario = [this]() -> awaitable<void> {
    auto silent = co_await connect(host(1), ports.rendezvous);
    auto relayed = co_await connect(host(1), ports.relay);
    auto waiting = co_await connect(host(2), ports.rendezvous);
    const auto begin = sim.now();
    const auto unknown = punch_hole_request("nobody");
    co_await net::sleep_until(sim, begin + 20s);
    co_await waiting.send(unknown);
    bool ended = co_await silent.ended(40s);
    EXPECT_TRUE(ended);
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 30000, 10);
    ended = co_await relayed.ended(40s);
    EXPECT_TRUE(ended);
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 30000, 10);
    auto answer = co_await waiting.receive();
    EXPECT_TRUE(answer);
    ended = co_await waiting.ended(40s);
    EXPECT_TRUE(ended);
    EXPECT_NEAR(static_cast<double>((sim.now() - begin) / 1ms), 50000, 10);
  };
  with_server(scenario);
}

TEST_F(ServerTest, AnswersSurviveAnEarlyEndOfTheRequester) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hasty = co_await connect(host(1), ports.nat);
    const auto question = test_nat();
    co_await hasty.send(question);
    hasty.stream()->shutdown_send();
    auto answer = co_await hasty.receive();
    EXPECT_TRUE(answer && answer->has_test_nat_response());
  };
  with_server(scenario);
}

TEST_F(ServerTest, WhoDoesNotReadItsAnswersIsCutOff) {
  const auto scenario = [this]() -> awaitable<void> {
    auto deaf = co_await connect(host(1), ports.rendezvous);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += framed(punch_hole_request("nobody"));
    net::Result<void> written;
    for (int i = 0; i < 1000 && written; ++i) {
      const auto deadline = net::in(sim, 60s);
      written = co_await net::write_all(deaf.stream(), many, deadline);
    }
    EXPECT_FALSE(written);
    EXPECT_NE(written.error(), boost::asio::error::timed_out);
  };
  with_server(scenario);
}

TEST_F(ServerTest, AHundredIdleConnectionsDelayNobody) {
  const auto scenario = [this]() -> awaitable<void> {
    std::vector<Hand> idle;
    for (int i = 0; i < 100; ++i) {
      auto hand = co_await connect(host(2), ports.rendezvous);
      idle.push_back(std::move(hand));
    }
    Device device(world, host(1, 5000), ports.rendezvous);
    const auto begin = sim.now();
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(registration);
    EXPECT_TRUE(answer);
    EXPECT_LT(sim.now() - begin, 100ms);
  };
  with_server(scenario);
}

TEST_F(ServerTest, ANewServerKnowsTheDevicesOfTheOld) {
  const auto registers = [this]() -> awaitable<void> {
    Device device(world, host(1, 5000), ports.rendezvous);
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(registration);
    EXPECT_TRUE(answer);
  };
  const auto asks = [this]() -> awaitable<void> {
    auto controller = co_await connect(host(2), ports.rendezvous);
    const auto request = punch_hole_request("123456789");
    co_await controller.send(request);
    auto answer = co_await controller.receive();
    EXPECT_EQ(answer->punch_hole_response().failure(), hbb::PunchHoleResponse::OFFLINE);
  };
  with_server(registers);
  with_server(asks);
}

TEST_F(ServerTest, LooksForAFreeRunOfPorts) {
  options.rendezvous_port = 0;
  std::vector<std::unique_ptr<net::Listener>> taken;
  const auto scenario = [this]() -> awaitable<void> {
    EXPECT_EQ(ports.nat.port, ports.rendezvous.port - 1);
    EXPECT_EQ(ports.relay.port, ports.rendezvous.port + 1);
    EXPECT_GE(ports.nat.port, 20000);
    EXPECT_LE(ports.relay.port, 31999);
    auto hand = co_await connect(host(1), ports.relay);
  };
  with_server(scenario);
  taken.push_back(sim.listen(ports.relay));
  with_server(scenario);
  EXPECT_NE(ports.relay, taken.front()->local()) << "the same draw, so it was tried first";
}

TEST_F(ServerTest, NamesThePortThatIsTaken) {
  const auto taken = sim.listen(host(100, 21115));
  Server server(world, options, store);
  try {
    server.start();
    FAIL();
  } catch (const boost::system::system_error& e) {
    EXPECT_EQ(e.code(), boost::asio::error::address_in_use);
    EXPECT_NE(std::string(e.what()).find("21115"), std::string::npos) << e.what();
  }
}

TEST_F(ServerTest, StopsInTheMiddleOfEverything) {
  const auto scenario = [this]() -> awaitable<void> {
    auto idle = co_await connect(host(1), ports.rendezvous);
    auto waits = co_await connect(host(1), ports.relay);
    auto joined1 = co_await connect(host(1), ports.relay);
    auto joined2 = co_await connect(host(1), ports.relay);
    const auto alone = request_relay("alone");
    const auto together = request_relay("together");
    co_await waits.send(alone);
    co_await joined1.send(together);
    co_await joined2.send(together);
    co_await joined1.write("hello");
    auto heard = co_await joined2.bytes(5);
    EXPECT_EQ(heard, "hello");
  };
  with_server(scenario);
}

TEST_F(ServerTest, WireMutantsAct) {
  options.faults = find_fault("wire/punch_hole_response/delay")->plan;
  const auto scenario = [this]() -> awaitable<void> {
    auto controller = co_await connect(host(2), ports.rendezvous);
    const auto request = punch_hole_request("nobody");
    const auto begin = sim.now();
    co_await controller.send(request);
    auto answer = co_await controller.receive(25s);
    EXPECT_TRUE(answer);
    EXPECT_GE(sim.now() - begin, 20s);
  };
  with_server(scenario);
}

// The same shells on sockets of the kernel.
TEST(RealServer, ServesAndStops) {
  net::RealWorld real(1);
  MemoryPeerStore store;
  const auto scenario = [&]() -> awaitable<void> {
    Options options;
    options.rendezvous_port = 0;
    std::string notes;
    options.log = [&notes](std::string_view note) { notes += note; };
    net::World world = real.world();
    Server server(world, options, store);
    server.start();
    const Ports ports = server.ports();
    EXPECT_NE(notes.find(net::to_string(ports.rendezvous)), std::string::npos) << notes;

    Device device(world, net::endpoint("127.0.0.2", 0), ports.rendezvous);
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(registration);
    EXPECT_TRUE(answer && answer->has_register_pk_response());

    const auto deadline = net::in(real, 5s);
    auto stream =
        co_await world.network.connect(net::endpoint("127.0.0.3", 0), ports.rendezvous, deadline);
    Hand controller(real, std::move(stream.value()));
    const auto request = punch_hole_request("123456789");
    co_await controller.send(request);
    answer = co_await device.receive();
    EXPECT_TRUE(answer && answer->has_punch_hole());
    EXPECT_EQ(wire::decode_address(answer->punch_hole().socket_addr()), controller.local());

    std::vector<Hand> parties;
    for (int i = 0; i < 2; ++i) {
      stream = co_await world.network.connect(net::endpoint("127.0.0.3", 0), ports.relay, deadline);
      parties.emplace_back(real, std::move(stream.value()));
      const auto relay = request_relay("x");
      co_await parties.back().send(relay);
    }
    co_await parties[1].write("through the relay");
    const auto heard = co_await parties[0].bytes(17);
    EXPECT_EQ(heard, "through the relay");
    co_await server.stop();
  };
  real.run(scenario());
}

}  // namespace
}  // namespace deskcheck::server::testbed
