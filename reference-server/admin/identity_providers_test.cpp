#include "reference-server/admin/admin_desk.hpp"

namespace deskcheck::server::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class IdentityProvidersTest : public AdminDesk {};

constexpr const char* kCorp =
    R"({"name":"Corp","issuer":"https://idp.example/r","client_id":"desk","client_secret":"s3"})";

TEST_F(IdentityProvidersTest, ComeAndGo) {
  EXPECT_EQ(get("identity-providers"), R"(200 {"identity_providers":[]})");
  EXPECT_EQ(said("GET", "/api/login-options"), "200 []");
  EXPECT_EQ(post("identity-providers", kCorp), kDone);
  EXPECT_EQ(get("identity-providers"),
            R"(200 {"identity_providers":[{"name":"Corp","issuer":"https://idp.example/r",)"
            R"("client_id":"desk","icon":"","scopes":"openid profile email",)"
            R"("makes_accounts":true}]})");
  EXPECT_EQ(said("GET", "/api/login-options"),
            R"(200 ["common-oidc/[{\"name\":\"Corp\",\"icon\":null}]","oidc/Corp"])");
  EXPECT_EQ(post("identity-providers", R"({"name":"Corp","icon":"<svg/>","makes_accounts":false})"),
            kDone);
  EXPECT_THAT(get("identity-providers"), HasSubstr(R"("icon":"<svg/>")"));
  const auto provider = store.identities().find_provider("Corp").value().value();
  EXPECT_EQ(provider.client_secret, "s3");
  EXPECT_FALSE(provider.makes_accounts);
  restart();
  EXPECT_THAT(said("GET", "/api/login-options"), HasSubstr(R"(\"icon\":\"<svg/>\")"));
  EXPECT_EQ(post("identity-providers/remove", R"({"name":"Corp"})"), kDone);
  EXPECT_EQ(post("identity-providers/remove", R"({"name":"Corp"})"),
            R"(404 {"error":"There is no such identity provider: Corp"})");
  EXPECT_EQ(said("GET", "/api/login-options"), "200 []");
}

TEST_F(IdentityProvidersTest, SayWhatIsMissing) {
  const struct {
    const char *body, *why;
  } kTable[] = {
      {"{}", "name is missing"},
      {R"({"name":"a"})", "issuer is missing"},
      {R"({"name":"a","issuer":"idp.example"})",
       "issuer has to be a URL, http:// or https://, without ? and #"},
      {R"({"name":"a","issuer":"https://h?x"})",
       "issuer has to be a URL, http:// or https://, without ? and #"},
      {R"({"name":"a","issuer":"https://h"})", "client_id is missing"},
      {R"({"name":"a","issuer":"https://h","client_id":"c","scopes":"email"})",
       "scopes have to have openid among them"},
      {R"({"name":"a","issuer":"https://h","client_id":"c","secret":"x"})",
       "Unknown member: secret"},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(post("identity-providers", row.body),
              R"(400 {"error":")" + std::string(row.why) + "\"}");
  EXPECT_EQ(get("identity-providers"), R"(200 {"identity_providers":[]})");
}

TEST_F(IdentityProvidersTest, AreLinkedWithUsers) {
  post("identity-providers", kCorp);
  EXPECT_EQ(post("users/link", R"({"name":"bob","provider":"Corp","subject":"42"})"), kDone);
  EXPECT_THAT(get("users"), HasSubstr(R"("identities":[{"provider":"Corp","subject":"42"}])"));
  EXPECT_EQ(store.identities().find_identity("https://idp.example/r", "42").value()->account,
            "bob");
  EXPECT_THAT(post("users/link", R"({"name":"nobody","provider":"Corp","subject":"42"})"),
              HasSubstr("There is no such user"));
  EXPECT_THAT(post("users/link", R"({"name":"bob","provider":"corp","subject":"42"})"),
              HasSubstr("There is no such identity provider"));
  EXPECT_EQ(post("users/remove", R"({"name":"bob"})"), kDone);
  EXPECT_FALSE(store.identities().find_identity("https://idp.example/r", "42").value());
}

}  // namespace
}  // namespace deskcheck::server::admin
