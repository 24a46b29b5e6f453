// The agent's loop against a scripted API in virtual time: when it asks what, and what it does with
// the answers.
#include "client-sim/agent/agent.hpp"
#include "client-sim/account/answer_classes.hpp"
#include "client-sim/account/scripted_api.hpp"
#include "client-sim/agent/recording.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Says = ScriptedApi::Says;
using Heard = ScriptedApi::Heard;

TEST(HeartbeatAnswer, EachKeyCountsByItself) {
  EXPECT_FALSE(react_to_heartbeat("").wants_sysinfo);
  EXPECT_FALSE(react_to_heartbeat("[]").wants_sysinfo);
  EXPECT_TRUE(react_to_heartbeat(R"({"sysinfo":false})").wants_sysinfo);
  EXPECT_THAT(react_to_heartbeat(R"({"disconnect":[1,-2]})").disconnect, ElementsAre(1, -2));
  EXPECT_THAT(react_to_heartbeat(R"({"disconnect":[1,"2"]})").disconnect, IsEmpty());
  EXPECT_THAT(react_to_heartbeat(R"({"disconnect":[2147483648]})").disconnect, IsEmpty());
  EXPECT_EQ(react_to_heartbeat(R"({"modified_at":5})").modified_at, 5);
  EXPECT_EQ(react_to_heartbeat(R"({"modified_at":5.0})").modified_at, std::nullopt);
}

TEST(HeartbeatAnswer, StrategyIsOfTextsOrNothing) {
  const auto strategy = [](const char* text) { return react_to_heartbeat(text).strategy; };
  EXPECT_THAT(strategy(R"({"strategy":{"config_options":{"a":"Y"},"extra":{}}})").value(),
              ElementsAre(Pair("a", "Y")));
  EXPECT_THAT(strategy(R"({"strategy":{}})").value(), IsEmpty());
  EXPECT_FALSE(strategy(R"({"strategy":{"config_options":{"a":true}}})"));
  EXPECT_FALSE(strategy(R"({"strategy":{"config_options":null}})"));
  EXPECT_FALSE(strategy(R"({"strategy":{"config_options":{"a":"Y"},"extra":{"b":1}}})"));
  EXPECT_FALSE(strategy(R"({"strategy":null})"));
}

TEST(HeartbeatAnswer, EscapedKeyVoidsAll) {
  EXPECT_FALSE(react_to_heartbeat(R"({"sys\u0069nfo":1,"modified_at":5})").modified_at);
  EXPECT_TRUE(react_to_heartbeat(R"({"a":"\"x\":","b":{"\n":1},"modified_at":5})").modified_at);
}

TEST(HeartbeatAnswer, EmptyValueTakesAnOptionAway) {
  DeviceOptionValues options{{"kept", "1"}, {"gone", "2"}};
  apply_strategy({{"gone", ""}, {"new", "3"}}, options);
  EXPECT_THAT(options, UnorderedElementsAre(Pair("kept", "1"), Pair("new", "3")));
}

using Script = std::function<void(ScriptedApi&)>;
using Act = std::function<Task<void>(net::World, Agent&)>;

std::vector<Heard> run(const Script& script, const Act& act, const char* release = "1.4.9") {
  std::vector<Heard> heard;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    script(api);
    AgentOptions options;
    options.access = access_to_scripted_api(release);
    Agent agent(world, options, Recorder());
    agent.start();
    co_await act(world, agent);
    co_await agent.stop();
    heard = api.heard;
    co_await api.stop();
  });
  return heard;
}

void accepts_all(ScriptedApi& api) {
  api.on("/api/heartbeat", "{}");
  api.on("/api/sysinfo", "SYSINFO_UPDATED");
  api.on("/api/audit", "");
}

Act for_time(net::Duration time) {
  return [time](net::World world, Agent&) { return wait(world, time); };
}

// In whole seconds.
std::vector<long> times_of(const std::vector<Heard>& heard, const std::string& path) {
  std::vector<long> times;
  for (const auto& one : heard)
    if (one.path == path)
      times.push_back(std::chrono::duration_cast<std::chrono::seconds>(one.at).count());
  return times;
}

TEST(Agent, SaysWhoItIs) {
  const auto heard = run(accepts_all, for_time(4s));
  ASSERT_THAT(heard, SizeIs(2));
  EXPECT_EQ(heard[0].line(), "POST /api/sysinfo");
  EXPECT_FALSE(heard[0].headers.contains("authorization"));
  const auto sysinfo = parse_json(heard[0].body).value();
  EXPECT_EQ(sysinfo.at("id"), kDeviceId);
  EXPECT_EQ(sysinfo.at("version"), "1.4.9");
  const auto beat = parse_json(heard[1].body).value().as_object();
  EXPECT_EQ(beat.at("ver"), 1004090);
  EXPECT_EQ(beat.at("modified_at"), 0);
  EXPECT_FALSE(beat.contains("conns"));
}

TEST(Agent, BeatsEveryFifteenSecondsOnAGridOfThree) {
  // The first one follows the upload, and so is a little late: the next tick after 15 s is at 21.
  EXPECT_THAT(times_of(run(accepts_all, for_time(55s)), "/api/heartbeat"),
              ElementsAre(3, 21, 36, 51));
}

TEST(Agent, BeatsEveryThreeSecondsDuringASession) {
  const auto heard = run(accepts_all, [](net::World world, Agent& agent) -> Task<void> {
    const auto id = agent.begin_session(ControllerFacts());
    co_await wait(world, 10s);
    agent.end_session(id);
    co_await wait(world, 20s);
  });
  EXPECT_THAT(times_of(heard, "/api/heartbeat"), ElementsAre(3, 6, 9, 24));
}

TEST(Agent, RepeatsARefusedUploadAfterTwoMinutes) {
  const auto refuse = [](ScriptedApi& api) {
    api.on("/api/heartbeat", "{}");
    api.on("/api/sysinfo", "\"SYSINFO_UPDATED\"");
  };
  EXPECT_THAT(times_of(run(refuse, for_time(200s)), "/api/sysinfo"), ElementsAre(3, 126));
}

TEST(Agent, RepeatsAnUploadForAnUnknownIdAtOnce) {
  const auto unknown = [](ScriptedApi& api) {
    api.on("/api/heartbeat", "{}");
    api.on("/api/sysinfo", "ID_NOT_FOUND");
  };
  EXPECT_THAT(times_of(run(unknown, for_time(10s)), "/api/sysinfo"), ElementsAre(3, 6, 9));
}

TEST(Agent, UploadsAgainWhenItIsAskedTo) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/heartbeat",
           [](const Heard& heard) { return Says(heard.at < 5s ? R"({"sysinfo":null})" : "{}"); });
    api.on("/api/sysinfo", "SYSINFO_UPDATED");
  };
  EXPECT_THAT(times_of(run(script, for_time(40s)), "/api/sysinfo"), ElementsAre(3, 6));
}

TEST(Agent, WatchesWhoIsLoggedOnSince141) {
  const Act act = [](net::World world, Agent& agent) -> Task<void> {
    co_await wait(world, 5s);
    agent.change_desktop_user("somebody-else");
    co_await wait(world, 10s);
  };
  EXPECT_THAT(times_of(run(accepts_all, act), "/api/sysinfo"), ElementsAre(3, 6));
  EXPECT_THAT(times_of(run(accepts_all, act, "1.4.0"), "/api/sysinfo"), ElementsAre(3));
}

// What a second start of the agent asks, and whether it takes the server for one with an API.
struct Restart {
  std::vector<std::string> asked;
  bool pro = false;
};

Restart restart(const char* release, bool version_answers = true) {
  Restart result;
  const Script script = [&](ScriptedApi& api) {
    api.on("/api/sysinfo_ver", [&](const Heard&) {
      Says says("");
      says.hangs_up = !version_answers;
      return says;
    });
    accepts_all(api);
  };
  const auto heard = run(
      script,
      [&](net::World world, Agent& agent) -> Task<void> {
        co_await wait(world, 5s);
        co_await agent.stop();
        agent.start();
        co_await wait(world, 4s);
        result.pro = agent.is_pro();
      },
      release);
  for (std::size_t i = 2; i < heard.size(); ++i) result.asked.push_back(heard[i].path);
  return result;
}

TEST(Agent, AsksForTheVersionOfItsSysinfoUntil140) {
  // The empty version is that of a first upload.
  EXPECT_THAT(restart("1.3.9").asked, ElementsAre("/api/sysinfo_ver"));
  EXPECT_FALSE(restart("1.3.9").pro);
  EXPECT_TRUE(restart("1.4.0").pro);
  EXPECT_THAT(restart("1.4.1").asked, ElementsAre("/api/sysinfo", "/api/heartbeat"));
  EXPECT_THAT(restart("1.3.8", false).asked, ElementsAre("/api/sysinfo_ver"));
  EXPECT_THAT(restart("1.4.0", false).asked,
              ElementsAre("/api/sysinfo_ver", "/api/sysinfo", "/api/heartbeat"));
}

TEST(Agent, ClosesConnectionsThatTheServerNames) {
  const Script script = [](ScriptedApi& api) {
    api.on("/api/heartbeat", R"({"disconnect":[1,7]})");
    accepts_all(api);
  };
  int disconnects = 0;
  const auto heard = run(script, [&](net::World world, Agent& agent) -> Task<void> {
    agent.begin_session(ControllerFacts());
    co_await wait(world, 5s);
    EXPECT_THAT(agent.connections(), IsEmpty());
    disconnects = agent.counters().disconnects;
  });
  EXPECT_EQ(disconnects, 1);
  EXPECT_EQ(parse_json(heard.back().body).value().at("action"), "close");
}

TEST(Agent, ComesAgainAsEverWhenTheServerWantsFewerHeartbeats) {
  const Script script = [](ScriptedApi& api) {
    api.on("/api/heartbeat", [](const Heard&) { return Says(429, "{}"); });
    accepts_all(api);
  };
  Agent::Counters told;
  const auto heard = run(script, [&](net::World world, Agent& agent) -> Task<void> {
    co_await wait(world, 40s);
    told = agent.counters();
  });
  EXPECT_THAT(times_of(heard, "/api/heartbeat"), ElementsAre(3, 21, 36));
  EXPECT_EQ(told.limited, 3);
  EXPECT_EQ(told.answers, 0);
}

TEST(Agent, KeepsAStrategyOverARestart) {
  const Script script = [](ScriptedApi& api) {
    api.on("/api/heartbeat", [](const Heard& heard) {
      const bool known = heard.body.find("\"modified_at\":7") != std::string::npos;
      return Says(
          known ? "{}" : R"({"modified_at":7,"strategy":{"config_options":{"enable-audio":"N"}}})");
    });
    accepts_all(api);
  };
  run(script, [](net::World world, Agent& agent) -> Task<void> {
    co_await wait(world, 30s);
    co_await agent.stop();
    agent.start();
    co_await wait(world, 30s);
    EXPECT_EQ(agent.counters().strategies, 1);
    EXPECT_EQ(agent.modified_at(), 7);
    EXPECT_THAT(agent.options(), ElementsAre(Pair("enable-audio", "N")));
  });
}

TEST(Agent, IsSilentOnceItsServiceIsStopped) {
  const Script script = [](ScriptedApi& api) {
    api.on("/api/heartbeat", R"({"strategy":{"config_options":{"stop-service":"Y"}}})");
    accepts_all(api);
  };
  EXPECT_THAT(times_of(run(script, for_time(60s)), "/api/heartbeat"), ElementsAre(3));
}

// What the API at kApi says to a heartbeat, and that at another address to the next ones.
struct Migration {
  std::vector<Heard> before, after;
  std::string ends_at;  // the URL of its API
};

Migration migrate(std::string api_server, net::Duration time, std::string later = "{}") {
  Migration migration;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world), other(world, kOtherApi);
    api.on("/api/heartbeat", R"({"modified_at":90,"strategy":{"config_options":{"api-server":")" +
                                 api_server + "\"}}}");
    other.on("/api/heartbeat", later);
    for (ScriptedApi* one : {&api, &other}) accepts_all(*one);
    AgentOptions options;
    options.access = access_to_scripted_api();
    options.other_apis = {*ApiServer::at("http://api.example", kOtherApi.address)};
    options.other_apis.front().place.port = kOtherApi.port;
    Agent agent(world, options, Recorder());
    agent.start();
    co_await wait(world, time);
    migration.ends_at = agent.stacks().access().api.url;
    co_await agent.stop();
    migration.before = api.heard;
    migration.after = other.heard;
    co_await api.stop();
    co_await other.stop();
  });
  return migration;
}

TEST(Agent, FollowsAnApiServerThatAStrategyNames) {
  const auto moved = migrate("http://10.0.0.2:21114/", 40s);
  EXPECT_THAT(times_of(moved.before, "/api/heartbeat"), ElementsAre(3));
  // Its sysinfo is new to that one, and the time of its strategy goes with it.
  EXPECT_THAT(times_of(moved.after, "/api/sysinfo"), ElementsAre(6));
  EXPECT_THAT(times_of(moved.after, "/api/heartbeat"), ElementsAre(21, 36));
  ASSERT_THAT(moved.after, SizeIs(3));
  EXPECT_EQ(parse_json(moved.after[1].body).value().at("modified_at"), 90);
}

TEST(Agent, FindsAnApiServerByItsName) {
  EXPECT_EQ(migrate("http://api.example", 10s).ends_at, "http://api.example");
  EXPECT_THAT(migrate("http://api.example", 10s).after, SizeIs(1));
  const auto lost = migrate("http://nowhere.example", 40s);
  EXPECT_THAT(lost.before, SizeIs(2));
  EXPECT_THAT(lost.after, IsEmpty());
}

TEST(Agent, GoesBackWhenTheOptionIsTakenAway) {
  const auto back =
      migrate("http://10.0.0.2:21114", 30s, R"({"strategy":{"config_options":{"api-server":""}}})");
  EXPECT_THAT(times_of(back.after, "/api/heartbeat"), ElementsAre(21));
  EXPECT_THAT(times_of(back.before, "/api/sysinfo"), ElementsAre(3, 24));
  EXPECT_EQ(back.ends_at, "http://10.0.0.1:21114");
}

// --- audits --------------------------------------------------------------------------------------

// The attempts at the first record of a session.
std::vector<Heard> audit(Says says, const char* release) {
  const Script script = [&](ScriptedApi& api) {
    api.on("/api/audit", [&](const Heard&) { return says; });
    accepts_all(api);
  };
  const auto heard = run(
      script,
      [](net::World world, Agent& agent) -> Task<void> {
        agent.begin_session(ControllerFacts());
        co_await wait(world, 60s);
      },
      release);
  std::vector<Heard> first;
  for (const auto& one : heard)
    if (one.body.find("\"new\"") != std::string::npos) first.push_back(one);
  return first;
}

TEST(Audits, AreTriedThreeTimesWithOneNonceAtTheHead) {
  const auto attempts = audit(Says("{}"), "head");
  EXPECT_THAT(times_of(attempts, "/api/audit/conn"), ElementsAre(0, 10, 40));
  EXPECT_EQ(attempts.at(0).body, attempts.at(2).body);
  EXPECT_TRUE(parse_json(attempts.at(0).body).value().as_object().contains("nonce"));
  EXPECT_THAT(audit(Says(503, ""), "head"), SizeIs(3));
  EXPECT_THAT(audit(Says(200, " \n"), "head"), SizeIs(1));
  EXPECT_THAT(audit(Says(403, R"({"error":"no"})"), "head"), SizeIs(1));
}

TEST(Audits, WereSentOnceWithoutNonce) {
  const auto attempts = audit(Says(500, "{}"), "1.4.9");
  ASSERT_THAT(attempts, SizeIs(1));
  EXPECT_FALSE(parse_json(attempts[0].body).value().as_object().contains("nonce"));
}

TEST(Audits, OfOneConnectionComeInOrder) {
  const auto heard = run(accepts_all, [](net::World world, Agent& agent) -> Task<void> {
    ControllerFacts controller;
    controller.session_id = 13835058055282163712u;
    const auto id = agent.begin_session(controller);
    agent.end_session(id);
    co_await wait(world, 2s);
  });
  ASSERT_THAT(heard, SizeIs(3));
  EXPECT_EQ(parse_json(heard[0].body).value().at("session_id"), 0);
  const auto authorised = parse_json(heard[1].body).value().as_object();
  EXPECT_EQ(authorised.at("session_id"), 13835058055282163712u);
  EXPECT_EQ(authorised.at("primary_auth"), 3);
  EXPECT_FALSE(authorised.contains("action"));
  EXPECT_EQ(parse_json(heard[2].body).value().at("action"), "close");
}

// --- recordings ----------------------------------------------------------------------------------

std::vector<std::string> record(const std::string& answer_to_part) {
  std::vector<std::string> lines;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    api.on("/api/record?type=part", answer_to_part);
    api.on("/api/record", "");
    HttpStacks stacks(world, access_to_scripted_api(), Recorder());
    RecordingUpload upload(&stacks);
    co_await upload.begin("a b.webm");
    const std::string frame(700'000, 'x');
    co_await upload.grow(frame);
    co_await wait(world, 2s);
    co_await upload.grow(frame);
    co_await upload.grow("tail");
    co_await upload.finish("HEAD");
    lines = api.lines();
    EXPECT_FALSE(api.heard.at(0).headers.contains("content-type"));
    co_await api.stop();
  });
  return lines;
}

TEST(RecordingUpload, SendsPartsOnceTheyAreLargeAndOld) {
  EXPECT_THAT(record(""),
              ElementsAre("POST /api/record?type=new&file=a%20b.webm",
                          "POST /api/record?type=part&file=a%20b.webm&offset=0&length=1400000",
                          "POST /api/record?type=part&file=a%20b.webm&offset=1400000&length=4",
                          "POST /api/record?type=tail&file=a%20b.webm&offset=0&length=1024"));
}

TEST(RecordingUpload, EndsWithAnErrorInTheBody) {
  EXPECT_THAT(record(R"({"error":"full"})"), SizeIs(2));
}

}  // namespace
}  // namespace deskcheck::sim
