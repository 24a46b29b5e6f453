#include "client-sim/channel/redact.hpp"

#include <gmock/gmock.h>

namespace deskcheck::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Redact, HidesSecretMembersAndNothingElse) {
  EXPECT_EQ(without_secrets(R"({"username":"alice","password":"s3cret","id":"1"})"),
            R"({"username":"alice","password":"***","id":"1"})");
  EXPECT_EQ(without_secrets(R"({ "access_token" : "tok-1", "type": "access_token"})"),
            R"({ "access_token" : "***", "type": "access_token"})");
  EXPECT_EQ(without_secrets("<html>password</html>"), "<html>password</html>");
}

TEST(Redact, HeadersOfOtherApisAreSecretByTheirNames) {
  EXPECT_EQ(without_secrets("Authorization", "Bearer abc"), "Bearer ***");
  for (const char* name : {"api-token", "X-Api-Key", "Cookie"})
    EXPECT_EQ(without_secrets(name, "abc"), "***") << name;
  EXPECT_EQ(without_secrets("Content-Type", "text/html"), "text/html");
}

TEST(Redact, AQuoteInsideDoesNotEndThePassword) {
  EXPECT_THAT(without_secrets(R"({"password":"a\"b\\","x":1})"),
              testing::Eq(R"({"password":"***","x":1})"));
}

TEST(Redact, CutTextIsHiddenToItsEnd) {
  EXPECT_EQ(without_secrets(R"({"password":"s3cr)"), R"({"password":"***)");
  EXPECT_EQ(without_secrets(R"({"password":)"), R"({"password":)");
  EXPECT_EQ(without_secrets(R"({"password":"a\)"), R"({"password":"***)");
}

TEST(Redact, OnlyTheSchemeOfAnAuthorizationIsLeft) {
  EXPECT_EQ(without_secrets("authorization", "Bearer tok-1"), "Bearer ***");
  EXPECT_EQ(without_secrets("Authorization", "Bearer "), "Bearer ");
  EXPECT_EQ(without_secrets("Content-Type", "application/json"), "application/json");
}

TEST(Redact, TheTunnelCarriesTheSame) {
  hbb::RendezvousMessage message;
  auto& request = *message.mutable_http_proxy_request();
  auto& header = *request.add_headers();
  header.set_name("Authorization");
  header.set_value("Bearer tok-1");
  request.set_body(R"({"password":"s3cret"})");
  EXPECT_TRUE(hide_secrets(message));
  EXPECT_THAT(message.SerializeAsString(), Not(HasSubstr("tok-1")));
  EXPECT_THAT(message.SerializeAsString(), Not(HasSubstr("s3cret")));
  message.mutable_register_peer()->set_id("1");
  EXPECT_FALSE(hide_secrets(message));
}

}  // namespace
}  // namespace deskcheck::sim
