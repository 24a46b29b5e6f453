// Login, logout, current user.
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LoginTest : public ApiDesk {
 protected:
  std::string current_user(const std::string& token) {
    return said("POST", "/api/currentUser", R"({"id":"1","uuid":"dQ=="})", token);
  }
};

constexpr const char* kAlice =
    R"({"name":"alice","display_name":"","avatar":"","email":"alice@example.org","note":"",)"
    R"("status":1,"is_admin":false,"third_auth_type":"","info":{"email_verification":false,)"
    R"("email_alarm_notification":false,"login_device_whitelist":[],"other":{}}})";

TEST_F(LoginTest, GivesATokenAndTheUser) {
  const auto text = login("alice", "s3cret");
  EXPECT_THAT(text, StartsWith(R"(200 {"type":"access_token","access_token":")"));
  EXPECT_THAT(text, EndsWith(std::string(R"(","user":)") + kAlice + "}"));
  EXPECT_EQ(current_user(signed_in("alice", "s3cret")), std::string("200 ") + kAlice);
  EXPECT_THAT(login("root", "r00t"), HasSubstr(R"("is_admin":true)"));
}

TEST_F(LoginTest, SaysTheSameWhateverIsWrong) {
  const std::string refused = R"(403 {"error":"Wrong credentials"})";
  EXPECT_EQ(login("alice", "x"), refused);
  EXPECT_EQ(login("nobody", "s3cret"), refused);
  EXPECT_EQ(login("Alice", "s3cret"), refused);
}

TEST_F(LoginTest, TakesWhatOtherClientsLeaveOut) {
  const auto post = [&](const std::string& body) { return said("POST", "/api/login", body); };
  EXPECT_THAT(post(R"({"username":"alice","password":"s3cret","new":{"x":[]}})"),
              StartsWith("200 "));
  EXPECT_EQ(post("[]"), R"(400 {"error":"The body has to be a JSON object"})");
  EXPECT_EQ(post(""), R"(400 {"error":"The body has to be a JSON object"})");
  EXPECT_EQ(post("{\"username\":\"\xff\"}"), R"(400 {"error":"The body has to be a JSON object"})");
  EXPECT_EQ(post("{}"), R"(400 {"error":"Username missed"})");
  EXPECT_EQ(post(R"({"username":5,"password":"x"})"), R"(400 {"error":"Username missed"})");
  EXPECT_EQ(post(R"({"username":"alice"})"), R"(400 {"error":"Password missed"})");
  EXPECT_EQ(post(R"({"type":"email_code","username":"alice","verificationCode":"123456"})"),
            R"(403 {"error":"The verification code is incorrect or has expired"})");
  EXPECT_EQ(post(R"({"type":"mobile","username":"alice"})"),
            R"(400 {"error":"This type of login is not supported"})");
}

TEST_F(LoginTest, PausesWhoGuesses) {
  for (int i = 0; i < options.limits.login_attempts; ++i) login("alice", "x");
  EXPECT_EQ(login("alice", "s3cret"), R"(429 {"error":"Please try 1 minute later"})");
  from = boost::asio::ip::make_address("10.0.0.2");
  EXPECT_THAT(login("alice", "s3cret"), StartsWith("200 "));
  from = boost::asio::ip::make_address("10.0.0.1");
  now += 1min;
  EXPECT_THAT(login("alice", "s3cret"), StartsWith("200 "));
}

TEST_F(LoginTest, RefusesDisabledAccounts) {
  const auto token = signed_in("alice", "s3cret");
  options.accounts[0].disabled = true;
  restart();
  EXPECT_EQ(login("alice", "s3cret"), R"(403 {"error":"The account is disabled"})");
  EXPECT_EQ(login("alice", "x"), R"(403 {"error":"Wrong credentials"})");
  EXPECT_EQ(current_user(token), R"(401 {"error":"Invalid token"})");
}

TEST_F(LoginTest, LogoutEndsTheToken) {
  const auto token = signed_in("alice", "s3cret");
  const auto other = signed_in("alice", "s3cret");
  EXPECT_TRUE(api().signed_in(token, now));
  EXPECT_EQ(said("POST", "/api/logout", R"({"id":"1","uuid":"dQ=="})", token), "200 {}");
  EXPECT_EQ(current_user(token), R"(401 {"error":"Invalid token"})");
  EXPECT_EQ(said("POST", "/api/logout", "", token), R"(401 {"error":"Invalid token"})");
  EXPECT_FALSE(api().signed_in(token, now));
  EXPECT_THAT(current_user(other), StartsWith("200 "));
}

TEST_F(LoginTest, CurrentUserNeedsAToken) {
  for (const char* bad : {"", "bad", "good ", "GOOD"})
    EXPECT_EQ(current_user(bad), R"(401 {"error":"Invalid token"})") << bad;
  EXPECT_THAT(current_user("good"), StartsWith(R"(200 {"name":"guest",)"));
  Request request;
  request.method = "POST";
  request.target = "/api/currentUser";
  request.headers = {{"AUTHORIZATION", "bearer good"}};
  EXPECT_EQ(api().on(request, now).status, 200);
  request.headers = {{"AUTHORIZATION", "Basic good"}};
  EXPECT_EQ(api().on(request, now).status, 401);
}

TEST_F(LoginTest, SecretsAreInNoAnswer) {
  for (const std::string& text :
       {login("alice", "s3cret"), login("alice", "wr0ng"), current_user("t0ken"),
        current_user(signed_in("alice", "s3cret"))})
    for (const char* secret : {"s3cret", "wr0ng", "t0ken", "argon2"})
      EXPECT_THAT(text, Not(HasSubstr(secret)));
}

}  // namespace
}  // namespace deskcheck::server::api
