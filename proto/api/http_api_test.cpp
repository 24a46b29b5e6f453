#include "proto/api/heartbeat.hpp"
#include "proto/api/json.hpp"
#include "proto/api/login.hpp"
#include "proto/api/sysinfo.hpp"

#include <gmock/gmock.h>

namespace deskcheck::http_api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Json, ReadsObjectsOnly) {
  for (const char* bad : {"", "null", "[]", "1", "{", "{} x", "{\"a\":\"\xff\"}"})
    EXPECT_FALSE(parse_object(bad)) << bad;
  const auto object = parse_object(R"({"t":"x","n":5,"f":5.0,"big":18446744073709551615})");
  ASSERT_TRUE(object);
  EXPECT_EQ(text(*object, "t"), "x");
  EXPECT_EQ(text(*object, "n"), std::nullopt);
  EXPECT_EQ(integer(*object, "n"), 5);
  for (const char* none : {"f", "big", "t", "x"}) EXPECT_EQ(integer(*object, none), std::nullopt);
}

TEST(Login, MembersMayBeAbsentOrUnknown) {
  EXPECT_FALSE(parse_login("[]"));
  const auto empty = parse_login("{}");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->type + empty->username + empty->password, "");
  const auto request = parse_login(
      R"({"type":"email_code","username":"alice","verificationCode":"1","tfaCode":"2","new":[]})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, "email_code");
  EXPECT_EQ(request->username, "alice");
  EXPECT_EQ(request->verification_code + request->tfa_code, "12");
}

TEST(Login, AnswerHasTheWholeUser) {
  UserPayload user;
  user.name = "alice";
  user.is_admin = true;
  EXPECT_EQ(boost::json::serialize(login_answer("t", user)),
            R"({"type":"access_token","access_token":"t","user":{"name":"alice",)"
            R"("display_name":"","avatar":"","email":"","note":"","status":1,"is_admin":true,)"
            R"("third_auth_type":"","info":{"email_verification":false,)"
            R"("email_alarm_notification":false,"login_device_whitelist":[],"other":{}}}})");
}

TEST(Heartbeat, NeedsIdAndUuid) {
  for (const char* bad :
       {"", "[]", "{}", R"({"id":"1"})", R"({"id":1,"uuid":"u"})", R"({"id":"","uuid":"u"})"})
    EXPECT_FALSE(parse_heartbeat(bad)) << bad;
  const auto plain = parse_heartbeat(R"({"id":"1","uuid":"u"})");
  ASSERT_TRUE(plain);
  EXPECT_THAT(plain->conns, IsEmpty());
  EXPECT_EQ(plain->modified_at, 0);
  const auto full = parse_heartbeat(
      R"({"id":"1","uuid":"u","ver":1004090,"conns":[7,-1,"8",5000000000,1.5],"modified_at":-9})");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->version, 1004090);
  EXPECT_THAT(full->conns, ElementsAre(7, -1));
  EXPECT_EQ(full->modified_at, -9);
}

TEST(Heartbeat, AnswerSaysOnlyWhatThereIs) {
  HeartbeatAnswer answer;
  EXPECT_EQ(boost::json::serialize(to_json(answer)), "{}");
  answer.sysinfo = true;
  answer.disconnect = {7, 8};
  answer.modified_at = 5;
  answer.strategy.emplace().config_options["enable-audio"] = "N";
  EXPECT_EQ(boost::json::serialize(to_json(answer)),
            R"({"modified_at":5,"strategy":{"config_options":{"enable-audio":"N"},"extra":{}},)"
            R"("disconnect":[7,8],"sysinfo":true})");
}

TEST(Sysinfo, IsKeptAsSent) {
  EXPECT_FALSE(parse_sysinfo("{}"));
  const std::string body = R"({"id":"1", "uuid":"u", "hostname":"PC-7", "new":{}})";
  const auto sysinfo = parse_sysinfo(body);
  ASSERT_TRUE(sysinfo);
  EXPECT_EQ(sysinfo->text, body);
  EXPECT_EQ(sysinfo->hostname, "PC-7");
  EXPECT_EQ(sysinfo->username, "");
}

}  // namespace
}  // namespace deskcheck::http_api
