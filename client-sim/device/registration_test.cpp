#include "client-sim/device/device.hpp"
#include "client-sim/test_support.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;

DeviceOptions device_options() {
  DeviceOptions options;
  options.id = kDeviceId;
  options.uuid = "uuid-1";
  options.keys = some_keys(1);
  options.home = kDeviceHome;
  options.rendezvous = kServer;
  return options;
}

// "pk" or "peer" and the second in which it left the device, for everything that the server heard.
std::vector<std::string> sent(const ScriptedServer& server, net::Duration latency = 1ms) {
  std::vector<std::string> list;
  for (const auto& heard : server.heard) {
    const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(heard.at - latency);
    list.push_back((heard.message.has_register_pk() ? "pk " : "peer ") +
                   std::to_string(at.count()));
  }
  return list;
}

// A device against a server with this script for `time`.
struct DeviceRun {
  DeviceOptions options = device_options();
  ScriptedServer::OnDatagram script;
  net::Duration time = 40s;
  net::Duration latency = 1ms;
  std::function<void(Device&, ScriptedServer&)> look;
};

void run(DeviceRun run) {
  simulate(
      [&run](net::World world) -> Task<void> {
        ScriptedServer server(world, kServer);
        server.on_datagram = run.script;
        server.start();
        Device device(world, run.options, Recorder());
        device.start();
        co_await wait(world, run.time);
        run.look(device, server);
        co_await device.stop();
        co_await server.stop();
      },
      run.latency);
}

TEST(Registration, UnansweredItAsksEveryThreeSeconds) {
  DeviceRun silent;
  silent.time = 13s;
  silent.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server), ElementsAre("pk 0", "pk 3000", "pk 6000", "pk 9000", "pk 12000"));
    EXPECT_FALSE(device.key_confirmed());
    EXPECT_EQ(device.presence(), Presence::offline);
    const auto& request = server.heard.front().message.register_pk();
    EXPECT_EQ(request.id(), kDeviceId);
    EXPECT_EQ(request.uuid(), "uuid-1");
    EXPECT_EQ(request.pk(), wire::view(some_keys(1).public_key.bytes));
  };
  run(silent);
}

TEST(Registration, TwoMissedAnswersMeanConnectingFourOffline) {
  for (const auto& [time, expected] :
       {std::pair{21500ms, Presence::online}, std::pair{22500ms, Presence::connecting},
        std::pair{27500ms, Presence::connecting}, std::pair{28500ms, Presence::offline}}) {
    DeviceRun fades;
    fades.time = time;
    fades.script = [](const ScriptedServer::Heard& heard) {
      return heard.message.has_register_pk() ? accept_registration(heard)
                                             : std::vector<hbb::RendezvousMessage>{};
    };
    fades.look = [presence = expected](Device& device, ScriptedServer&) {
      EXPECT_EQ(device.presence(), presence);
    };
    run(fades);
  }
}

TEST(Registration, KeepsAliveFifteenSecondsAfterTheAnswer) {
  DeviceRun normal;
  normal.script = accept_registration;
  normal.latency = 0ms;
  normal.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server, 0ms), ElementsAre("pk 0", "peer 15000", "peer 30000"));
    EXPECT_TRUE(device.key_confirmed());
    EXPECT_EQ(device.presence(), Presence::online);
    EXPECT_EQ(server.heard.back().message.register_peer().serial(), 3);
    EXPECT_EQ(device.counters().register_pk, 1);
    EXPECT_EQ(device.counters().register_peer, 2);
  };
  run(normal);
}

// The timer ticks once per second: an answer 2 ms after a tick makes the interval 16 s.
TEST(Registration, TheIntervalIsRoundedUpToATick) {
  DeviceRun normal;
  normal.script = accept_registration;
  normal.look = [](Device&, ScriptedServer& server) {
    EXPECT_THAT(sent(server), ElementsAre("pk 0", "peer 16000", "peer 32000"));
  };
  run(normal);
}

TEST(Registration, AfterARestartItBeginsWithRegisterPeer) {
  DeviceRun restarted;
  restarted.options.key_confirmed = true;
  restarted.script = accept_registration;
  restarted.time = 1s;
  restarted.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server), ElementsAre("peer 0"));
    EXPECT_EQ(device.presence(), Presence::online);
  };
  run(restarted);
}

TEST(Registration, RegistersItsKeyAtOnceWhenAsked) {
  DeviceRun forgotten;
  forgotten.options.key_confirmed = true;
  forgotten.time = 17s;
  forgotten.script = [](const ScriptedServer::Heard& heard) {
    auto answers = accept_registration(heard);
    if (heard.message.has_register_peer()) answers = {register_peer_response(heard.at < 1s)};
    return answers;
  };
  forgotten.look = [](Device&, ScriptedServer& server) {
    EXPECT_THAT(sent(server), ElementsAre("peer 0", "pk 2", "peer 16000"));
  };
  run(forgotten);
}

TEST(Registration, AnswersNoServerWithoutEnd) {
  DeviceRun circle;
  circle.script = [](const ScriptedServer::Heard&) {
    return std::vector{register_peer_response(true)};
  };
  circle.time = 17s;
  circle.look = [](Device&, ScriptedServer& server) {
    // When it is due, and twenty times because it was asked.
    EXPECT_EQ(server.heard.size(), 2u * 21);
  };
  run(circle);
}

TEST(Registration, ForeignUuidGetsItANewIdAtOnce) {
  DeviceRun taken;
  taken.time = 17s;
  taken.script = [](const ScriptedServer::Heard& heard) {
    if (heard.message.register_pk().id() == kDeviceId)
      return std::vector{register_pk_response(hbb::RegisterPkResponse::UUID_MISMATCH)};
    return accept_registration(heard);
  };
  taken.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server), ElementsAre("pk 0", "pk 2", "peer 16000"));
    const auto& id = server.heard[1].message.register_pk().id();
    EXPECT_EQ(device.id(), id);
    EXPECT_EQ(id.size(), 10u);
    EXPECT_EQ(id.front(), '1');
    EXPECT_TRUE(device.key_confirmed());
  };
  run(taken);
}

TEST(Registration, WhoKeepsItsIdMakesNoOther) {
  DeviceRun taken;
  taken.time = 17s;
  taken.options.keeps_id = true;
  taken.script = [](const ScriptedServer::Heard&) {
    return std::vector{register_pk_response(hbb::RegisterPkResponse::UUID_MISMATCH)};
  };
  taken.look = [](Device& device, ScriptedServer& server) {
    for (const auto& heard : server.heard)
      if (heard.message.has_register_pk()) {
        EXPECT_EQ(heard.message.register_pk().id(), kDeviceId);
      }
    EXPECT_EQ(device.id(), kDeviceId);
    EXPECT_FALSE(device.key_confirmed());
  };
  run(taken);
}

TEST(Registration, OtherResultsAreTriedAgainAfterTheInterval) {
  for (const auto result :
       {hbb::RegisterPkResponse::ID_EXISTS, hbb::RegisterPkResponse::TOO_FREQUENT,
        hbb::RegisterPkResponse::INVALID_ID_FORMAT, hbb::RegisterPkResponse::NOT_SUPPORT,
        hbb::RegisterPkResponse::SERVER_ERROR, static_cast<hbb::RegisterPkResponse::Result>(99)}) {
    DeviceRun refused;
    refused.latency = 0ms;
    refused.script = [result](const ScriptedServer::Heard&) {
      return std::vector{register_pk_response(result)};
    };
    refused.look = [](Device& device, ScriptedServer& server) {
      EXPECT_THAT(sent(server, 0ms), ElementsAre("pk 0", "pk 15000", "pk 30000"));
      EXPECT_EQ(device.id(), kDeviceId);
      EXPECT_FALSE(device.key_confirmed());
      EXPECT_EQ(device.presence(), Presence::online);  // the server does answer
    };
    run(refused);
  }
}

// The first retry still comes after the usual interval; from then on every 30 s.
TEST(Registration, UndeployedItAsksEveryThirtySeconds) {
  DeviceRun undeployed;
  undeployed.time = 100s;
  undeployed.latency = 0ms;
  undeployed.script = [](const ScriptedServer::Heard& heard) {
    return std::vector{register_pk_response(heard.at < 70s ? hbb::RegisterPkResponse::NOT_DEPLOYED
                                                           : hbb::RegisterPkResponse::OK)};
  };
  // RegisterPkResponse as the answer to RegisterPeer is as good as any: the server is alive.
  undeployed.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server, 0ms),
                ElementsAre("pk 0", "pk 15000", "pk 45000", "pk 75000", "peer 90000"));
    EXPECT_FALSE(device.registration().needs_deploy());
  };
  run(undeployed);
}

TEST(Registration, UndeployedAndUnansweredItStaysQuiet) {
  DeviceRun undeployed;
  undeployed.time = 50s;
  undeployed.latency = 0ms;
  undeployed.script = [](const ScriptedServer::Heard& heard) {
    std::vector<hbb::RendezvousMessage> answers;
    if (heard.at == 0s)
      answers.push_back(register_pk_response(hbb::RegisterPkResponse::NOT_DEPLOYED));
    return answers;
  };
  undeployed.look = [](Device& device, ScriptedServer& server) {
    EXPECT_THAT(sent(server, 0ms), ElementsAre("pk 0", "pk 15000", "pk 45000"));
    EXPECT_TRUE(device.registration().needs_deploy());
    EXPECT_FALSE(device.key_confirmed());
  };
  run(undeployed);
}

TEST(Registration, KeepsThePushedConfiguration) {
  DeviceRun pushed;
  pushed.time = 17s;
  pushed.script = [](const ScriptedServer::Heard& heard) {
    auto answers = accept_registration(heard);
    hbb::RendezvousMessage update;
    update.mutable_configure_update()->set_serial(7);
    update.mutable_configure_update()->add_rendezvous_servers("a.example");
    answers.push_back(update);
    return answers;
  };
  pushed.look = [](Device& device, ScriptedServer& server) {
    EXPECT_EQ(device.registration().serial(), 7);
    EXPECT_THAT(device.registration().pushed_servers(), ElementsAre("a.example"));
    EXPECT_EQ(server.heard.back().message.register_peer().serial(), 7);
    EXPECT_EQ(server.heard.back().from, device.local());  // still the same socket
  };
  run(pushed);
}

TEST(Registration, AfterAMinuteOfSilenceItTakesANewSocket) {
  DeviceRun silent;
  silent.time = 64s;
  silent.look = [](Device&, ScriptedServer& server) {
    const auto& heard = server.heard;
    EXPECT_EQ(heard.size(), 22u);
    EXPECT_EQ(heard.front().from, heard[heard.size() - 2].from);
    EXPECT_NE(heard.front().from, heard.back().from);
  };
  run(silent);
}

// Slower answers than one second keep it registered, but are not shown as a connection.
TEST(Registration, SlowAnswersDoNotShowAsOnline) {
  DeviceRun slow;
  slow.latency = 600ms;
  slow.time = 3s;
  slow.script = accept_registration;
  slow.look = [](Device& device, ScriptedServer&) {
    EXPECT_TRUE(device.key_confirmed());
    EXPECT_EQ(device.presence(), Presence::connecting);
  };
  run(slow);
}

TEST(Device, RegisteredWaitsUntilItIs) {
  simulate([](net::World world) -> Task<void> {
    ScriptedServer server(world, kServer);
    server.start();
    Device device(world, device_options(), Recorder());
    device.start();
    auto registered = co_await device.registered(within(world, 4s));
    EXPECT_TRUE(!registered && registered.error() == boost::asio::error::timed_out);
    server.on_datagram = accept_registration;
    registered = co_await device.registered(within(world, 4s));
    EXPECT_TRUE(registered);
    EXPECT_EQ(server.elapsed(), 6002ms);
    co_await device.stop();
    co_await server.stop();
  });
}

TEST(Device, IgnoresGarbageAndStrangeMessages) {
  simulate([](net::World world) -> Task<void> {
    ScriptedServer server(world, kServer);
    server.on_datagram = [](const ScriptedServer::Heard&) {
      return std::vector{hbb::RendezvousMessage(), register_pk_response()};
    };
    server.start();
    Device device(world, device_options(), Recorder());
    device.start();
    DatagramChannel noise(world, net::endpoint("10.0.9.9", 0), Recorder());
    noise.send_bytes(device.local(), "\xff");
    auto registered = co_await device.registered(within(world, 1s));
    EXPECT_TRUE(registered);
    co_await device.stop();
    co_await server.stop();
  });
}

}  // namespace
}  // namespace deskcheck::sim
