// Players against a scripted server in virtual time: what is expected, forbidden, optional;
// variables, loops, branches.
#include "client-sim/scenario/play.hpp"
#include "client-sim/test_support.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include <functional>

namespace deskcheck::scenario {
namespace {

using namespace std::chrono_literals;
using sim::ScriptedServer;
using sim::Task;
using testing::ElementsAre;
using testing::HasSubstr;
using Status = Outcome::Status;

constexpr char kRoles[] =
    "title: t\n"
    "roles: {pc: udp, other: udp, caller: tcp}\n"
    "variables: {who: somebody}\n"
    "steps:\n";

struct Verdict {
  std::string requirement;
  bool holds;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Notes final : Judge {
  std::vector<Verdict> verdicts;
  void judged(const std::string& requirement, bool holds, const std::string&,
              const std::string&) override {
    verdicts.push_back({requirement, holds});
  }
};

struct Played {
  Outcome outcome;
  std::vector<Verdict> verdicts;
  std::string conversation;
  std::vector<std::string> ids;  // of register_peer messages that the server has heard
  net::Duration took{};
};

// Answers register_peer with request_pk for ids of an odd length, and every request over TCP.
class Fixture {
 public:
  ScriptedServer::OnDatagram on_datagram = [](const ScriptedServer::Heard& heard) {
    std::vector<hbb::RendezvousMessage> answers;
    if (heard.message.has_register_peer())
      answers.push_back(
          sim::register_peer_response(heard.message.register_peer().id().size() % 2 == 1));
    return answers;
  };
  // What the owner of the target does, by its name; nothing: there is no such hook.
  std::function<std::optional<HookOutcome>(const std::string&, const boost::json::object&)> operate;
  bool address_left = true;
  std::optional<wire::PublicKey> signer;

  Played play(const std::string& steps, const char* roles = kRoles) {
    const auto scenario = load(roles + steps, "s.yaml");
    EXPECT_TRUE(scenario) << render(scenario.error());
    Played played;
    if (scenario) sim::simulate([&](net::World world) { return run(world, *scenario, played); });
    return played;
  }

 private:
  Task<void> run(net::World world, const Scenario& scenario, Played& played) {
    ScriptedServer server(world, sim::kServer);
    server.on_datagram = on_datagram;
    server.on_connection = [&](sim::MessageStream stream) {
      return answer(world, std::move(stream));
    };
    server.start();
    sim::Transcript transcript;
    Notes notes;
    int next = 0;
    Stage stage{world,
                {},
                [&]() -> std::optional<boost::asio::ip::address> {
                  if (!address_left) return std::nullopt;
                  return net::endpoint(("10.0.9." + std::to_string(++next)).c_str(), 0).address;
                },
                &transcript,
                &notes};
    stage.site.rendezvous = stage.site.relay = stage.site.nat = sim::kServer;
    stage.site.signer = signer;
    if (operate)
      stage.operate = [this](std::string hook, boost::json::object arguments) {
        return operated(std::move(hook), std::move(arguments));
      };
    const auto begun = world.clock.now();
    played.outcome = co_await scenario::play(std::move(stage), scenario);
    played.took = world.clock.now() - begun;
    played.verdicts = notes.verdicts;
    played.conversation = sim::render(transcript);
    for (const auto& heard : server.heard)
      if (heard.message.has_register_peer())
        played.ids.push_back(heard.message.register_peer().id());
    co_await server.stop();
  }

  Task<std::optional<HookOutcome>> operated(std::string hook, boost::json::object arguments) {
    co_return operate(hook, arguments);
  }

  static Task<void> answer(net::World world, sim::MessageStream stream) {
    for (;;) {
      auto request = co_await stream.receive_message(net::in(world.clock, 60s));
      if (!request) co_return;
      hbb::RendezvousMessage response;
      response.mutable_punch_hole_response()->set_failure(hbb::PunchHoleResponse::ID_NOT_EXIST);
      (void)co_await stream.send(response, net::in(world.clock, 60s));
    }
  }
};

constexpr char kAsk[] =
    "- role: pc\n"
    "  send: {register_peer: {id: odd}}\n"
    "  expect: {register_peer_response: {request_pk: true}}\n"
    "  checks: A-1\n";

TEST(Play, WhatIsExpectedComes) {
  const auto played = Fixture().play(kAsk);
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  EXPECT_THAT(played.verdicts, ElementsAre(Verdict{"A-1", true}));
  EXPECT_THAT(played.conversation,
              HasSubstr("pc      -> udp 10.0.0.1:21116  register_peer {id: \"odd\"}"));
}

TEST(Play, AFailureSaysWhereAndWhat) {
  const auto played = Fixture().play(
      "- role: pc\n"
      "  send: {register_peer: {id: even}}\n"
      "  expect: {register_peer_response: {request_pk: true}}\n"
      "  checks: [A-1, A-2]\n"
      "- {role: pc, send: {register_peer: {id: never}}}\n");
  EXPECT_EQ(played.outcome.status, Status::failed);
  EXPECT_EQ(played.outcome.place.line, 5);
  EXPECT_EQ(played.outcome.step, "pc sends register_peer and expects register_peer_response");
  EXPECT_EQ(played.outcome.expected, "register_peer_response {request_pk: true}");
  EXPECT_EQ(played.outcome.actual,
            "register_peer_response {request_pk: false} (request_pk is false)");
  EXPECT_THAT(played.verdicts, ElementsAre(Verdict{"A-1", false}, Verdict{"A-2", false}));
  EXPECT_THAT(played.ids, ElementsAre("even"));
}

TEST(Play, SilenceIsToldAsSuch) {
  const auto played = Fixture().play("- {role: pc, expect: {punch_hole: {}}, within: 300ms}\n");
  EXPECT_EQ(played.outcome.actual, "nothing within 300 ms");
  EXPECT_EQ(played.took, 300ms);
}

TEST(Play, ScansOverOtherMessages) {
  Fixture fixture;
  fixture.on_datagram = [](const ScriptedServer::Heard&) -> std::vector<hbb::RendezvousMessage> {
    return {sim::register_peer_response(false), sim::register_pk_response(),
            sim::register_peer_response(true)};
  };
  EXPECT_EQ(fixture.play(kAsk).outcome.status, Status::passed);
  const auto other = fixture.play(
      "- {role: pc, send: {register_peer: {id: a}}, expect: {punch_hole: {}}, within: 1s}\n");
  EXPECT_EQ(other.outcome.actual,
            "3 other messages, the last of them register_peer_response {request_pk: true}");
}

TEST(Play, ForbiddenBeforeExpectedFailsAtOnce) {
  const auto played = Fixture().play(
      "- role: pc\n"
      "  send: {register_peer: {id: even}}\n"
      "  expect: {register_peer_response: {request_pk: true}}\n"
      "  forbidden: {register_peer_response: {request_pk: false}}\n");
  EXPECT_EQ(played.outcome.status, Status::failed);
  EXPECT_LT(played.took, 1s);
  EXPECT_THAT(played.outcome.expected, HasSubstr("before it no register_peer_response"));
}

TEST(Play, OptionalMayBeMissing) {
  const auto played = Fixture().play(
      "- {role: pc, expect: {punch_hole: {}}, optional: true, within: 1s}\n" + std::string(kAsk));
  EXPECT_EQ(played.outcome.status, Status::passed);
}

TEST(Play, OneOfSeveralIsEnough) {
  const auto played = Fixture().play(
      "- role: pc\n"
      "  send: {register_peer: {id: odd}}\n"
      "  expect: [{punch_hole: {}}, {register_peer_response: {}}]\n");
  EXPECT_EQ(played.outcome.status, Status::passed);
}

TEST(Play, NothingForbiddenUntilABarrier) {
  const std::string quiet = "- {role: pc, forbid: {punch_hole: {}}, until: barrier, checks: A-1}\n";
  EXPECT_THAT(Fixture().play(quiet).verdicts, ElementsAre(Verdict{"A-1", true}));
  Fixture fixture;
  fixture.on_datagram = [](const ScriptedServer::Heard&) -> std::vector<hbb::RendezvousMessage> {
    hbb::RendezvousMessage push;
    push.mutable_punch_hole();
    return {push, sim::register_peer_response(true)};
  };
  EXPECT_THAT(fixture.play(quiet).verdicts, ElementsAre(Verdict{"A-1", false}));
  fixture.on_datagram = nullptr;
  EXPECT_EQ(fixture.play(quiet).outcome.actual, "no answer to the later question");
}

TEST(Play, NothingForbiddenWithinATime) {
  const auto played =
      Fixture().play("- {role: pc, forbid: {anything: true}, within: 2s, checks: A-1}\n");
  EXPECT_EQ(played.outcome.status, Status::passed);
  EXPECT_EQ(played.took, 2s);
}

TEST(Play, BarriersOnBothPaths) {
  const auto played =
      Fixture().play("- {role: pc, barrier: true}\n- {role: caller, barrier: true}\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
}

TEST(Play, LoopsCountAndVariablesAreFilledIn) {
  const auto played = Fixture().play(
      "- loop:\n"
      "    times: 2\n"
      "    as: i\n"
      "    steps: [{role: pc, send: {register_peer: {id: '${who}-${i}$$'}}, expect: {anything: "
      "true}}]\n");
  EXPECT_THAT(played.ids, ElementsAre("somebody-1$", "somebody-2$"));
}

TEST(Play, CapturedValuesComeBack) {
  Fixture fixture;
  fixture.on_datagram =
      [](const ScriptedServer::Heard& heard) -> std::vector<hbb::RendezvousMessage> {
    hbb::RendezvousMessage push;
    push.mutable_request_relay()->set_uuid("from " + heard.message.register_peer().id());
    push.mutable_request_relay()->set_conn_type(hbb::RDP);
    return {push};
  };
  const auto played = fixture.play(
      "- role: pc\n"
      "  send: {register_peer: {id: a}}\n"
      "  expect: {request_relay: {uuid: {regex: '^from ', capture: u}, conn_type: {capture: c}}}\n"
      "- role: pc\n"
      "  send: {register_peer: {id: '${u} ${c}'}}\n"
      "  expect: {request_relay: {uuid: 'from ${u} RDP', conn_type: '${c}'}}\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
}

TEST(Play, BranchesRunSideBySide) {
  const auto played = Fixture().play(
      "- parallel:\n"
      "  - [{wait: 3s}, {role: pc, send: {register_peer: {id: late}}, expect: {anything: true}}]\n"
      "  - [{wait: 2s}, {role: other, send: {register_peer: {id: early}}}]\n");
  EXPECT_EQ(played.outcome.status, Status::passed);
  EXPECT_LT(played.took, 4s);
  EXPECT_THAT(played.ids, ElementsAre("early", "late"));
}

TEST(Play, ABranchThatFailsEndsTheOthers) {
  const auto played = Fixture().play(
      "- parallel:\n"
      "  - [{wait: 1h}]\n"
      "  - [{role: other, expect: {punch_hole: {}}, within: 1s}]\n");
  EXPECT_EQ(played.outcome.status, Status::failed);
  EXPECT_EQ(played.took, 1s);
}

TEST(Play, ConnectionsEndAndBeginAgain) {
  const std::string ask =
      "- {role: caller, send: {punch_hole_request: {id: a}}, expect: {punch_hole_response: {}}}\n";
  const auto played = Fixture().play(ask + "- {role: caller, close: true}\n" + ask +
                                     "- {role: caller, close: half}\n"
                                     "- {role: caller, expect: {closed: true}, checks: A-1}\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  EXPECT_THAT(played.verdicts, ElementsAre(Verdict{"A-1", true}));
}

// The answers may arrive in one piece; each step takes its own bytes.
TEST(Play, RawBytesHaveNoBorders) {
  const std::string ask = "- {role: caller, send: {punch_hole_request: {id: a}}}\n";
  const auto played = Fixture().play(ask + ask + ask +
                                     "- wait: 1s\n"
                                     "- {role: caller, expect: {raw: {hex: '08 5a'}}}\n"
                                     "- {role: caller, expect: {raw: {hex: '00 08 5a 00'}}}\n"
                                     "- {role: caller, expect: {punch_hole_response: {}}}\n"
                                     "- {role: caller, expect: {raw: a}, within: 1s}\n");
  EXPECT_EQ(played.outcome.place.line, 12) << played.outcome.why;
  EXPECT_EQ(played.outcome.actual, "nothing within 1 s");
}

TEST(Play, ASocketMoves) {
  const auto played = Fixture().play(
      "- {role: pc, move: address}\n- {role: pc, send: {register_peer: {id: '${pc.ip}'}}, expect: "
      "{anything: true}}\n- {role: pc, move: port}\n" +
      std::string(kAsk));
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  EXPECT_THAT(played.ids, ElementsAre("10.0.9.4", "odd"));
}

TEST(Play, WhatTheMachineOrTheSiteCannotShowIsNotApplicable) {
  Fixture fixture;
  fixture.address_left = false;
  EXPECT_EQ(fixture.play(kAsk).outcome.status, Status::not_applicable);
  const auto signed_key = Fixture().play(
      "- {role: caller, expect: {punch_hole_response: {pk: {signed-identity: {id: a}}}}}\n");
  EXPECT_EQ(signed_key.outcome.status, Status::not_applicable);
  EXPECT_THAT(signed_key.outcome.why, HasSubstr("no key"));
}

TEST(Play, AMistakeThatOnlyShowsWhilePlaying) {
  const auto played = Fixture().play(
      "- {role: pc, expect: {payload: {capture: later}}, optional: true, within: 1s}\n"
      "- {role: pc, send: {register_peer: {id: '${later}'}}}\n");
  EXPECT_EQ(played.outcome.status, Status::broken);
  EXPECT_THAT(played.outcome.why, HasSubstr("${later} has no value yet"));
  EXPECT_EQ(played.outcome.place.line, 6);
}

TEST(Play, PeopleNeedAnApiAndOperatorsAHook) {
  Fixture fixture;
  const char* account = "title: t\nroles: {me: account}\nsteps:\n";
  const auto alone = fixture.play("- {role: me, refresh: true}\n", account);
  EXPECT_EQ(alone.outcome.status, Status::not_applicable);
  EXPECT_THAT(alone.outcome.why, HasSubstr("the HTTP API is not known"));
  const auto hook = fixture.play("- {operator: {read-recordings: {}}}\n");
  EXPECT_EQ(hook.outcome.status, Status::not_applicable);
  EXPECT_THAT(hook.outcome.why, HasSubstr("no hook 'read-recordings'"));
  const char* strict = "title: t\nserver: {require-login: true}\nroles: {pc: udp}\nsteps:\n";
  EXPECT_EQ(fixture.play("- {note: n}\n", strict).outcome.status, Status::not_applicable);
}

TEST(Play, ADeviceWithItsOwnWill) {
  Fixture fixture;
  fixture.on_datagram = sim::accept_registration;
  const auto scenario =
      "- {role: dev, start: true}\n"
      "- {role: dev, expect: {state: {registered: true, presence: online}}, within: 20s}\n"
      "- {role: con, connect: {to: '${dev.id}'}}\n"
      "- {role: con, expect: {result: {connected: false, failure: {regex: exist}}}, within: 60s}\n"
      "- {role: dev, stop: true}\n";
  const auto played =
      fixture.play(scenario, "title: t\nroles: {dev: device, con: controller}\nsteps:\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
}

TEST(Play, AUserReadsWhyADeviceKeepsItsId) {
  Fixture fixture;
  fixture.on_datagram = sim::accept_registration;
  const auto scenario =
      "- {role: dev, start: true}\n"
      "- {role: dev, change-id: new-name}\n"
      "- role: dev\n"
      "  expect: {state: {id: '${dev.id}', id_failure: {present: true}}}\n"
      "  checks: A-1\n";
  // The server answers something else than a RegisterPkResponse.
  const auto played = fixture.play(scenario, "title: t\nroles: {dev: device}\nsteps:\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  EXPECT_THAT(played.conversation, HasSubstr("new-name"));
  const auto idle = fixture.play("- {role: dev, change-id: new-name}\n",
                                 "title: t\nroles: {dev: device}\nsteps:\n");
  EXPECT_EQ(idle.outcome.status, Status::broken);
  EXPECT_THAT(idle.outcome.why, HasSubstr("has not been started"));
}

// --- answers of hooks

namespace json = boost::json;

// Answers what is given, one after the other; the last one again and again.
struct Owner {
  explicit Owner(std::vector<const char*> texts) : answers(std::move(texts)) {}

  std::optional<HookOutcome> operator()(const std::string& hook, const json::object& given) {
    hooks.push_back(hook);
    arguments = given;
    HookOutcome outcome;
    outcome.answer = json::parse(answers[std::min(next, answers.size() - 1)]);
    ++next;
    return outcome;
  }

  std::vector<const char*> answers;
  std::size_t next = 0;
  std::vector<std::string> hooks;
  json::object arguments;
};

Played with_owner(Owner& owner, const std::string& steps, const char* roles = kRoles) {
  Fixture fixture;
  fixture.operate = std::ref(owner);
  return fixture.play(steps, roles);
}

TEST(PlayOperator, AsksAgainUntilTheAnswerIsAsExpected) {
  Owner owner({R"({"online":false,"connections":[]})", R"({"online":false,"connections":[]})",
               R"({"online":true,"connections":[7]})"});
  const auto played =
      with_owner(owner,
                 "- operator: {read-device: {device: '${pc.id}'}}\n"
                 "  expect: {device: {online: true, connections: {contains: {capture: number}}}}\n"
                 "  checks: A-1\n"
                 "- operator: {disconnect: {device: x, connections: ['${number}', 8]}}\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  EXPECT_THAT(owner.hooks, ElementsAre("read-device", "read-device", "read-device", "disconnect"));
  EXPECT_EQ(owner.arguments.at("connections"), (json::array{7, 8}));
  EXPECT_THAT(played.verdicts, ElementsAre(Verdict{"A-1", true}));
}

TEST(PlayOperator, WhatNeverComesFails) {
  Owner owner({R"([{"conn_id":1,"ended":0}])"});
  const auto played =
      with_owner(owner,
                 "- operator: {read-connection-audits: {device: x}}\n"
                 "  expect: {audits: {records: {contains: {conn_id: 1, ended: {at-least: 1}}}}}\n"
                 "  within: 3s\n"
                 "  checks: A-1\n");
  EXPECT_EQ(played.outcome.status, Status::failed);
  EXPECT_THAT(played.outcome.actual, HasSubstr("conn_id: 1"));
  EXPECT_THAT(played.verdicts, ElementsAre(Verdict{"A-1", false}));
  EXPECT_EQ(owner.next, 4U);
  EXPECT_EQ(played.took, 3s);
}

TEST(PlayOperator, WhatTheTargetDoesNotShowCannotBeJudged) {
  Owner owner({R"([{"conn_id":1}])"});
  const auto played =
      with_owner(owner,
                 "- operator: {read-connection-audits: {device: x}}\n"
                 "  expect: {audits: {records: {contains: {conn_id: 1, ended: 0}}}}\n"
                 "  checks: A-1\n");
  EXPECT_EQ(played.outcome.status, Status::not_applicable);
  EXPECT_THAT(played.outcome.why, HasSubstr("'read-connection-audits' shows no 'ended'"));
  EXPECT_THAT(played.verdicts, ElementsAre());
}

TEST(PlayOperator, AHookThatFailsIsNotTheServersFault) {
  Fixture fixture;
  fixture.operate = [](const std::string&, const json::object&) {
    HookOutcome outcome;
    outcome.why = "it failed with status 500";
    return outcome;
  };
  const auto failed = fixture.play(
      "- {operator: {read-device: {device: x}}, expect: {device: {online: true}}, checks: A-1}\n");
  EXPECT_EQ(failed.outcome.status, Status::failed);
  EXPECT_THAT(failed.outcome.actual, HasSubstr("status 500"));
  EXPECT_THAT(failed.verdicts, ElementsAre());
  Owner owner({R"("no object")"});
  const auto odd = with_owner(
      owner,
      "- {operator: {read-device: {device: x}}, expect: {device: {online: true}}, checks: A-1}\n");
  EXPECT_THAT(odd.outcome.why, HasSubstr("'read-device' answers no object"));
  EXPECT_THAT(odd.verdicts, ElementsAre());
}

TEST(PlayOperator, ASecretIsTakenAndNotShown) {
  Owner owner({R"("GEZDGNBVGY3TQOJQ")"});
  const auto played =
      with_owner(owner,
                 "- {operator: {enable-totp: {user: x}}, expect: {secret: {capture: secret}}}\n"
                 "- {operator: {set-password: {user: x, password: '${secret}'}}}\n"
                 "- {operator: {enable-totp: {user: x}}, expect: {secret: other}}\n");
  EXPECT_EQ(owner.hooks.size(), 3U) << "what changes something is not done again";
  EXPECT_EQ(played.outcome.status, Status::failed);
  EXPECT_EQ(played.outcome.actual.find("GEZDG"), std::string::npos) << played.outcome.actual;
}

TEST(PlayOperator, ARecordingThatIsNotThere) {
  Owner owner({"null", R"("RIFF")"});
  const auto played = with_owner(
      owner,
      "- {operator: {read-recording: {file: x}}, expect: {recording: {length: 0}}}\n"
      "- {operator: {read-recording: {file: x}}, expect: {recording: {hex: '52494646'}}}\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
}

TEST(Play, PasswordsAreDrawn) {
  Owner owner({"null"});
  const auto played =
      with_owner(owner, "- {operator: {set-password: {user: x, password: '${word}'}}}\n",
                 "title: t\nroles: {pc: udp}\nvariables: {word: {new: password}}\nsteps:\n");
  EXPECT_EQ(played.outcome.status, Status::passed) << played.outcome.why;
  const std::string word(owner.arguments.at("password").as_string());
  EXPECT_EQ(word.size(), 18U);
  for (const char* kind : {"[A-Z]", "[a-z]", "[0-9]", "-"})
    EXPECT_THAT(word, testing::ContainsRegex(kind));
}

}  // namespace
}  // namespace deskcheck::scenario
