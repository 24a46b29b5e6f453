// Releases, text decoding, answer classes, and the stacks against a scripted API in virtual time.
#include "client-sim/account/answer_classes.hpp"
#include "client-sim/account/http_stacks.hpp"
#include "client-sim/account/scripted_api.hpp"

namespace deskcheck::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ClientRelease release(std::string_view name) { return *ClientRelease::parse(name); }

TEST(ClientRelease, IsParsed) {
  EXPECT_FALSE(ClientRelease::parse("1.2.2"));
  EXPECT_FALSE(ClientRelease::parse("1.4.10"));
  EXPECT_FALSE(ClientRelease::parse(""));
  EXPECT_EQ(release("1.4.9").version_number(), 1004090);
  EXPECT_EQ(release("1.3.8").version_number(), 1003080);
  EXPECT_EQ(release("head").version(), "1.4.9");
  EXPECT_LT(release("1.4.9"), ClientRelease::head());
  for (const auto name : ClientRelease::names()) EXPECT_EQ(release(name).name(), name);
}

TEST(ClientRelease, ChangesItsHabitsWhereTheClientDid) {
  EXPECT_TRUE(release("1.3.8").asks_sysinfo_version());
  EXPECT_TRUE(release("1.4.0").asks_sysinfo_version());
  EXPECT_FALSE(release("1.4.1").asks_sysinfo_version());
  EXPECT_TRUE(release("1.4.6").takes_failures_for_legacy());
  EXPECT_FALSE(release("1.4.7").takes_failures_for_legacy());
  EXPECT_TRUE(release("1.4.3").says_empty_body());
  EXPECT_FALSE(release("1.4.4").says_empty_body());
  EXPECT_TRUE(release("1.4.5").says_empty_body());
  EXPECT_FALSE(release("1.4.9").repeats_audits());
  EXPECT_TRUE(release("head").repeats_audits());
}

TEST(ClientRelease, KnowsTheMakersServers) {
  EXPECT_TRUE(release("1.4.4").is_public("https://rustdesk.company.org.rustdesk.com"));
  EXPECT_TRUE(release("1.4.4").is_public("https://rustdesk.com.example.org"));
  EXPECT_FALSE(release("1.4.5").is_public("https://rustdesk.com.example.org"));
  EXPECT_TRUE(release("head").is_public("https://admin.RustDesk.com.:443/base"));
  EXPECT_FALSE(release("head").is_public("https://myrustdesk.com"));
}

DartAnswer read(std::string_view name, std::string type, std::string bytes) {
  HttpAnswer answer;
  answer.status = 200;
  answer.headers = {{"content-type", std::move(type)}};
  answer.body = std::move(bytes);
  const auto text = as_dart_reads(release(name), answer);
  return text ? *text : DartAnswer();
}

TEST(Charset, JsonAndUtf8AreReadAsTheyAre) {
  EXPECT_EQ(read("1.4.9", "application/json", "\"Jos\u00e9 \u4e2d\"").text, "\"Jos\u00e9 \u4e2d\"");
  EXPECT_EQ(read("1.4.9", "text/html; Charset=\"UTF-8\"", "\u4e2d").body, "\u4e2d");
  EXPECT_EQ(read("1.3.8", "text/plain", "\u4e2d").text, "\u4e2d");
}

TEST(Charset, OtherTypesAreLatin1ForTheCurrentClient) {
  EXPECT_EQ(read("1.4.9", "text/plain", "\u4e2d").status, 0) << "cannot be read at all";
  EXPECT_EQ(read("1.4.9", "", "Jos\u00e9").text, "Jos\uFFFD");
  EXPECT_EQ(read("1.4.9", "", "Jos\u00e9").body, "Jos\u00e9");
  EXPECT_EQ(read("1.4.3", "text/plain", "Jos\u00e9").text, "Jos\u00e9");
}

TEST(Charset, MalformedUtf8FailedOnce) {
  EXPECT_EQ(read("1.4.1", "application/json", "\"\xff\"").status, 0);
  EXPECT_EQ(read("1.4.2", "application/json", "\"\xff\"").text, "\"\uFFFD\"");
  EXPECT_EQ(utf8_with_replacement("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
}

net::Result<DartAnswer> says(int status, std::string text) {
  DartAnswer answer;
  answer.status = status;
  answer.text = answer.body = std::move(text);
  return answer;
}

TEST(AnswerClasses, ActionIsDoneWithNothing) {
  EXPECT_EQ(action_failure(says(200, "")), "");
  EXPECT_EQ(action_failure(says(200, "{}")), "null");
  EXPECT_EQ(action_failure(says(200, R"({"error":"full"})")), "full");
  EXPECT_EQ(action_failure(says(403, R"({"error":"no"})")), "no");
  EXPECT_EQ(action_failure(says(201, "")), "HTTP 201");
  EXPECT_EQ(action_failure(says(404, "no page")), "HTTP 404, no page");
  EXPECT_EQ(action_failure(says(200, "ok")), "ok");
}

TEST(AnswerClasses, MapHasNoErrorAtAll) {
  EXPECT_TRUE(as_map(says(200, "{}")));
  EXPECT_EQ(as_map(says(200, R"({"error":null})")).failure, "null");
  EXPECT_EQ(as_map(says(403, R"({"error":"no"})")).failure, "no");
  EXPECT_EQ(as_map(says(500, "{}")).failure, "HTTP 500");
  EXPECT_EQ(as_map(says(200, "[]")).failure, "[]");
  EXPECT_EQ(as_map(says(502, "bad gateway")).failure, "HTTP 502, bad gateway");
  EXPECT_EQ(as_map(says(200, std::string(500, 'x'))).failure, "FormatException");
}

TEST(AnswerClasses, ListIsAList) {
  EXPECT_TRUE(as_list(says(200, "[]")));
  EXPECT_EQ(as_list(says(200, R"({"error":"no"})")).failure, R"({"error":"no"})");
  EXPECT_EQ(as_list(says(403, "[]")).failure, "HTTP 403");
}

TEST(AnswerClasses, HbbObjectHasAnyStatus) {
  HttpAnswer answer;
  answer.status = 500;
  answer.body = R"({"code":"c"})";
  EXPECT_TRUE(as_hbb_answer(answer).data);
  answer.body = R"({"error":1})";
  EXPECT_FALSE(as_hbb_answer(answer).data || as_hbb_answer(answer).error);
  answer.body = "<html>";
  EXPECT_NE(as_hbb_answer(answer).failure, "");
}

// One question of the user interface, and what the API heard of it.
struct Asked {
  net::Result<DartAnswer> answer = DartAnswer();
  std::vector<ScriptedApi::Heard> heard;
  net::Duration took{};
};

Asked ask(ScriptedApi::Says says, const char* name = "1.4.9") {
  Asked asked;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    api.on("/api", [&](const ScriptedApi::Heard&) { return says; });
    HttpStacks stacks(world, access_to_scripted_api(name), Recorder());
    const net::Time begun = world.clock.now();
    auto question = empty_post(stacks.release(), "/api/ab/personal", "t");
    asked.answer = co_await stacks.from_dart(std::move(question));
    asked.took = world.clock.now() - begun;
    asked.heard = api.heard;
    co_await api.stop();
  });
  return asked;
}

TEST(HttpStacks, EmptyPostsSayTheirLengthButFor144) {
  const auto heard = ask(ScriptedApi::Says("{}")).heard;
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].headers.at("content-length"), "0");
  EXPECT_EQ(heard[0].headers.at("authorization"), "Bearer t");
  EXPECT_EQ(heard[0].headers.at("content-type"), "application/json");
  EXPECT_FALSE(ask(ScriptedApi::Says("{}"), "1.4.4").heard[0].headers.contains("content-length"));
}

TEST(HttpStacks, WaitTwelveSecondsThroughRustAndLongerBefore) {
  ScriptedApi::Says slow("{}");
  slow.after = 20s;
  EXPECT_EQ(ask(slow).answer.error(), boost::asio::error::timed_out);
  EXPECT_EQ(ask(slow).took, 12s);
  EXPECT_TRUE(ask(slow, "1.4.3").answer);
}

TEST(HttpStacks, UnreadableTextIsAFailedCall) {
  ScriptedApi::Says says("\"\u4e2d\"");
  says.type = "text/plain";
  EXPECT_FALSE(ask(says).answer);
  EXPECT_TRUE(ask(says, "1.4.3").answer);
}

// What is asked where HTTP fails with this status, and the rendezvous port answers.
struct Tunnelled {
  int status = 0;
  std::vector<std::string> asked;  // "METHOD path" through the tunnel
};

Tunnelled fall_back(int http_status, const char* name, bool answers = true) {
  Tunnelled result;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    api.on("/api", [&](const ScriptedApi::Heard&) { return ScriptedApi::Says(http_status, "{}"); });
    ScriptedServer server(world, kServer);
    server.on_connection = [&](MessageStream stream) -> Task<void> {
      // Something else than a key first: the client goes on without encryption.
      const auto first = register_pk_response();
      (void)co_await stream.send(first, within(world, 5s));
      const auto asked = co_await server.hear(&stream);
      const auto& request = asked.http_proxy_request();
      result.asked.push_back(request.method() + ' ' + request.path());
      if (!answers) co_return;
      hbb::RendezvousMessage answer;
      answer.mutable_http_proxy_response()->set_status(200);
      answer.mutable_http_proxy_response()->set_body("{}");
      (void)co_await stream.send(answer, within(world, 5s));
      (void)co_await stream.closed(within(world, 60s));
    };
    server.start();
    auto access = access_to_scripted_api(name);
    access.rendezvous = kServer;
    HttpStacks stacks(world, access, Recorder());
    HttpQuestion question("GET", "/api/users?current=1");
    const auto answer = co_await stacks.from_dart(std::move(question));
    if (answer) result.status = answer->status;
    co_await server.stop();
    co_await api.stop();
  });
  return result;
}

TEST(HttpStacks, FallBackToTheTunnelAfterServerErrors) {
  EXPECT_THAT(fall_back(404, "1.4.9").asked, IsEmpty());
  const auto broken = fall_back(500, "1.4.7");
  EXPECT_EQ(broken.status, 200);
  EXPECT_THAT(broken.asked, ElementsAre("GET /api/users?current=1"));
  EXPECT_THAT(fall_back(500, "1.4.6").asked, IsEmpty());
  EXPECT_EQ(fall_back(502, "head", false).status, 502) << "the tunnel fails, too";
}

}  // namespace
}  // namespace deskcheck::sim
