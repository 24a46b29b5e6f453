// Connections of the rendezvous port that stay: the secure channel, and devices that register on
// them.
#include "proto/wire/describe.hpp"
#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

const wire::KeyPair kServer = wire::key_pair_from_seed({});

class ConnectionTest : public ServerTest {
 protected:
  ConnectionTest() { options.identity = kServer; }

  // A connection on which the server's offer has been answered.
  awaitable<Hand> secured(net::Endpoint from) {
    auto hand = co_await connect(from, ports.rendezvous);
    const bool done = co_await hand.secure(kServer.public_key);
    EXPECT_TRUE(done);
    co_return hand;
  }
  // A device that has registered on a connection.
  awaitable<Hand> registered(int n, std::string id = "123456789") {
    auto device = co_await secured(host(n));
    const auto registration = register_pk(id);
    co_await device.send(registration);
    const auto answer = co_await device.receive();
    EXPECT_TRUE(answer && answer->has_register_pk_response());
    co_return device;
  }
  awaitable<std::string> ask_path(std::string id) {
    auto controller = co_await connect(host(9), ports.rendezvous);
    const auto offer = co_await controller.receive();
    const auto request = punch_hole_request(id);
    co_await controller.send(request);
    const auto answer = co_await controller.receive(2s);
    co_return answer ? wire::describe(*answer) : "no answer";
  }
};

TEST_F(ConnectionTest, TheServerOffersAKeyBeforeAnythingElse) {
  const auto scenario = [this]() -> awaitable<void> {
    std::string first;
    for (int i = 0; i < 2; ++i) {
      auto hand = co_await connect(host(1), ports.rendezvous);
      const auto offer = co_await hand.receive(1s);
      EXPECT_TRUE(offer && offer->key_exchange().keys_size() == 1);
      const auto key = wire::verify(offer->key_exchange().keys(0), kServer.public_key);
      EXPECT_TRUE(key && key->size() == 32u);
      EXPECT_NE(*key, first) << "a fresh one per connection";
      first = *key;
    }
    auto nat = co_await connect(host(1), ports.nat);
    const auto silence = co_await nat.receive(1s);
    EXPECT_FALSE(silence);
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, EncryptedAndPlainClientsAreServedOnOnePort) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await secured(host(1));
    co_await hand.send_payload("");  // a heartbeat, which no counter counts
    for (int i = 0; i < 2; ++i) {
      const auto request = punch_hole_request("nobody");
      co_await hand.send(request);
      const auto answer = co_await hand.receive();
      EXPECT_TRUE(answer && answer->has_punch_hole_response());
    }
    const auto plain = co_await ask_path("nobody");
    EXPECT_EQ(plain, "punch_hole_response {failure: ID_NOT_EXIST}");
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, WhatDoesNotOpenEndsItsConnection) {
  const auto scenario = [this]() -> awaitable<void> {
    auto hand = co_await secured(host(1));
    co_await hand.send_payload(std::string(40, 'x'));
    bool ended = co_await hand.ended();
    EXPECT_TRUE(ended);

    Message answer;
    answer.mutable_key_exchange()->add_keys(std::string(32, 'k'));
    answer.mutable_key_exchange()->add_keys(std::string(48, 'b'));
    for (const int size : {48, 47, 0}) {
      answer.mutable_key_exchange()->mutable_keys(1)->resize(static_cast<std::size_t>(size));
      auto bad = co_await connect(host(1), ports.rendezvous);
      const auto offer = co_await bad.receive();
      co_await bad.send(answer);
      ended = co_await bad.ended();
      EXPECT_TRUE(ended);
    }
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, WithoutIdentityOrWhenSwitchedOffNothingIsOffered) {
  const auto silent = [this]() -> awaitable<void> {
    auto hand = co_await connect(host(1), ports.rendezvous);
    auto silence = co_await hand.receive(1s);
    EXPECT_FALSE(silence);
    const auto registration = register_pk("123456789");
    co_await hand.send(registration);
    const auto answer = co_await hand.receive();
    EXPECT_TRUE(answer &&
                answer->register_pk_response().result() == hbb::RegisterPkResponse::NOT_SUPPORT);
  };
  options.secure_channel = false;
  with_server(silent);
  options.secure_channel = true;
  options.identity.reset();
  with_server(silent);
}

TEST_F(ConnectionTest, ADeviceIsOnlineAsLongAsItsConnectionLives) {
  options.serial = 4;
  const auto scenario = [this]() -> awaitable<void> {
    {
      auto device = co_await registered(1);
      const auto update = co_await device.receive();
      EXPECT_TRUE(update && update->configure_update().serial() == 4);
      // Echoes keep it alive, and nothing else is needed.
      for (int i = 0; i < 10; ++i) {
        const auto heartbeat = co_await device.receive_payload(30s);
        EXPECT_TRUE(heartbeat && heartbeat->empty());
        co_await device.send_payload("");
      }
      auto controller = co_await connect(host(2), ports.rendezvous);
      const auto offer = co_await controller.receive();
      const auto request = punch_hole_request("123456789");
      co_await controller.send(request);
      const auto push = co_await device.receive();
      EXPECT_TRUE(push && push->has_punch_hole());
      EXPECT_EQ(wire::decode_address(push->punch_hole().socket_addr()), controller.local());
    }
    co_await net::sleep_for(sim, 1s);
    const auto path = co_await ask_path("123456789");
    EXPECT_EQ(path, "punch_hole_response {failure: OFFLINE}");
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, ADeviceThatEchoesNothingIsCutOff) {
  const auto scenario = [this]() -> awaitable<void> {
    auto device = co_await registered(1);
    const auto begin = sim.now();
    std::optional<std::string> heartbeat;
    do heartbeat = co_await device.receive_payload(60s);
    while (heartbeat);
    EXPECT_EQ(device.error(), boost::asio::error::eof);
    EXPECT_EQ((sim.now() - begin) / 1s, 45);
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, ADeviceWithAForeignIdGoesOnWithAnotherOne) {
  const auto scenario = [this]() -> awaitable<void> {
    auto owner = co_await registered(1);
    auto second = co_await secured(host(2));
    auto registration = register_pk("123456789", "another uuid");
    co_await second.send(registration);
    auto answer = co_await second.receive();
    EXPECT_TRUE(answer &&
                answer->register_pk_response().result() == hbb::RegisterPkResponse::UUID_MISMATCH);
    registration = register_pk("987654321", "another uuid");
    co_await second.send(registration);
    answer = co_await second.receive();
    EXPECT_TRUE(answer && answer->register_pk_response().keep_alive() == 30);
    const auto path = co_await ask_path("987654321");
    EXPECT_EQ(path, "no answer") << "it was pushed to the device";
  };
  with_server(scenario);
}

TEST_F(ConnectionTest, AnotherConnectionOfTheDeviceReplacesTheFirst) {
  const auto scenario = [this]() -> awaitable<void> {
    auto first = co_await registered(1);
    auto second = co_await registered(1);
    const bool ended = co_await first.ended();
    EXPECT_TRUE(ended);
    const auto path = co_await ask_path("123456789");
    EXPECT_EQ(path, "no answer");
    const auto push = co_await second.receive();
    EXPECT_TRUE(push && push->has_punch_hole());
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
