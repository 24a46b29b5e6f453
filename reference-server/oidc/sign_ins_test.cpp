#include "reference-server/oidc/oidc_desk.hpp"

namespace deskcheck::server::oidc {
namespace {

constexpr const char* kPending = R"(200 {"error":"No authed oidc is found"})";
constexpr const char* kUnknown = R"(200 {"error":"The sign-in is not known, or has ended"})";

class SignInsTest : public OidcDesk {};

TEST_F(SignInsTest, SignsInWhoTheProviderVouchesFor) {
  provider.person["name"] = "Anna A.";
  provider.person["email"] = "anna@example.org";
  const auto begun = begin();
  const auto code = member(begun, "code"), url = member(begun, "url");
  EXPECT_THAT(url,
              ::testing::StartsWith("http://idp.example:9000/realm/authorize?response_type="
                                    "code&client_id=desk&redirect_uri=http%3A%2F%2Fdesk."
                                    "example%3A21114%2Fapi%2Foidc%2Fcallback&scope=openid%20"));
  EXPECT_THAT(url, HasSubstr("&code_challenge_method=S256"));
  EXPECT_THAT(url, Not(HasSubstr(code)));
  EXPECT_EQ(poll(code), kPending);
  EXPECT_THAT(page(provider.authorize(url)), HasSubstr("As anna, on the device PC 123."));
  const auto answer = poll(code);
  EXPECT_THAT(answer, HasSubstr(R"("type":"access_token")"));
  EXPECT_THAT(answer, HasSubstr(R"("name":"anna","display_name":"Anna A.")"));
  EXPECT_THAT(answer, HasSubstr(R"("email":"anna@example.org")"));
  EXPECT_THAT(answer, HasSubstr(R"("third_auth_type":"Corp")"));
  EXPECT_EQ(poll(code), answer);
  const auto token = member(answer.substr(4), "access_token");
  EXPECT_THAT(said("POST", "/api/currentUser", "{}", token), HasSubstr(R"("name":"anna")"));
  EXPECT_EQ(said("POST", "/api/logout", "{}", token), "200 {}");
  EXPECT_THAT(said("POST", "/api/currentUser", "{}", token), HasSubstr("401"));
}

TEST_F(SignInsTest, KnowsPeopleAgain) {
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"anna")"));
  provider.person["preferred_username"] = "renamed";
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"anna")"));
  restart();
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"anna")"));
}

TEST_F(SignInsTest, ProvesWhoItIs) {
  sign_in();
  const auto& questions = provider.questions;
  ASSERT_EQ(questions.size(), 3u);
  EXPECT_EQ(questions[1].url, "http://idp.example:9000/realm/token");
  const std::pair<std::string, std::string> proof("Authorization",
                                                  "Basic ZGVzazp0b3AlMjBzZWNyZXQ=");
  EXPECT_THAT(questions[1].headers, ::testing::Contains(proof));
  EXPECT_THAT(questions[1].body, Not(HasSubstr("secret")));
}

TEST_F(SignInsTest, SendsItsSecretAsTheProviderWantsIt) {
  provider.metadata["token_endpoint_auth_methods_supported"] =
      boost::json::array{"client_secret_post"};
  sign_in();
  EXPECT_THAT(provider.questions.at(1).body, HasSubstr("&client_secret=top%20secret"));
}

TEST_F(SignInsTest, EndsAfterItsTime) {
  const auto begun = begin();
  const auto code = member(begun, "code");
  now += 190s;
  EXPECT_EQ(poll(code), kPending);
  const auto back = provider.authorize(member(begun, "url"));
  now += 10s;
  EXPECT_EQ(poll(code), kUnknown);
  EXPECT_THAT(page(back), HasSubstr("not known, or has ended"));
}

TEST_F(SignInsTest, KeepsWhatIsFinishedForAMinute) {
  const auto begun = begin();
  now += 190s;
  page(provider.authorize(member(begun, "url")));
  now += 59s;
  EXPECT_THAT(poll(member(begun, "code")), HasSubstr("access_token"));
  now += 1s;
  EXPECT_EQ(poll(member(begun, "code")), kUnknown);
}

TEST_F(SignInsTest, TellsNobodyElse) {
  const auto begun = begin();
  const auto code = member(begun, "code");
  page(provider.authorize(member(begun, "url")));
  EXPECT_EQ(poll(code, "124"), kUnknown);
  EXPECT_EQ(poll(code, "123", "dg%3D%3D"), kUnknown);
  EXPECT_EQ(poll("", "123"), kUnknown);
  EXPECT_THAT(poll(code), HasSubstr("access_token"));
}

TEST_F(SignInsTest, ChoosesWhereBrowsersComeBack) {
  const std::string domain = R"(,"apiDomain":"https://api.example/prefix/")";
  const auto back = [&](const std::string& more) {
    provider.authorize(member(begin("Corp", more), "url"));
    return provider.redirect_uri;
  };
  EXPECT_EQ(back(""), "http://desk.example:21114/api/oidc/callback");
  EXPECT_EQ(back(domain), "https://api.example/prefix/api/oidc/callback");
  EXPECT_THAT(begin("Corp", R"x(,"apiDomain":"javascript:alert(1)")x"), HasSubstr("error"));
  EXPECT_THAT(begin("Corp", R"(,"apiDomain":"http://h/?x=\n")"), HasSubstr("error"));
  options.public_url = "https://public.example";
  EXPECT_EQ(back(domain), "https://public.example/api/oidc/callback");
}

TEST_F(SignInsTest, LimitsAttempts) {
  for (int i = 0; i < 200; ++i) EXPECT_THAT(begin(), HasSubstr("code"));
  EXPECT_EQ(begin(), R"({"error":"Please try 1 minute later"})");
  from = boost::asio::ip::make_address("10.0.0.2");
  EXPECT_THAT(begin(), HasSubstr("code"));
  from = boost::asio::ip::make_address("10.0.0.1");
  now += 200s;
  EXPECT_THAT(begin(), HasSubstr("code"));
}

TEST_F(SignInsTest, RefusesUnknownProviders) {
  EXPECT_EQ(begin("corp"), R"({"error":"There is no identity provider of this name"})");
  EXPECT_THAT(ask("POST", "/api/oidc/auth", "[]").body, HasSubstr("error"));
}

TEST_F(SignInsTest, SaysWhyAProviderIsOfNoUse) {
  auto& reply = provider.replies["/realm/.well-known/openid-configuration"];
  const auto reason = [&] {
    const auto text = member(begin(), "error");
    return text.substr(text.find(':') + 2);
  };
  reply.failure = "it does not answer in time";
  EXPECT_EQ(reason(), "it does not answer in time");
  reply.failure = "";
  reply.status = 500;
  EXPECT_EQ(reason(), "it answers 500");
  reply.status = 200;
  reply.body = "garbage";
  EXPECT_EQ(reason(), "its discovery document is no JSON object");
  provider.replies.clear();
  provider.metadata["issuer"] = "http://other";
  EXPECT_EQ(reason(), "its discovery document is of another issuer");
  provider.metadata.clear();
  provider.metadata["token_endpoint"] = "file:///etc/passwd";
  EXPECT_EQ(reason(), "its discovery document has no usable token_endpoint");
  provider.metadata.clear();
  EXPECT_THAT(sign_in(), HasSubstr("access_token"));
}

TEST_F(SignInsTest, RemembersProvidersAndKeysForAWhile) {
  sign_in();
  sign_in();
  EXPECT_EQ(provider.count("/.well-known/openid-configuration"), 1);
  EXPECT_EQ(provider.count("/keys"), 1);
  now += 6min;
  provider.now += 360;
  sign_in();
  EXPECT_EQ(provider.count("/.well-known/openid-configuration"), 2);
  EXPECT_EQ(provider.count("/keys"), 1);
}

TEST_F(SignInsTest, AsksForWhatTheTokenLeavesOut) {
  provider.person = {{"sub", "1"}};
  provider.userinfo = {{"sub", "1"}, {"preferred_username", "ann"}, {"email", "a@b"}};
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"ann")"));
  provider.person = {{"sub", "2"}};
  EXPECT_THAT(sign_in(), HasSubstr("what it says is of another user"));
  provider.metadata["userinfo_endpoint"] = nullptr;
  restart();
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"2")"));
}

}  // namespace
}  // namespace deskcheck::server::oidc
