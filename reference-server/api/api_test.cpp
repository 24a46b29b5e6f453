// The groups that are not about accounts or devices, and what all routes have in common.
#include "reference-server/api/api_desk.hpp"

namespace deskcheck::server::api {
namespace {

using ApiTest = ApiDesk;

TEST_F(ApiTest, AnswersRoutesThatItHasAndNoOthers) {
  EXPECT_EQ(said("GET", "/api/login-options"), "200 []");
  EXPECT_EQ(said("HEAD", "/api/login-options?a=b"), "200 []");
  EXPECT_EQ(said("POST", "/api/login-options"), R"(405 {"error":"Method not allowed"})");
  EXPECT_EQ(said("GET", "/api/nothing"), R"(404 {"error":"Not found"})");
  EXPECT_EQ(said("GET", "//other.example/api/login-options"), R"(404 {"error":"Not found"})");
  for (const char* target : {"", "api/login-options", "http://other.example/api/login-options"})
    EXPECT_EQ(said("GET", target), R"(400 {"error":"The path has to begin with /"})");
  EXPECT_EQ(said("POST", "/api/ab", std::string(1001, ' '), "good"),
            R"(413 {"error":"The body is too long"})");
}

TEST_F(ApiTest, LetsPagesOfOtherOriginsReadAnswers) {
  Request request;
  request.method = "GET";
  request.target = "/api/login-options";
  EXPECT_EQ(api().on(request, now).headers.size(), 1u);
  request.headers = {{"origin", "https://web.example"}};
  auto response = api().on(request, now);
  EXPECT_EQ(response.headers.back().first, "Access-Control-Allow-Origin");
  request.method = "OPTIONS";
  response = api().on(request, now);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.front(), std::pair(std::string("Allow"), std::string("GET, HEAD")));
}

TEST_F(ApiTest, KeepsTheAddressBookAsItIs) {
  EXPECT_EQ(said("GET", "/api/ab"), R"(401 {"error":"Invalid token"})");
  EXPECT_EQ(said("GET", "/api/ab", "", "bad"), R"(401 {"error":"Invalid token"})");
  EXPECT_EQ(said("GET", "/api/ab", "", "good"), R"(200 {"data":"{}"})");
  EXPECT_EQ(said("POST", "/api/ab", R"({"data":"{\"x\": 1}"})", "good"), "200 ");
  EXPECT_EQ(said("GET", "/api/ab", "", "good"), R"(200 {"data":"{\"x\": 1}"})");
  for (const char* bad : {"", "{", "[]", "{}", R"({"data":1})", R"({"data":"x"})"})
    EXPECT_EQ(said("POST", "/api/ab", bad, "good"),
              R"(400 {"error":"The member data has to be a JSON object within a text"})");
  EXPECT_EQ(said("DELETE", "/api/ab", "", "good"), R"(405 {"error":"Method not allowed"})");
}

TEST_F(ApiTest, BooksBelongToAccounts) {
  const auto token = signed_in("alice", "s3cret");
  EXPECT_EQ(said("POST", "/api/ab", R"({"data":"{\"a\":1}"})", token), "200 ");
  EXPECT_EQ(said("GET", "/api/ab", "", signed_in("alice", "s3cret")),
            R"(200 {"data":"{\"a\":1}"})");
  EXPECT_EQ(said("GET", "/api/ab", "", signed_in("root", "r00t")), R"(200 {"data":"{}"})");
  EXPECT_EQ(said("GET", "/api/ab", "", "good"), R"(200 {"data":"{}"})");
}

TEST_F(ApiTest, DeploysWhatIsComplete) {
  const std::string uuid = R"("uuid":"dXVpZA==",)";
  const std::string pk = R"("pk":"UNhY4JhezH9gQYqvDMWrWH9CwlcKiECVqejMrND2VFw=")";
  const std::string route = "/api/devices/deploy";
  EXPECT_EQ(said("POST", route, "{}", "bad"), R"(401 {"error":"Invalid token"})");
  EXPECT_EQ(said("GET", route, "{}", "good"), R"(405 {"error":"Method not allowed"})");
  EXPECT_EQ(said("POST", route, R"({"id":"KIOSK-0004",)" + uuid + pk + "}", "good"),
            R"(200 {"result":"OK"})");
  EXPECT_EQ(deployed.id + " " + deployed.uuid, "KIOSK-0004 uuid");
  EXPECT_EQ(deployed.pk.size(), 32u);
  EXPECT_EQ(said("POST", route, R"({"id":"taken",)" + uuid + pk + "}", "good"),
            R"(200 {"result":"ID_TAKEN"})");
  for (const std::string& bad :
       {std::string("{"), "{" + uuid + pk + "}", "{\"id\":\"x\"," + pk + "}",
        R"({"id":"x",)" + uuid + R"("pk":"dXVpZA=="})"})
    EXPECT_EQ(said("POST", route, bad, "good"), R"(200 {"result":"INVALID_INPUT"})") << bad;
}

}  // namespace
}  // namespace deskcheck::server::api
