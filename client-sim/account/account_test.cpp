// Signing in and out against a scripted API in virtual time: what is asked, and what a user sees.
#include "client-sim/account/account.hpp"
#include "client-sim/account/scripted_api.hpp"

namespace deskcheck::sim {
namespace {

using Kind = LoginResult::Kind;
using testing::HasSubstr;

constexpr char kToken[] = R"({"type":"access_token","access_token":"t","user":{"name":"alice"}})";
constexpr char kTotp[] =
    R"({"type":"email_check","tfa_type":"tfa_check","secret":"s","user":{"name":"alice"}})";

struct Story {
  LoginResult result;
  SignIn sign_in;
  std::vector<ScriptedApi::Heard> heard;
  net::Duration took{};
};

using Act = std::function<Task<LoginResult>(Account&)>;

Story tell(const std::function<void(ScriptedApi&)>& script, const Act& act,
           const char* release = "1.4.9", std::string token = "") {
  Story story;
  simulate([&](net::World world) -> Task<void> {
    ScriptedApi api(world);
    script(api);
    AccountOptions options;
    options.access = access_to_scripted_api(release);
    options.token = token;
    if (!token.empty()) options.user_name = "alice";
    Account account(world, options, Recorder());
    const net::Time begun = world.clock.now();
    story.result = co_await act(account);
    story.took = world.clock.now() - begun;
    story.sign_in = account.sign_in();
    story.heard = api.heard;
    co_await api.stop();
  });
  return story;
}

Story log_in(std::string answer, const char* release = "1.4.9", int status = 200) {
  const auto script = [&](ScriptedApi& api) {
    api.on("/api/login",
           [&](const ScriptedApi::Heard&) { return ScriptedApi::Says(status, answer); });
  };
  return tell(
      script,
      [](Account& account) -> Task<LoginResult> {
        auto result = co_await account.log_in("alice", "secret");
        co_return result;
      },
      release);
}

TEST(AccountLogin, SendsWhatTheDialogSends) {
  const auto story = log_in(kToken);
  EXPECT_EQ(story.result.kind, Kind::signed_in);
  EXPECT_EQ(story.sign_in.token, "t");
  EXPECT_TRUE(story.sign_in.is_shown());
  ASSERT_GE(story.heard.size(), 1u);
  EXPECT_EQ(story.heard[0].line(), "POST /api/login");
  EXPECT_FALSE(story.heard[0].headers.contains("authorization"));
  const auto body = parse_json(story.heard[0].body).value();
  EXPECT_EQ(body.at("type"), "account");
  EXPECT_EQ(body.at("username"), "alice");
  EXPECT_EQ(body.at("uuid"), "bWFjaGluZQ==");
  EXPECT_EQ(body.at("autoLogin"), true);
  EXPECT_EQ(body.at("deviceInfo").at("type"), "client");
}

TEST(AccountLogin, ShowsWhatServersSay) {
  EXPECT_EQ(log_in(R"({"error":"Wrong credentials"})").result.message, "Wrong credentials");
  EXPECT_EQ(log_in(R"({"error":"no"})", "1.4.9", 403).result.message, "no");
  EXPECT_EQ(log_in("{}", "1.4.9", 403).result.message, "");
  EXPECT_EQ(log_in("{}", "1.4.9", 403).result.kind, Kind::refused);
  EXPECT_THAT(log_in("<html>").result.message, HasSubstr("Unknown Error"));
  EXPECT_THAT(log_in(R"({"error":{"code":1}})").result.message, HasSubstr("Unknown Error"));
  EXPECT_EQ(log_in(R"({"type":"tfa_check"})").result.message, "Failed, bad response from server");
  EXPECT_EQ(log_in(R"({"type":"email_check","tfa_type":""})").result.message,
            "Failed, bad tfa type from server");
  EXPECT_EQ(log_in(R"({"type":"access_token"})").result.kind, Kind::nothing);
}

TEST(AccountLogin, TokenWithoutUserLooksSignedOut) {
  const auto story = log_in(R"({"type":"access_token","access_token":"t"})");
  EXPECT_EQ(story.sign_in.token, "t");
  EXPECT_FALSE(story.sign_in.is_shown());
}

TEST(AccountLogin, ChallengeLookedSignedInOnce) {
  EXPECT_TRUE(log_in(kTotp, "1.3.9").sign_in.is_shown());
  EXPECT_FALSE(log_in(kTotp, "1.4.0").sign_in.is_shown());
}

TEST(AccountLogin, SecondStepSendsTheCodeBack) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/login", [](const ScriptedApi::Heard& heard) {
      return ScriptedApi::Says(heard.body.find("email_code") == std::string::npos ? kTotp : kToken);
    });
  };
  const auto story = tell(script, [](Account& account) -> Task<LoginResult> {
    const auto asked = co_await account.log_in("alice", "secret");
    EXPECT_EQ(asked.kind, Kind::totp_code);
    auto result = co_await account.enter_code("123456");
    co_return result;
  });
  EXPECT_EQ(story.result.kind, Kind::signed_in);
  const auto body = parse_json(story.heard.at(1).body).value().as_object();
  EXPECT_EQ(body.at("verificationCode"), "123456");
  EXPECT_EQ(body.at("tfaCode"), "123456");
  EXPECT_EQ(body.at("secret"), "s");
  EXPECT_EQ(body.at("username"), "alice");
  EXPECT_FALSE(body.contains("password"));
}

TEST(AccountLogin, CodeByEmailHasNoTfaCodeAndNoSecondChallenge) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/login", R"({"type":"email_check","user":{"name":"alice","email":"a***"}})");
  };
  const auto story = tell(script, [](Account& account) -> Task<LoginResult> {
    const auto asked = co_await account.log_in("alice", "secret");
    EXPECT_EQ(asked.kind, Kind::email_code);
    EXPECT_EQ(asked.hint, "a***");
    auto result = co_await account.enter_code("123456");
    co_return result;
  });
  EXPECT_EQ(story.result.message, "Failed, bad response from server");
  EXPECT_EQ(story.heard.at(1).body.find("tfaCode"), std::string::npos);
}

Story refresh(int status, std::string answer, const char* release = "head") {
  const auto script = [&](ScriptedApi& api) {
    api.on("/api/currentUser",
           [&](const ScriptedApi::Heard&) { return ScriptedApi::Says(status, answer); });
  };
  return tell(
      script,
      [](Account& account) -> Task<LoginResult> {
        co_await account.refresh();
        co_return LoginResult();
      },
      release, "t");
}

TEST(AccountRefresh, ForgetsOnlyAfter401And400) {
  EXPECT_EQ(refresh(401, R"({"error":"Invalid token"})").sign_in.token, "");
  EXPECT_EQ(refresh(400, "").sign_in.token, "");
  EXPECT_EQ(refresh(403, R"({"error":"no"})").sign_in.token, "t");
}

TEST(AccountRefresh, ErrorsAreShownAtTheHead) {
  EXPECT_EQ(refresh(200, R"({"error":"no"})").sign_in.network_error, "no");
  EXPECT_EQ(refresh(404, "<html>").sign_in.network_error, "FormatException");
  EXPECT_EQ(refresh(404, "<html>", "1.4.9").sign_in.network_error, "");
  EXPECT_EQ(refresh(500, R"({"name":"bob"})").sign_in.user.name, "bob") << "of any other status";
}

TEST(AccountLogout, WaitsTwoSecondsAndForgets) {
  const auto script = [](ScriptedApi& api) {
    api.on("/api/logout", [](const ScriptedApi::Heard&) {
      ScriptedApi::Says says;
      says.after = 10s;
      return says;
    });
  };
  const auto story = tell(
      script,
      [](Account& account) -> Task<LoginResult> {
        co_await account.log_out();
        co_return LoginResult();
      },
      "1.4.9", "t");
  EXPECT_EQ(story.took, 2s);
  EXPECT_EQ(story.sign_in.token, "");
  EXPECT_EQ(story.heard.at(0).headers.at("authorization"), "Bearer t");
}

constexpr char kSignedOn[] =
    R"({"type":"access_token","access_token":"t","user":{"name":"alice","info":{}}})";
constexpr char kNotYet[] = R"({"error":"No authed oidc is found"})";

// The answers to the client's questions, the last of them again and again.
Story sign_on(std::string begun, std::vector<std::string> answers, std::string* page = nullptr,
              const char* release = "1.4.9") {
  std::size_t asked = 0;
  const auto script = [&](ScriptedApi& api) {
    api.on("/api/oidc/auth-query", [&](const ScriptedApi::Heard&) {
      const auto& answer = answers.at(std::min(asked++, answers.size() - 1));
      return answer == "gone" ? ScriptedApi::Says(502, "<html>") : ScriptedApi::Says(answer);
    });
    api.on("/api/oidc/auth", begun);
  };
  return tell(
      script,
      [page](Account& account) -> Task<LoginResult> {
        const OpenPage open = [page](std::string url) -> Task<void> {
          if (page) *page = url;
          co_return;
        };
        auto result = co_await account.log_in_at("Corp", open);
        co_return result;
      },
      release);
}

constexpr char kBegun[] = R"({"code":"a b+c","url":"https://idp.example/authorize"})";

TEST(AccountSignOn, AsksEachSecondUntilTheUserIsThrough) {
  std::string page;
  const auto story = sign_on(kBegun, {kNotYet, "gone", "[]", kSignedOn}, &page);
  EXPECT_EQ(story.result.kind, Kind::signed_in);
  EXPECT_EQ(story.sign_in.token, "t");
  EXPECT_EQ(page, "https://idp.example/authorize");
  const auto body = parse_json(story.heard.at(0).body).value();
  EXPECT_EQ(body.at("op"), "Corp");
  EXPECT_EQ(body.at("uuid"), "bWFjaGluZQ==");
  EXPECT_EQ(body.at("deviceInfo").at("type"), "client");
  EXPECT_FALSE(body.as_object().contains("apiDomain"));
  EXPECT_EQ(story.heard.at(1).line(), "GET /api/oidc/auth-query?code=a+b%2Bc&id=" +
                                          std::string(kDeviceId) + "&uuid=bWFjaGluZQ%3D%3D");
  EXPECT_FALSE(story.heard.at(1).headers.contains("content-type"));
  // A second after each answer.
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_GE(story.heard.at(i).at - story.heard.at(i - 1).at, 1s);
    EXPECT_LT(story.heard.at(i).at - story.heard.at(i - 1).at, 1100ms);
  }
}

TEST(AccountSignOn, TellsItsUrlSinceTheHead) {
  const auto story = sign_on(kBegun, {kSignedOn}, nullptr, "head");
  EXPECT_EQ(parse_json(story.heard.at(0).body)->at("apiDomain"), "http://10.0.0.1:21114");
}

TEST(AccountSignOn, GivesUpAfterThreeMinutes) {
  for (
      const char* unreadable :
      {kNotYet, R"({"error":7})",
       R"({"type":"access_token","access_token":"t","user":{"name":"alice"}})",
       R"({"type":"access_token","access_token":"t","tfa_type":null,"user":{"name":"a","info":{}}})",
       R"({"type":"access_token","access_token":"t","user":{"name":"a","info":{},"status":2}})"}) {
    const auto story = sign_on(kBegun, {unreadable});
    EXPECT_EQ(story.result.message, "timeout") << unreadable;
    EXPECT_GE(story.took, 180s) << unreadable;
    EXPECT_LT(story.took, 182s) << unreadable;
    EXPECT_EQ(story.sign_in.token, "") << unreadable;
  }
}

TEST(AccountSignOn, ShowsWhatServersSay) {
  EXPECT_EQ(sign_on(kBegun, {R"({"error":"no account here"})"}).result.message, "no account here");
  EXPECT_EQ(sign_on(R"({"error":"no such provider"})", {""}).result.message, "no such provider");
  for (const char* begun : {R"({"error":7})", R"({"code":"c"})", R"({"code":"c","url":"/page"})"})
    EXPECT_EQ(sign_on(begun, {""}).result.message, "Invalid auth response") << begun;
  EXPECT_NE(sign_on("<html>", {""}).result.message, "");
}

TEST(AccountSignOn, MayAskForACode) {
  const auto story = sign_on(
      kBegun, {R"({"type":"email_check","access_token":"","tfa_type":"tfa_check","secret":"s",)"
               R"("user":{"name":"alice","info":{}}})"});
  EXPECT_EQ(story.result.kind, Kind::totp_code);
}

}  // namespace
}  // namespace deskcheck::sim
