// Signed-in controllers, health checks, deployment, the HTTP tunnel: what the logic says.
#include "reference-server/rendezvous/desk.hpp"

namespace deskcheck::server {
namespace {

const auto kDevice = host(1, 5000);
const auto kAsker = host(9, 900);

class Accounts : public ::testing::Test {
 protected:
  Accounts() {
    desk.options.tokens = {"good"};
    desk.udp(kDevice, register_pk("123456789"));
  }
  std::string path(const std::string& token) {
    return desk.secure(9, kAsker, "punch_hole_request {id: '123456789' token: '" + token + "'}");
  }
  std::string answered() {
    return desk.tcp(3, host(1, 600), to(kAsker, "punch_hole_sent {id: '123456789'}"));
  }
  std::string tunnel(const std::string& fields, bool secured = true) {
    const auto request = "http_proxy_request {" + fields + "}";
    return secured ? desk.secure(9, kAsker, request) : desk.tcp(9, kAsker, request);
  }
  std::string kept(const std::string& token) {
    return desk.secure(5, kAsker, "hc {token: '" + token + "'}");
  }
  Desk desk;
};

TEST_F(Accounts, AreAskedForIfTheOwnerWantsIt) {
  EXPECT_TRUE(path("").find("<- punch_hole ") != std::string::npos);
  desk.options.require_login = true;
  const std::string refused =
      "#9 <- punch_hole_response {other_failure: \"Connections without an account are not "
      "allowed\"}";
  EXPECT_EQ(path(""), refused);
  EXPECT_EQ(path("bad"), refused);
  EXPECT_TRUE(path("good").find("<- punch_hole ") != std::string::npos);
  EXPECT_EQ(desk.secure(9, kAsker, "request_relay {id: '123456789' uuid: 'x' token: 'bad'}"),
            "#9 <- relay_response {refuse_reason: \"Connections without an account are not "
            "allowed\"}");
  EXPECT_TRUE(desk.secure(9, kAsker, "request_relay {id: '123456789' uuid: 'x' token: 'good'}")
                  .find("<- request_relay ") != std::string::npos);
}

TEST_F(Accounts, AreSignedInEverywhereUntilTheirLogout) {
  AccountFixture alice;
  alice.name = "alice";
  alice.password = "s3cret";
  desk.options.accounts = {alice};
  desk.options.password_cost = PasswordCost::minimal;
  desk.options.require_login = true;
  desk.restart();
  desk.udp(kDevice, register_pk("123456789"));
  const auto post = [&](const std::string& route, const std::string& body,
                        const std::string& token = "") {
    hbb::RendezvousMessage message;
    auto& request = *message.mutable_http_proxy_request();
    request.set_method("POST");
    request.set_path(route);
    request.set_body(body);
    auto& header = *request.add_headers();
    header.set_name("authorization");
    header.set_value("Bearer " + token);
    const auto actions = desk.logic().on(message, {Transport::tcp, kAsker, 9, true}, desk.now);
    return std::get<SendFrame>(actions.at(0)).message.http_proxy_response();
  };
  const auto login = post("/api/login", R"({"username":"alice","password":"s3cret"})");
  EXPECT_EQ(login.status(), 200);
  const auto at = login.body().find(R"("access_token":")");
  ASSERT_NE(at, std::string::npos) << login.body();
  const auto token = login.body().substr(at + 16, 43);
  const auto served = [&] { return path(token).find("<- punch_hole ") != std::string::npos; };
  EXPECT_TRUE(served());
  EXPECT_EQ(post("/api/currentUser", "{}", token).status(), 200);
  EXPECT_EQ(post("/api/logout", "{}", token).status(), 200);
  EXPECT_EQ(post("/api/currentUser", "{}", token).status(), 401);
  EXPECT_FALSE(served());
  for (int i = 0; i < desk.options.limits.login_attempts; ++i)
    EXPECT_EQ(post("/api/login", R"({"username":"alice","password":"x"})").status(), 403);
  EXPECT_EQ(post("/api/login", R"({"username":"alice","password":"x"})").status(), 429)
      << "the address is that of the client of the tunnel";
}

TEST_F(Accounts, ReportFromTheDeviceThatIsRegistered) {
  const auto beat = [&](const std::string& uuid) {
    api::Request request;
    request.method = "POST";
    request.target = "/api/heartbeat";
    request.body = R"({"id":"123456789","uuid":")" + wire::to_base64(uuid) + R"("})";
    return desk.logic().api().on(request, desk.now).body;
  };
  EXPECT_EQ(beat("u"), R"({"sysinfo":true})");
  EXPECT_EQ(beat("another"), "{}");
}

TEST_F(Accounts, AreNotNeededToSwitchSides) {
  desk.options.require_login = true;
  wire::Bytes32 seed{};
  seed.fill(3);
  const auto pair = wire::key_pair_from_seed(seed);
  auto registration = message(register_pk("granting-id"));
  registration.mutable_register_pk()->set_pk(std::string(wire::view(pair.public_key.bytes)));
  desk.udp(host(2, 5000), registration);
  api::SwitchGrant grant;
  grant.id = "granting-id";
  grant.verifier = api::switch_code_verifier("code");
  grant.timestamp = "3600";
  const std::string zero(1, '\0');
  const auto text = "switch-grant" + zero + grant.id + zero + grant.verifier + zero + "3600";
  grant.signature = wire::to_base64(wire::sign(text, pair).substr(0, 64));
  EXPECT_EQ(desk.logic().api().switch_grants().on(grant, desk.now),
            api::SwitchGrants::Answer::accepted);
  const auto asked = [&](ConnectionId connection, const std::string& request) {
    const auto said = desk.secure(connection, host(9, 900), request + " switch_code: 'code'}");
    return said.find("10.0.0.2:5000 <- ") != std::string::npos;
  };
  EXPECT_FALSE(asked(11, "punch_hole_request {id: '123456789'")) << "another device's";
  EXPECT_TRUE(asked(12, "punch_hole_request {id: 'granting-id'"));
  EXPECT_FALSE(asked(13, "punch_hole_request {id: 'granting-id'"));
  EXPECT_TRUE(asked(14, "request_relay {uuid: 'x' id: 'granting-id'"));
  EXPECT_FALSE(asked(15, "request_relay {uuid: 'x' id: 'granting-id'"));
}

TEST_F(Accounts, HearOfTheHealthCheckIfThereIsOne) {
  path("good");
  EXPECT_TRUE(answered().find("feedback") == std::string::npos);
  EXPECT_EQ(kept("good"), "#5 closes");

  desk.options.feedback = 7;
  path("");
  EXPECT_TRUE(answered().find("feedback") == std::string::npos) << "not signed in";
  path("good");
  EXPECT_TRUE(answered().find("feedback: 7") != std::string::npos);
  EXPECT_EQ(kept("bad"), "#5 closes");
  EXPECT_EQ(kept("good"),
            "#5 <- register_pk_response {result: OK, keep_alive: 30}; #5 is kept, 30 s");
  EXPECT_EQ(desk.tcp(6, kAsker, "hc {token: 'good'}"), "#6 closes") << "not secured";
  desk.logic().closed(9);
  desk.tcp(9, kAsker, "punch_hole_request {id: '123456789'}");
  EXPECT_TRUE(answered().find("feedback") == std::string::npos) << "another connection";
}

TEST_F(Accounts, DeployDevices) {
  desk.options.deploy_mode = true;
  desk.options.deployed = {"listed-id"};
  const auto says = [&](const std::string& registration) {
    const auto text = desk.udp(kDevice, registration);
    return text.substr(text.find('{'));
  };
  EXPECT_EQ(says(register_pk("unknown-id")), "{result: NOT_DEPLOYED}");
  EXPECT_EQ(says(register_pk("listed-id")), "{result: OK}");
  EXPECT_EQ(says(register_pk("123456789")), "{result: OK}") << "known before";

  const auto deploy = [&](const std::string& id, const std::string& uuid) {
    api::Request request{"POST", "/api/devices/deploy", {{"Authorization", "Bearer good"}}, ""};
    request.body = R"({"id":")" + id + R"(","uuid":")" + wire::to_base64(uuid) + R"(","pk":")" +
                   wire::to_base64("0123456789abcdef0123456789abcdef") + "\"}";
    return desk.logic().api().on(request, desk.now).body;
  };
  EXPECT_EQ(deploy("kiosk-0004", "u"), R"({"result":"OK"})");
  EXPECT_EQ(deploy("kiosk-0004", "u"), R"({"result":"OK"})");
  EXPECT_EQ(deploy("kiosk-0004", "v"), R"({"result":"ID_TAKEN"})");
  EXPECT_EQ(deploy("short", "u"), R"({"result":"INVALID_INPUT"})");
  EXPECT_EQ(says(register_pk("kiosk-0004", "v")), "{result: UUID_MISMATCH}");
  EXPECT_EQ(says(register_pk("kiosk-0004")), "{result: OK}");
  desk.store.fails = true;
  EXPECT_EQ(deploy("kiosk-0005", "u"), R"({"error":"The server cannot use its storage"})");
  desk.options.deploy_mode = false;
  EXPECT_EQ(deploy("kiosk-0006", "u"), R"({"result":"NOT_ENABLED"})");
}

TEST_F(Accounts, UseTheApiThroughTheTunnel) {
  EXPECT_EQ(tunnel("method: 'GET' path: '/api/login-options'"),
            "#9 <- http_proxy_response {status: 200, headers: [{name: \"Content-Type\", value: "
            "\"application/json; charset=utf-8\"}], body: \"[]\"}; #9 closes");
  for (const char* nowhere :
       {"", "/nothing", "//h/api/login-options", "http://h/api/login-options"})
    EXPECT_TRUE(tunnel("method: 'GET' path: '" + std::string(nowhere) + "'").find("status: 40") !=
                std::string::npos)
        << nowhere;
  const std::string token = "headers {name: 'authorization' value: 'Bearer good'}";
  EXPECT_TRUE(tunnel("method: 'GET' path: '/api/ab?x=y' " + token).find("status: 200") !=
              std::string::npos);
  EXPECT_TRUE(tunnel("method: 'GET' path: '/api/ab'").find("status: 401") != std::string::npos);
  EXPECT_EQ(tunnel("method: 'GET' path: '/api/ab'", false),
            "#9 <- http_proxy_response {error: \"The tunnel needs a secure channel\"}; #9 closes");
  desk.options.api = false;
  EXPECT_EQ(tunnel("method: 'GET' path: '/api/ab'"),
            "#9 <- http_proxy_response {error: \"This server has no HTTP API\"}; #9 closes");
  desk.options.profile = Profile::oss;
  EXPECT_EQ(tunnel("method: 'GET' path: '/api/ab'"), "#9 closes");
}

TEST_F(Accounts, HaveNothingToDoWithQuestionsThatAnybodyAsks) {
  EXPECT_EQ(desk.udp(kAsker, "test_nat_request {}"),
            net::to_string(kAsker) + " <- test_nat_response {port: 900}");
  EXPECT_EQ(desk.web(4, kAsker, "test_nat_request {}"),
            "#4 <- test_nat_response {port: 900}; #4 closes");
  EXPECT_EQ(desk.web(4, kAsker, "online_request {peers: '123456789'}"),
            "#4 <- online_response {states: 1 byte 80}; #4 closes");
  desk.options.profile = Profile::oss;
  EXPECT_EQ(desk.udp(kAsker, "test_nat_request {}"), "");
}

}  // namespace
}  // namespace deskcheck::server
