// Device and controller meet through a tiny scripted rendezvous server and relay: every path, in
// virtual time and over real sockets.
#include "client-sim/controller/controller.hpp"
#include "client-sim/device/device.hpp"
#include "client-sim/test_support.hpp"
#include "proto/net/real_world.hpp"

namespace deskcheck::sim {
namespace {

const wire::KeyPair kServerKeys = some_keys(9);
constexpr char kPassword[] = "secret";

// Just enough of a server: one device, one question at a time.
class TinyServer {
 public:
  struct Policy {
    bool same_network = false;
    bool signs = true;
    bool hides_device = false;  // answers with an address where nobody is
    wire::PublicKey vouched_key = some_keys(1).public_key;

    Policy() = default;
  };

  TinyServer(net::World world, net::Endpoint at, Policy policy)
      : world_(world), policy_(policy), server_(world, at) {
    server_.on_datagram = [this](const ScriptedServer::Heard& heard) {
      device_ = heard.from;
      return accept_registration(heard);
    };
    server_.on_connection = [this](MessageStream stream) { return serve(std::move(stream)); };
  }
  void start() { server_.start(); }
  Task<void> stop() {
    asker_.reset();
    co_await server_.stop();
  }
  const std::vector<ScriptedServer::Heard>& heard() const { return server_.heard; }

 private:
  Task<void> serve(MessageStream stream) {
    const auto message = co_await server_.hear(&stream);
    hbb::RendezvousMessage push, answer;
    if (message.has_punch_hole_request()) {
      const auto& request = message.punch_hole_request();
      if (policy_.same_network) {
        push.mutable_fetch_local_addr()->set_socket_addr(mangled(stream.remote()));
      } else {
        push.mutable_punch_hole()->set_socket_addr(mangled(stream.remote()));
        push.mutable_punch_hole()->set_nat_type(request.nat_type());
      }
    } else if (message.has_request_relay()) {
      *push.mutable_request_relay() = message.request_relay();
      push.mutable_request_relay()->set_socket_addr(mangled(stream.remote()));
    } else {
      answer = answer_to(message, stream.remote());
    }
    if (push.union_case() != hbb::RendezvousMessage::UNION_NOT_SET) {
      asker_.emplace(std::move(stream));
      server_.push(device_, push);
    } else if (asker_) {
      (void)co_await asker_->send(answer, within(world_, 1s));
    }
  }

  hbb::RendezvousMessage answer_to(const hbb::RendezvousMessage& message,
                                   const net::Endpoint& from) const {
    hbb::RendezvousMessage answer;
    if (message.has_relay_response()) {
      *answer.mutable_relay_response() = message.relay_response();
      if (!message.relay_response().id().empty()) answer.mutable_relay_response()->set_pk(pk());
      return answer;
    }
    auto& response = *answer.mutable_punch_hole_response();
    response.set_pk(pk());
    if (message.has_local_addr()) {
      response.set_socket_addr(message.local_addr().local_addr());
      response.set_relay_server(message.local_addr().relay_server());
      response.set_is_local(true);
    } else {
      response.set_socket_addr(mangled(from));
      response.set_relay_server(message.punch_hole_sent().relay_server());
      response.set_nat_type(message.punch_hole_sent().nat_type());
    }
    if (policy_.hides_device) {
      net::Endpoint nobody = from;
      nobody.port = 1;
      response.set_socket_addr(mangled(nobody));
    }
    return answer;
  }

  std::string pk() const {
    if (!policy_.signs) return {};
    return wire::sign_identity(kDeviceId, wire::view(policy_.vouched_key.bytes), kServerKeys);
  }

  net::World world_;
  Policy policy_;
  ScriptedServer server_;
  net::Endpoint device_;
  std::optional<MessageStream> asker_;
};

// Pairs two connections and copies bytes.
class TinyRelay {
 public:
  TinyRelay(net::World world, net::Endpoint at) : world_(world), server_(world, at) {
    server_.on_connection = [this](MessageStream stream) { return serve(std::move(stream)); };
  }
  void start() { server_.start(); }
  Task<void> stop() {
    waiting_.clear();
    co_await server_.stop();
  }

 private:
  using Leg = std::shared_ptr<MessageStream>;

  Task<void> serve(MessageStream stream) {
    auto own = std::make_shared<MessageStream>(std::move(stream));
    const auto message = co_await server_.hear(own.get());
    const std::string uuid = message.request_relay().uuid();
    const auto partner = waiting_.extract(uuid);
    if (partner.empty()) {
      waiting_.emplace(uuid, own);
      co_return;
    }
    const Leg other = partner.mapped();
    net::TaskGroup copies(world_.executor);
    copies.spawn("there", copy(own, other));
    copies.spawn("back", copy(other, own));
    co_await copies.join();
  }
  Task<void> copy(Leg from, Leg to) {
    for (;;) {
      auto bytes = co_await from->receive_bytes(within(world_, 60s));
      if (!bytes) break;
      std::string received = std::move(*bytes);
      (void)co_await to->send_bytes(std::move(received), within(world_, 60s));
    }
    to->shutdown_send();
  }

  net::World world_;
  ScriptedServer server_;
  std::map<std::string, Leg> waiting_;
};

struct Meeting {
  TinyServer::Policy policy;
  DeviceOptions device;
  ControllerOptions controller;
  ConnectOptions connect;
  std::function<void(const ConnectResult&, const Device&)> look;
  Transcript transcript;

  // `server`, `device_at`, `controller_at`: addresses that the world has.
  Meeting(const char* server, const char* device_at, const char* controller_at) {
    device.id = kDeviceId;
    device.uuid = "uuid-1";
    device.keys = some_keys(1);
    device.home = net::endpoint(device_at, 0);
    device.rendezvous = net::endpoint(server, 21116);  // hold() takes another one
    device.password = kPassword;
    controller.id = "987654321";
    controller.home = net::endpoint(controller_at, 0);
    controller.rendezvous = device.rendezvous;
    controller.key = wire::to_text(kServerKeys.public_key);
    connect.password = kPassword;
  }
  Meeting() : Meeting("10.0.0.1", "10.0.1.1", "10.0.2.1") {}
};

struct Servers {
  Servers(const net::World& world, const net::Endpoint& at, const TinyServer::Policy& policy)
      : server(world, at, policy), relay(world, behind(at)) {}
  // Where clients look for it who are told nothing else.
  static net::Endpoint behind(net::Endpoint at) {
    ++at.port;
    return at;
  }

  TinyServer server;
  TinyRelay relay;
};

// Where both ports are free: over sockets others may have any of them.
std::unique_ptr<Servers> open_servers(const net::World& world, Meeting& meeting) {
  constexpr int kFirst = 20000, kCount = 12000;  // below those that kernels give to clients
  auto random = world.random.fork("ports");
  for (int tries = 1;; ++tries) {
    auto& at = meeting.device.rendezvous;
    at.port = static_cast<std::uint16_t>(kFirst + random.below(kCount));
    meeting.controller.rendezvous = at;
    try {
      return std::make_unique<Servers>(world, at, meeting.policy);
    } catch (const boost::system::system_error& error) {
      if (error.code() != boost::asio::error::address_in_use || tries == 100) throw;
    }
  }
}

Task<void> hold(net::World world, Meeting* meeting) {
  const auto servers = open_servers(world, *meeting);
  auto& [server, relay] = *servers;
  server.start();
  relay.start();
  Device device(world, meeting->device, Recorder{&meeting->transcript, &world.clock, "device"});
  device.start();
  auto registered = co_await device.registered(within(world, 3s));
  EXPECT_TRUE(registered);
  Controller controller(world, meeting->controller,
                        Recorder{&meeting->transcript, &world.clock, "controller"});
  auto result = co_await controller.connect(kDeviceId, meeting->connect, within(world, 60s));
  if (result.session) {
    auto idle = co_await result.session->idle(within(world, 100ms));
    EXPECT_TRUE(idle);
  }
  meeting->look(result, device);
  if (result.session) co_await result.session->close("", within(world, 1s));
  co_await device.stop();
  co_await relay.stop();
  co_await server.stop();
}

void in_virtual_time(Meeting& meeting) {
  simulate([&meeting](net::World world) { return hold(world, &meeting); });
  if (testing::Test::HasFailure()) std::fputs(render(meeting.transcript).c_str(), stderr);
}

void over_sockets(Meeting& meeting) {
  net::RealWorld real(1);
  real.run(hold(real.world(), &meeting));
  if (testing::Test::HasFailure()) std::fputs(render(meeting.transcript).c_str(), stderr);
}

void expect_encrypted(const ConnectResult& result, const Device& device, Path path, Route route) {
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.path, path) << to_string(result.path);
  ASSERT_TRUE(result.connected());
  EXPECT_TRUE(result.session->encrypted());
  ASSERT_TRUE(result.login);
  EXPECT_EQ(result.login->error, "");
  ASSERT_EQ(device.sessions().size(), 1u);
  const auto& session = device.sessions().front();
  EXPECT_EQ(session.route, route);
  EXPECT_EQ(session.protection, Protection::encrypted);
  EXPECT_TRUE(session.logged_in);
  EXPECT_FALSE(session.over);
  EXPECT_GE(session.delay_tests, 1);
}

// The four ways to meet, as changes of a meeting.
struct Way {
  Path path;
  Route route;
  std::function<void(Meeting&)> set;
};

std::vector<Way> ways() {
  return {
      {Path::direct, Route::direct, [](Meeting&) {}},
      {Path::lan, Route::lan, [](Meeting& m) { m.policy.same_network = true; }},
      {Path::relay_by_device, Route::relay, [](Meeting& m) { m.device.nat_type = hbb::SYMMETRIC; }},
      {Path::relay_by_device, Route::relay, [](Meeting& m) { m.connect.force_relay = true; }},
      {Path::relay_by_controller, Route::relay, [](Meeting& m) { m.policy.hides_device = true; }}};
}

TEST(Meeting, EveryWayInVirtualTime) {
  for (const auto& way : ways()) {
    Meeting meeting;
    way.set(meeting);
    meeting.look = [&way](const ConnectResult& result, const Device& device) {
      expect_encrypted(result, device, way.path, way.route);
    };
    in_virtual_time(meeting);
  }
}

TEST(Meeting, EveryWayOverSockets) {
  for (const auto& way : ways()) {
    Meeting meeting("127.77.0.1", "127.77.0.2", "127.77.0.3");
    way.set(meeting);
    meeting.look = [&way](const ConnectResult& result, const Device& device) {
      expect_encrypted(result, device, way.path, way.route);
    };
    over_sockets(meeting);
  }
}

TEST(Meeting, ThroughTwoNats) {
  Meeting meeting("10.0.0.1", "192.168.1.2", "192.168.2.2");
  meeting.look = [](const ConnectResult& result, const Device& device) {
    expect_encrypted(result, device, Path::direct, Route::direct);
  };
  net::SimWorld sim(1);
  for (const auto& [inside, outside] :
       {std::pair{"192.168.1.0", "10.1.0.1"}, std::pair{"192.168.2.0", "10.2.0.1"}}) {
    net::Nat nat;
    nat.inside = net::asio::ip::make_network_v4(net::asio::ip::make_address_v4(inside), 24);
    nat.outside = net::asio::ip::make_address_v4(outside);
    sim.add_nat(nat);
  }
  EXPECT_EQ(sim.run(hold(sim.world(), &meeting)), net::Ending::finished) << sim.stuck_report();
}

TEST(Meeting, WrongPassword) {
  Meeting meeting;
  meeting.connect.password = "guess";
  meeting.look = [](const ConnectResult& result, const Device& device) {
    EXPECT_TRUE(result.connected() && result.session->encrypted());
    EXPECT_EQ(result.login->error, "Wrong Password");
    EXPECT_FALSE(device.sessions().front().logged_in);
  };
  in_virtual_time(meeting);
}

TEST(Meeting, WithoutPasswordTheSessionIsHandedOverBeforeLogin) {
  Meeting meeting;
  meeting.connect.password.reset();
  meeting.look = [](const ConnectResult& result, const Device& device) {
    EXPECT_TRUE(result.connected());
    EXPECT_FALSE(result.login);
    EXPECT_FALSE(device.sessions().front().logged_in);
  };
  in_virtual_time(meeting);
}

TEST(Meeting, ServerThatDoesNotSign) {
  for (const auto& way : ways()) {
    Meeting meeting;
    meeting.policy.signs = false;
    way.set(meeting);
    meeting.look = [&way](const ConnectResult& result, const Device& device) {
      ASSERT_TRUE(result.connected()) << result.failure;
      EXPECT_EQ(result.path, way.path);
      EXPECT_EQ(result.session->protection(), Protection::no_key);
      EXPECT_EQ(result.login->error, "");
      // A device that was not asked for encryption does not offer it.
      EXPECT_EQ(device.sessions().front().protection, way.path == Path::relay_by_controller
                                                          ? Protection::device_not_secure
                                                          : Protection::no_key);
    };
    in_virtual_time(meeting);
  }
}

TEST(Meeting, KeyOfAnotherServer) {
  Meeting meeting;
  meeting.controller.key = wire::to_text(some_keys(3).public_key);
  meeting.look = [](const ConnectResult& result, const Device&) {
    ASSERT_TRUE(result.connected());
    EXPECT_EQ(result.session->protection(), Protection::no_key);
  };
  in_virtual_time(meeting);
}

TEST(Meeting, ServerThatVouchesForAnotherKeyMakesTheDeviceRegisterAgain) {
  Meeting meeting;
  meeting.policy.vouched_key = some_keys(2).public_key;
  meeting.look = [](const ConnectResult& result, const Device& device) {
    ASSERT_TRUE(result.connected());
    EXPECT_EQ(result.session->protection(), Protection::refused);
    EXPECT_EQ(device.sessions().front().protection, Protection::refused);
    EXPECT_FALSE(device.key_confirmed());
  };
  in_virtual_time(meeting);
}

// One controller may ask again and again; nothing is left of a device that stopped.
TEST(Meeting, SeveralSessionsAndAStopInTheMiddle) {
  simulate([](net::World world) -> Task<void> {
    Meeting meeting;
    TinyServer server(world, meeting.device.rendezvous, meeting.policy);
    server.start();
    Device device(world, meeting.device, Recorder());
    device.start();
    (void)co_await device.registered(within(world, 3s));
    Controller controller(world, meeting.controller, Recorder());
    auto first = co_await controller.connect(kDeviceId, meeting.connect, within(world, 60s));
    co_await wait(world, 200ms);
    auto second = co_await controller.connect(kDeviceId, meeting.connect, within(world, 60s));
    EXPECT_TRUE(first.connected() && second.connected());
    EXPECT_EQ(device.sessions().size(), 2u);
    co_await device.stop();
    auto ended = co_await first.session->stream().closed(within(world, 1s));
    EXPECT_TRUE(ended);
    co_await server.stop();
  });
}

}  // namespace
}  // namespace deskcheck::sim
