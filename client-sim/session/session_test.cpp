// Both sides of the end-to-end handshake, login and the life of a session, over one connection.
#include "client-sim/device/serve.hpp"
#include "client-sim/session/handshake.hpp"
#include "client-sim/test_support.hpp"

namespace deskcheck::sim {
namespace {

using testing::HasSubstr;

constexpr char kPassword[] = "secret";

std::string signed_key(const wire::KeyPair& device, const wire::KeyPair& server) {
  return wire::sign_identity(kDeviceId, wire::view(device.public_key.bytes), server);
}

// A device that serves one connection, and the controller's end of that connection.
class Meeting {
 public:
  explicit Meeting(net::World world)
      : world_(world),
        listener_(world.network.listen(net::endpoint("10.0.1.1", 5000))),
        tasks_(world.executor) {}

  Task<MessageStream> connect(bool secure = true) {
    tasks_.spawn("device", serve(secure));
    const Recorder recorder(&transcript, &world_.clock, "controller");
    auto stream = co_await MessageStream::connect(world_, kControllerHome, listener_->local(),
                                                  recorder, within(world_, 1s));
    if (!stream) throw std::runtime_error("no connection");
    co_return std::move(*stream);
  }
  Task<net::Result<Session>> session(std::string signed_id_pk,
                                     std::optional<wire::PublicKey> server_key) {
    auto stream = co_await connect();
    ExpectedDevice device(kDeviceId, std::move(signed_id_pk), server_key);
    auto session = co_await secure_as_controller(std::move(stream), std::move(device),
                                                 net::Random(7), within(world_, 60s));
    co_return std::move(session);
  }
  Task<net::Result<Session>> encrypted_session() {
    auto session =
        co_await this->session(signed_key(some_keys(1), some_keys(9)), some_keys(9).public_key);
    co_return std::move(session);
  }
  Task<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
    if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
  }

  SessionRecord record;
  boost::system::error_code device_error;  // why the handshake failed
  Transcript transcript;

 private:
  Task<void> serve(bool secure) {
    auto accepted = co_await listener_->accept(within(world_, 60s));
    if (!accepted) co_return;
    MessageStream stream(std::move(*accepted), Recorder{&transcript, &world_.clock, "device"});
    auto session =
        co_await secure_as_device(std::move(stream), DeviceIdentity(kDeviceId, some_keys(1)),
                                  secure, net::Random(8), within(world_, 60s));
    if (!session) {
      device_error = session.error();
      co_return;
    }
    record.protection = session->protection();
    ServeOptions options;
    options.device_id = kDeviceId;
    options.password = kPassword;
    options.salt = "abcdef";
    options.challenge = "123456";
    options.version = "1.4.9";
    std::function<void()> changed = [] {};
    co_await serve_session(&world_.clock, std::move(*session), std::move(options), &record,
                           std::move(changed));
  }

  net::World world_;
  std::unique_ptr<net::Listener> listener_;
  net::TaskGroup tasks_;
};

void meet(const std::function<Task<void>(net::World, Meeting&)>& story) {
  simulate([&](net::World world) -> Task<void> {
    Meeting meeting(world);
    co_await story(world, meeting);
    co_await meeting.stop();
  });
}

LoginOptions login_options(std::string password = kPassword) {
  LoginOptions options;
  options.device_id = kDeviceId;
  options.password = std::move(password);
  options.my_id = "987654321";
  options.version = "1.4.9";
  return options;
}

TEST(Session, EncryptedWhenEveryKeyIsRight) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    EXPECT_TRUE(session && session->encrypted());
    EXPECT_EQ(session->protection(), Protection::encrypted);
    auto login = co_await session->login(login_options(), within(world, 1s));
    EXPECT_TRUE(login && login->error.empty());
    EXPECT_EQ(login->peer_info.version(), "1.4.9");
    EXPECT_EQ(meeting.record.protection, Protection::encrypted);
    EXPECT_TRUE(meeting.record.logged_in);
    EXPECT_EQ(meeting.record.controller_id, "987654321");
    const auto text = render(meeting.transcript);
    EXPECT_THAT(text, HasSubstr("[encrypted] hash {"));
    EXPECT_THAT(text, HasSubstr("[encrypted] login_request {"));
  });
}

TEST(Session, WithoutUsableKeyTheControllerSaysNothingAtOnce) {
  const auto key = some_keys(9).public_key;
  const std::string right = signed_key(some_keys(1), some_keys(9));
  const std::string other_id =
      wire::sign_identity("another", wire::view(some_keys(1).public_key.bytes), some_keys(9));
  const std::vector<std::pair<std::string, std::optional<wire::PublicKey>>> cases{
      {"", key}, {right, std::nullopt}, {right, some_keys(3).public_key}, {other_id, key}};
  for (const auto& [signed_id_pk, server_key] : cases) {
    const auto text = signed_id_pk;
    const auto verifier = server_key;
    meet([&](net::World world, Meeting& meeting) -> Task<void> {
      auto session = co_await meeting.session(text, verifier);
      EXPECT_TRUE(session && !session->encrypted());
      EXPECT_EQ(session->protection(), Protection::no_key);
      auto login = co_await session->login(login_options(), within(world, 1s));
      EXPECT_TRUE(login && login->error.empty());
      EXPECT_EQ(meeting.record.protection, Protection::no_key);
      EXPECT_THAT(render(meeting.transcript), HasSubstr("-> tcp 10.0.1.1:5000"));
      EXPECT_THAT(render(meeting.transcript), HasSubstr("(empty message)"));
    });
  }
}

TEST(Session, UnverifiableSignedIdIsRefusedButTheSessionGoesOn) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    // The server vouches for another key than the one that the device signs with.
    auto session =
        co_await meeting.session(signed_key(some_keys(2), some_keys(9)), some_keys(9).public_key);
    EXPECT_TRUE(session && session->protection() == Protection::refused);
    auto login = co_await session->login(login_options(), within(world, 1s));
    EXPECT_TRUE(login && login->error.empty());
    EXPECT_EQ(meeting.record.protection, Protection::refused);
    EXPECT_THAT(render(meeting.transcript), HasSubstr("public_key {}"));
  });
}

// What a controller does when the first message is no SignedId of the device it asked for.
TEST(Session, StrangeFirstMessages) {
  hbb::Message other_id;
  other_id.mutable_signed_id()->set_id(
      wire::sign_identity("another", std::string(32, 'k'), some_keys(1)));
  hbb::Message not_signed_id;
  not_signed_id.mutable_hash();
  const std::vector<std::string> firsts{other_id.SerializeAsString(),
                                        not_signed_id.SerializeAsString(), "\xff"};
  for (const auto& first : firsts) {
    simulate([&](net::World world) -> Task<void> {
      auto listener = world.network.listen(kServer);
      auto client = co_await MessageStream::connect(world, kControllerHome, kServer, Recorder(),
                                                    within(world, 1s));
      auto accepted = co_await listener->accept(within(world, 1s));
      MessageStream device(std::move(*accepted), Recorder());
      (void)co_await device.send(first, within(world, 1s));
      ExpectedDevice expected(kDeviceId, signed_key(some_keys(1), some_keys(9)),
                              some_keys(9).public_key);
      auto session = co_await secure_as_controller(std::move(*client), std::move(expected),
                                                   net::Random(7), within(world, 60s));
      EXPECT_TRUE(session && session->protection() == Protection::no_signed_id);
      auto answer = co_await device.receive(within(world, 1s));
      EXPECT_TRUE(answer && answer->empty());
    });
  }
}

TEST(Session, ControllerWaitsEighteenSecondsForSignedId) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto stream = co_await meeting.connect(false);
    (void)co_await stream.receive(within(world, 1s));  // its Hash
    (void)co_await stream.receive(within(world, 1s));  // its first TestDelay
    const auto begun = world.clock.now();
    ExpectedDevice expected(kDeviceId, signed_key(some_keys(1), some_keys(9)),
                            some_keys(9).public_key);
    auto session = co_await secure_as_controller(std::move(stream), std::move(expected),
                                                 net::Random(7), within(world, 60s));
    EXPECT_TRUE(!session && session.error() == boost::asio::error::timed_out);
    EXPECT_EQ(world.clock.now() - begun, 18s);
  });
}

TEST(Session, WhatEndsTheHandshakeOfADevice) {
  hbb::Message short_key;
  short_key.mutable_public_key()->set_asymmetric_value("short");
  hbb::Message bad_box;
  bad_box.mutable_public_key()->set_asymmetric_value(std::string(32, 'k'));
  bad_box.mutable_public_key()->set_symmetric_value(std::string(48, 'b'));
  const std::vector<std::pair<std::string, boost::system::error_code>> cases{
      {"\xff", wire::Error::not_a_message},
      {short_key.SerializeAsString(), wire::Error::bad_key_length},
      {bad_box.SerializeAsString(), wire::Error::bad_box}};
  for (const auto& [payload, error] : cases) {
    const auto text = payload;
    const auto expected = error;
    meet([&](net::World world, Meeting& meeting) -> Task<void> {
      auto stream = co_await meeting.connect();
      (void)co_await stream.send(text, within(world, 1s));
      auto closed = co_await stream.closed(within(world, 1s));
      EXPECT_TRUE(closed);
      EXPECT_EQ(meeting.device_error, expected);
    });
  }
}

TEST(Session, DeviceWaitsEighteenSecondsForTheKey) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto stream = co_await meeting.connect();
    auto closed = co_await stream.closed(within(world, 17s));
    EXPECT_FALSE(closed);
    closed = co_await stream.closed(within(world, 2s));
    EXPECT_TRUE(closed);
    EXPECT_EQ(meeting.device_error, boost::asio::error::timed_out);
  });
}

TEST(Session, WrongPasswordThenTheRightOne) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    auto login = co_await session->login(login_options("guess"), within(world, 1s));
    EXPECT_TRUE(login && login->error == "Wrong Password");
    EXPECT_FALSE(meeting.record.logged_in);
    login = co_await session->login(login_options(), within(world, 1s));
    EXPECT_TRUE(login && login->error.empty());
    login = co_await session->login(login_options("guess"), within(world, 3s));
    EXPECT_FALSE(login);  // no answer once it is logged in
    EXPECT_TRUE(meeting.record.logged_in);
  });
}

TEST(Session, EmptyPasswordWaitsForSomebodyToAccept) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    auto login = co_await session->login(login_options(""), within(world, 3s));
    EXPECT_TRUE(!login && login.error() == boost::asio::error::timed_out);
    EXPECT_FALSE(meeting.record.over);
  });
}

TEST(Session, AnotherIdIsOffline) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    auto options = login_options();
    options.device_id = "another";
    auto login = co_await session->login(options, within(world, 1s));
    EXPECT_TRUE(login && login->error == "Offline");
    auto closed = co_await session->stream().closed(within(world, 1s));
    EXPECT_TRUE(closed && meeting.record.over);
  });
}

TEST(Session, OneDelayTestPerSecondWhileNoneIsOutstanding) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    auto idle = co_await session->idle(within(world, 3500ms));
    EXPECT_TRUE(idle);
    EXPECT_EQ(meeting.record.delay_tests, 4);  // at 0, 1, 2, 3 s
    int asked = 0;
    for (const auto until = within(world, 10s);;) {
      auto message = co_await session->receive(until);
      if (!message) break;
      EXPECT_TRUE(message->has_test_delay());
      EXPECT_EQ(message->test_delay().last_delay(), 2u);  // ms there and back
      ++asked;
    }
    EXPECT_EQ(asked, 1);
  });
}

TEST(Session, DelayTestOfTheControllerIsReturned) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    hbb::Message own;
    own.mutable_test_delay()->set_from_client(true);
    own.mutable_test_delay()->set_time(42);
    (void)co_await session->send(own, within(world, 1s));
    for (;;) {
      auto message = co_await session->receive(within(world, 1s));
      EXPECT_TRUE(message);
      if (!message || message->test_delay().time() == 42) break;
    }
  });
}

TEST(Session, ThirtySecondsOfSilenceEndIt) {
  meet([](net::World world, Meeting& meeting) -> Task<void> {
    auto session = co_await meeting.encrypted_session();
    co_await wait(world, 29s);
    EXPECT_FALSE(meeting.record.over);
    co_await wait(world, 2s);
    EXPECT_EQ(meeting.record.why_over, "Timeout");
  });
}

TEST(Session, PoliteEndAndRudeEnd) {
  for (const bool polite : {true, false}) {
    meet([polite](net::World world, Meeting& meeting) -> Task<void> {
      auto session = co_await meeting.encrypted_session();
      if (polite) {
        co_await session->close("", within(world, 1s));
      } else {
        (void)co_await session->idle(within(world, 100ms));
        session->stream().close();
      }
      co_await wait(world, 100ms);
      EXPECT_EQ(meeting.record.why_over, polite ? "Peer close" : "Reset by the peer");
    });
  }
}

TEST(Session, GarbageIsIgnoredInPlainTextAndFatalWhenEncrypted) {
  for (const bool encrypted : {true, false}) {
    meet([encrypted](net::World world, Meeting& meeting) -> Task<void> {
      const std::string key = encrypted ? signed_key(some_keys(1), some_keys(9)) : "";
      auto session = co_await meeting.session(key, some_keys(9).public_key);
      const auto frame = wire::encode_frame("\xff garbage");
      (void)co_await session->stream().send_bytes(*frame, within(world, 1s));
      co_await wait(world, 100ms);
      EXPECT_EQ(meeting.record.over, encrypted);
    });
  }
}

}  // namespace
}  // namespace deskcheck::sim
