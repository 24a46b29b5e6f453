// What must not open an account: everything that is not what the provider has said to this server,
// now, about this sign-in.
#include "reference-server/oidc/oidc_desk.hpp"

namespace deskcheck::server::oidc {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class AttacksTest : public OidcDesk {
 protected:
  // What is behind the colon of the failure that client and browser are told.
  std::string reason() {
    const auto begun = begin();
    const auto shown = page(provider.authorize(member(begun, "url")));
    const auto text = member(poll(member(begun, "code")).substr(4), "error");
    if (text.empty()) return "signed in";
    EXPECT_THAT(shown, HasSubstr("You are not signed in"));
    EXPECT_THAT(shown + text + log, Not(HasSubstr("top secret")));
    return text.substr(text.find(": ") + 2);
  }
};

TEST_F(AttacksTest, ClaimsAreChecked) {
  const struct {
    const char* claim;
    json::value value;
    const char* reason;
  } kTable[] = {
      {"iss", "http://evil.example", "its id token is of another issuer"},
      {"iss", nullptr, "its id token is of another issuer"},
      {"aud", "somebody", "its id token is for somebody else"},
      {"aud", nullptr, "its id token is for somebody else"},
      {"aud", json::array{"somebody"}, "its id token is for somebody else"},
      {"aud", json::array{"desk", "somebody"}, "its id token is for somebody else"},
      {"azp", "somebody", "its id token is for somebody else"},
      {"nonce", "another", "its id token is of another sign-in"},
      {"nonce", nullptr, "its id token is of another sign-in"},
      {"exp", 3570, "its id token has expired"},
      {"exp", nullptr, "its id token has expired"},
      {"exp", "4000", "its id token has expired"},
      {"nbf", 3700, "its id token is not valid yet"},
      {"sub", nullptr, "its id token names nobody"},
      {"sub", 1, "its id token names nobody"},
      {"aud", json::array{"desk"}, "signed in"},
      {"exp", 3571, "signed in"},
  };
  for (const auto& row : kTable) {
    provider.instead = {{row.claim, row.value}};
    EXPECT_EQ(reason(), row.reason) << row.claim << " " << row.value;
  }
}

TEST_F(AttacksTest, SignaturesAreChecked) {
  const auto stranger = make_rsa_key("first");
  const auto ec = make_ec_key("curve");
  const auto short_rsa = make_rsa_key("short", 1024);
  const auto hmac = make_shared_key("first", public_key(provider.key));
  provider.keys = {provider.key, ec, short_rsa};
  const struct {
    std::function<std::string(const json::object&)> sign;
    const char* reason;
  } kTable[] = {
      {[&](const auto& claims) { return signed_with(stranger, "RS256", claims); },
       "the signature of its id token is wrong"},
      {[&](const auto& claims) { return signed_with(short_rsa, "RS256", claims); },
       "the signature of its id token is wrong"},
      {[&](const auto& claims) { return signed_with(hmac, "HS256", claims); },
       "its id token is not signed as it has to be"},
      {[&](const auto& claims) { return unsigned_token(claims); },
       "its id token is not signed as it has to be"},
      {[&](const auto& claims) {
         const auto token = signed_with(provider.key, "RS256", claims);
         return token.substr(0, token.rfind('.') + 1);
       },
       "the signature of its id token is wrong"},
      {[&](const auto& claims) {
         auto other = claims;
         other["sub"] = "admin";
         const auto right = signed_with(provider.key, "RS256", claims);
         const auto wrong = signed_with(provider.key, "RS256", other);
         return wrong.substr(0, wrong.rfind('.')) + right.substr(right.rfind('.'));
       },
       "the signature of its id token is wrong"},
      {[](const auto&) { return std::string("a.b"); }, "its id token is none"},
      {[](const auto&) { return std::string("e30.e30.e30"); },
       "its id token is not signed as it has to be"},
      {[](const auto&) { return std::string(70'000, 'x'); }, "its id token is none"},
      {[&](const auto& claims) { return signed_with(ec, "ES256", claims); }, "signed in"},
      {[&](const auto& claims) { return signed_with(provider.key, "PS256", claims); }, "signed in"},
  };
  for (const auto& row : kTable) {
    provider.sign = row.sign;
    EXPECT_EQ(reason(), row.reason);
  }
}

TEST_F(AttacksTest, NewKeysAreFetchedOnce) {
  EXPECT_EQ(reason(), "signed in");
  provider.key = make_ec_key("second");
  provider.algorithm = "ES256";
  EXPECT_EQ(reason(), "the signature of its id token is wrong");
  EXPECT_EQ(provider.count("/keys"), 2);
  provider.keys = {provider.key};
  EXPECT_EQ(reason(), "signed in");
  EXPECT_EQ(provider.count("/keys"), 3);
  EXPECT_EQ(reason(), "signed in");
  EXPECT_EQ(provider.count("/keys"), 3);
}

TEST_F(AttacksTest, StatesAreGoodOnceAndForOneSignIn) {
  const auto begun = begin();
  const auto code = member(begun, "code");
  const auto back = provider.authorize(member(begun, "url"));
  for (const auto& other :
       {std::string("/api/oidc/callback"), std::string("/api/oidc/callback?code=code-1&state="),
        "/api/oidc/callback?code=code-1&state=" + code})
    EXPECT_THAT(page(other), HasSubstr("not known, or has ended"));
  EXPECT_EQ(ask("HEAD", back).status, 200);
  EXPECT_THAT(poll(code), HasSubstr("No authed oidc is found"));
  EXPECT_THAT(page(back), HasSubstr("You are signed in"));
  EXPECT_THAT(page(back), HasSubstr("not known, or has ended"));
  EXPECT_EQ(provider.count("/token"), 1);
  EXPECT_THAT(poll(code), HasSubstr("access_token"));
}

TEST_F(AttacksTest, CodesOfOthersAreOfNoUse) {
  const auto mine = begin(), theirs = begin();
  const auto stolen = provider.authorize(member(theirs, "url"));
  const auto back = provider.authorize(member(mine, "url"));
  const auto code_of = [](const std::string& target) {
    return target.substr(target.find("code="), target.find('&') - target.find("code="));
  };
  page("/api/oidc/callback?" + code_of(stolen) + back.substr(back.find('&')));
  EXPECT_THAT(poll(member(mine, "code")), HasSubstr("it answers 400 invalid_grant"));
}

TEST_F(AttacksTest, AnotherProviderCannotAnswer) {
  provider.metadata["authorization_response_iss_parameter_supported"] = true;
  const auto begun = begin();
  const auto back = provider.authorize(member(begun, "url"));
  page(back + "&iss=http%3A%2F%2Fevil.example");
  EXPECT_THAT(poll(member(begun, "code")), HasSubstr("another one has answered"));
  EXPECT_EQ(reason(), "another one has answered");
}

TEST_F(AttacksTest, NobodyGetsAnAccountByItsName) {
  provider.person = {{"sub", "9"}, {"preferred_username", "root"}};
  EXPECT_THAT(sign_in(), HasSubstr("Somebody else has an account of your name"));
  provider.person["preferred_username"] = " root ";
  EXPECT_THAT(sign_in(), HasSubstr("Somebody else has an account of your name"));
  provider.person["preferred_username"] = "guest";
  EXPECT_THAT(sign_in(), HasSubstr("Somebody else has an account of your name"));
  provider.person["preferred_username"] = "a\nb";
  provider.person["email"] = "alice@example.org";
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"alice@example.org")"));
  EXPECT_THAT(login("alice@example.org", ""), HasSubstr("400"));
  EXPECT_THAT(login("alice@example.org", "x"), HasSubstr("Wrong credentials"));
}

TEST_F(AttacksTest, OnlyPeopleWhoMayAreLetIn) {
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"anna")"));
  options.identity_providers[0].makes_accounts = false;
  restart();
  EXPECT_THAT(sign_in(), HasSubstr(R"("name":"anna")"));
  provider.person["sub"] = "2";
  EXPECT_THAT(sign_in(), HasSubstr("You have no account on this server"));
  provider.person["sub"] = "1";
  auto anna = store.find_account("anna").value().value();
  const auto begun = begin();
  page(provider.authorize(member(begun, "url")));
  anna.disabled = true;
  ASSERT_TRUE(store.put_account(anna));
  EXPECT_THAT(poll(member(begun, "code")), HasSubstr("The account is disabled"));
  EXPECT_THAT(sign_in(), HasSubstr("The account is disabled"));
  ASSERT_TRUE(store.remove_account("anna"));
  EXPECT_THAT(sign_in(), HasSubstr("You have no account on this server"));
}

TEST_F(AttacksTest, PagesShowTextsAsTexts) {
  const auto begun = begin();
  provider.authorize(member(begun, "url"));
  const auto url = member(begun, "url");
  const auto state = url.substr(url.find("&state="), 7 + 43);
  const auto response =
      ask("GET", "/api/oidc/callback?error=%3Cscript%3Ealert(1)%3C/script%3E%0D%0Ax" + state);
  EXPECT_THAT(response.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;??x"));
  EXPECT_THAT(response.body, Not(HasSubstr("<script")));
  EXPECT_EQ(response.headers.at(2).first, "Content-Security-Policy");
  provider.person["preferred_username"] = "<b onclick='x'>";
  const auto next = begin();
  EXPECT_THAT(page(provider.authorize(member(next, "url"))),
              HasSubstr("As &lt;b onclick=&#39;x&#39;&gt;, on"));
}

TEST_F(AttacksTest, ProvidersThatTalkNonsenseOpenNothing) {
  auto& reply = provider.replies["/realm/token"];
  reply.status = 200;
  for (const auto* body : {"", "[]", "{}", R"({"id_token":1})", "\xff", R"({"id_token":"x"})"}) {
    reply.body = body;
    EXPECT_THAT(reason(), ::testing::StartsWith("it")) << body;
  }
  provider.replies.clear();
  for (const auto* body : {"", "{}", R"({"keys":[1,{},{"kty":"RSA","kid":"first","n":"","e":""}]})",
                           R"({"keys":[{"kty":"RSA","kid":"first","n":1,"e":"AQAB"}]})"}) {
    restart();
    provider.replies["/realm/keys"].status = 200;
    provider.replies["/realm/keys"].body = body;
    EXPECT_NE(reason(), "signed in") << body;
  }
  restart();
  provider.replies["/realm/keys"].failure = "it does not answer in time";
  EXPECT_EQ(reason(), "it does not answer in time");
}

}  // namespace
}  // namespace deskcheck::server::oidc
