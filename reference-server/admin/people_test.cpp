// Who may administer, and what administrators do with users, books and tokens of scripts.
#include "reference-server/admin/admin_desk.hpp"

namespace deskcheck::server::admin {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class PeopleTest : public AdminDesk {};

TEST_F(PeopleTest, OnlyAdministratorsMay) {
  const std::string users = "/api/admin/users";
  EXPECT_EQ(said("GET", users), R"(401 {"error":"Invalid token"})");
  EXPECT_EQ(said("GET", users, "", "good"), R"(403 {"error":"Administrators only"})");
  const auto alice = signed_in("alice", "s3cret");
  for (const char* route :
       {"users", "device-groups", "books", "devices", "strategies", "audits/connections",
        "audits/files", "audits/alarms", "identity-providers", "script-tokens"}) {
    EXPECT_THAT(said("GET", std::string("/api/admin/") + route, "", alice), StartsWith("403 "));
    EXPECT_THAT(get(route), StartsWith("200 {"));
  }
  from = boost::asio::ip::make_address("10.0.0.1");
  EXPECT_EQ(get("users"), R"(403 {"error":"The server is not administered from this address"})");
  EXPECT_THAT(said("GET", users, "", alice), HasSubstr("Administrators only"));
  options.admin_from.push_back(AddressRange::parse("10.0.0.0/8").value());
  EXPECT_THAT(get("users"), StartsWith("200 "));
  EXPECT_EQ(get("nothing"), R"(404 {"error":"Not found"})");
}

TEST_F(PeopleTest, WhatIsNoOrderIsRefusedByName) {
  const struct {
    const char *body, *why;
  } kTable[] = {
      {"[]", "The body has to be a JSON object"},
      {"{}", "name is missing"},
      {R"({"name":1})", "name has to be a text"},
      {R"({"name":""})", "name has to be a name of 1 to 256 bytes, without control characters"},
      {R"({"name":"a\nb"})", "name has to be a name of 1 to 256 bytes, without control characters"},
      {R"({"name":"a","is_admin":1})", "is_admin has to be true or false"},
      {R"({"name":"a","admin":true})", "Unknown member: admin"},
      {R"({"name":"a"})", "password is empty, or missing for a new user"},
      {R"({"name":"bob","password":""})", "password is empty, or missing for a new user"},
      {R"({"name":"a","password":"p","email_code":true})",
       "email is missing: codes have to be sent somewhere"},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(post("users", row.body), R"(400 {"error":")" + std::string(row.why) + "\"}");
  EXPECT_THAT(get("users"), Not(HasSubstr(R"("name":"a")")));
  EXPECT_EQ(post("device-groups", R"({"name":"g","devices":"1"})"),
            R"(400 {"error":"devices has to be a list"})");
  EXPECT_THAT(post("device-groups", R"({"name":"g","devices":[1]})"), StartsWith("400 "));
  EXPECT_EQ(post("devices/disconnect", R"({"id":"1","connections":[4294967296]})"),
            R"(400 {"error":"connections has to be a list of integers of 32 bits"})");
}

TEST_F(PeopleTest, UsersComeAndGo) {
  EXPECT_EQ(post("users", R"({"name":"eve","password":"3ve","email":"e@example.org"})"), kDone);
  EXPECT_THAT(
      get("users"),
      HasSubstr(
          R"({"name":"eve","display_name":"","email":"e@example.org",)"
          R"("is_admin":false,"disabled":false,"email_code":false,"totp":false,"identities":[]})"));
  EXPECT_THAT(get("users"), Not(HasSubstr("argon2")));
  auto eve = signed_in("eve", "3ve");
  const auto is_in = [&] {
    return said("POST", "/api/currentUser", "{}", eve).starts_with("200 ");
  };
  EXPECT_EQ(post("users", R"({"name":"eve","display_name":"Eve"})"), kDone);
  EXPECT_TRUE(is_in());
  EXPECT_EQ(post("users", R"({"name":"eve","password":"new"})"), kDone);
  EXPECT_FALSE(is_in());
  eve = signed_in("eve", "new");
  EXPECT_EQ(post("users/sign-out", R"({"name":"eve"})"), kDone);
  EXPECT_FALSE(is_in());
  eve = signed_in("eve", "new");
  EXPECT_EQ(post("users", R"({"name":"eve","disabled":true})"), kDone);
  EXPECT_FALSE(is_in());
  EXPECT_EQ(post("users/remove", R"({"name":"eve"})"), kDone);
  EXPECT_EQ(post("users/remove", R"({"name":"eve"})"),
            R"(404 {"error":"There is no such user: eve"})");
  EXPECT_THAT(login("eve", "new"), HasSubstr("Wrong credentials"));
}

TEST_F(PeopleTest, ATokenExpiresAndItsNeighbourDoesNot) {
  const auto is_in = [&](const std::string& token) {
    return said("POST", "/api/currentUser", "{}", token).starts_with("200 ");
  };
  const auto first = signed_in("bob", "b0b"), second = signed_in("bob", "b0b");
  const auto expire = [&](const std::string& token) {
    return post("users/expire-token", R"({"token":")" + token + "\"}");
  };
  EXPECT_TRUE(is_in(first));
  EXPECT_EQ(expire(first), kDone);
  EXPECT_FALSE(is_in(first));
  EXPECT_TRUE(is_in(second));
  EXPECT_EQ(expire(first), R"(404 {"error":"Nobody is signed in with this token"})");
  EXPECT_EQ(post("users/expire-token", "{}"), R"(400 {"error":"token is missing"})");
}

TEST_F(PeopleTest, NobodyLocksHimselfOut) {
  for (const char* body :
       {R"({"name":"root","is_admin":false})", R"({"name":"root","disabled":true})"})
    EXPECT_THAT(post("users", body), StartsWith("409 "));
  EXPECT_THAT(post("users/remove", R"({"name":"root"})"), StartsWith("409 "));
  EXPECT_EQ(post("users", R"({"name":"root","is_admin":true})"), kDone);
}

TEST_F(PeopleTest, SecondFactorsAreEnrolled) {
  EXPECT_THAT(post("users/totp", R"({"name":"bob"})"),
              MatchesRegex(R"(200 \{"secret":"[A-Z2-7]{32}","uri":"otpauth://totp/deskcheck:bob)"
                           R"(\?secret=[A-Z2-7]{32}&issuer=deskcheck&.*"\})"));
  const auto secret = store.find_account("bob").value()->totp_secret;
  EXPECT_THAT(get("users"), AllOf(HasSubstr(R"("totp":true)"), Not(HasSubstr(secret))));
  restart();
  EXPECT_THAT(get("users"), HasSubstr(R"("totp":true)"));
  EXPECT_EQ(post("users/totp", R"({"name":"bob","remove":true})"), kDone);
  EXPECT_THAT(get("users"), Not(HasSubstr(R"("totp":true)")));
}

TEST_F(PeopleTest, BooksAreShared) {
  EXPECT_EQ(post("books", R"({"name":"Team","owner":"alice","note":"n","rules":{"bob":2}})"),
            kDone);
  EXPECT_THAT(get("books"),
              HasSubstr(R"("name":"Team","owner":"alice","note":"n","rules":{"bob":2})"));
  const auto profiles = [&] {
    return said("POST", "/api/ab/shared/profiles?current=1&pageSize=100", "{}",
                signed_in("bob", "b0b"));
  };
  EXPECT_THAT(profiles(), AllOf(HasSubstr("Team"), HasSubstr(R"("rule":2)")));
  EXPECT_EQ(post("books", R"({"name":"Team","owner":"alice","rules":{"bob":1}})"), kDone);
  EXPECT_THAT(profiles(), AllOf(HasSubstr(R"("note":"n")"), HasSubstr(R"("rule":1)")));
  EXPECT_EQ(post("books", R"({"name":"Team","owner":"alice","rules":{"bob":4}})"),
            R"(400 {"error":"rules.bob has to be 1, 2 or 3"})");
  EXPECT_THAT(post("books", R"({"name":"Team","owner":"nobody"})"), StartsWith("404 "));
  EXPECT_THAT(post("books", R"({"name":"My address book","owner":"alice"})"), StartsWith("409 "));
  EXPECT_THAT(post("books/remove", R"({"name":"Team","owner":"bob"})"), StartsWith("404 "));
  EXPECT_EQ(post("books/remove", R"({"name":"Team","owner":"alice"})"), kDone);
  EXPECT_EQ(get("books"), R"(200 {"books":[]})");
}

TEST_F(PeopleTest, ABookIsSharedWithOneUserAfterTheOther) {
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"bob","rule":1})"), kDone);
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"alice","rule":3})"), kDone);
  EXPECT_THAT(get("books"), HasSubstr(R"("owner":"root","note":"","rules":{"alice":3,"bob":1})"));
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"alice","rule":0})"), kDone);
  EXPECT_THAT(get("books"), HasSubstr(R"("rules":{"bob":1})"));
  const std::string refused = R"(400 {"error":"rule has to be 1, 2 or 3, or 0 for none"})";
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"bob","rule":4})"), refused);
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"bob"})"), refused);
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"bob","rule":"1"})"),
            R"(400 {"error":"rule has to be an integer of 32 bits"})");
  EXPECT_EQ(post("books/share", R"({"name":"Team","user":"nobody","rule":1})"),
            R"(404 {"error":"There is no such user: nobody"})");
  EXPECT_EQ(post("books/remove", R"({"name":"Team"})"), kDone);
  EXPECT_EQ(get("books"), R"(200 {"books":[]})");
}

TEST_F(PeopleTest, TokensOfScriptsAreShownOnce) {
  const auto text = post("script-tokens", R"({"name":"deploy"})");
  EXPECT_THAT(text, MatchesRegex(R"(200 \{"token":"[A-Za-z0-9_-]{43}"\})"));
  EXPECT_EQ(get("script-tokens"), R"(200 {"script_tokens":[{"name":"deploy","issued":3600}]})");
  const auto token = text.substr(text.size() - 45, 43);
  EXPECT_EQ(store.script_tokens().value()[0].hash, identity::token_hash(token));
  EXPECT_THAT(said("GET", "/api/admin/users", "", token), StartsWith("401 ")) << "nobody's login";
  EXPECT_EQ(post("script-tokens/remove", R"({"name":"deploy"})"), kDone);
  EXPECT_THAT(post("script-tokens/remove", R"({"name":"deploy"})"), StartsWith("404 "));
}

}  // namespace
}  // namespace deskcheck::server::admin
