// What an administrator asks, through the tunnel, and what devices hear of it. The suite's cases do
// that over HTTP, where the transcript has no messages.
#include "fuzz/seed_maker/seeds.hpp"

namespace deskcheck::fuzz {

namespace {

class Visit {
 public:
  // With the token of the last login; devices and whoever signs in send none.
  Visit& as_administrator() {
    signed_in_ = true;
    return *this;
  }
  Visit& get(const std::string& path) { return ask("GET", path, ""); }
  Visit& post(const std::string& path, const std::string& body) { return ask("POST", path, body); }
  std::string bytes() const { return input_.SerializeAsString(); }

 private:
  Visit& ask(const std::string& method, const std::string& path, const std::string& body) {
    auto& step = *input_.add_steps();
    step.set_signed_in(signed_in_);
    step.mutable_request()->set_method(method);
    step.mutable_request()->set_path(path);
    step.mutable_request()->set_body(body);
    return *this;
  }

  TunnelInput input_;
  bool signed_in_ = false;
};

constexpr const char* kDevice = R"({"id":"123456789","uuid":"dXVpZA==")";

Visit signed_in_administrator() {
  Visit visit;
  visit.post(
      "/api/login",
      R"({"username":"carol","password":"of-carol","id":"1","uuid":"dQ==","type":"account"})");
  return visit;
}

std::string strategies() {
  auto visit = signed_in_administrator();
  const auto device = std::string(kDevice);
  visit.post("/api/sysinfo", device + R"(,"hostname":"h","version":"1.4.9"})");
  visit.as_administrator();
  visit.post("/api/admin/device-groups", R"({"name":"lab","devices":["123456789"]})")
      .post("/api/admin/strategies", R"({"name":"s","config_options":{"enable-audio":"N"}})")
      .post("/api/admin/strategies/assign", R"({"strategy":"s","device_group":"lab"})")
      .post("/api/heartbeat", device + R"(,"ver":1004009,"conns":[7],"modified_at":0})")
      .post("/api/admin/devices/disconnect", R"({"id":"123456789","connections":[7]})")
      .post("/api/admin/devices/sysinfo", R"({"id":"123456789"})")
      .post("/api/heartbeat", device + R"(,"conns":[7],"modified_at":0})")
      .get("/api/admin/devices?id=123456789")
      .get("/api/admin/strategies")
      .post("/api/admin/strategies/remove", R"({"name":"s"})");
  return visit.bytes();
}

std::string people() {
  auto visit = signed_in_administrator();
  visit.as_administrator();
  visit.post("/api/admin/users", R"({"name":"bob","password":"of-bob","is_admin":false})")
      .post("/api/admin/users/totp", R"({"name":"bob"})")
      .post("/api/admin/books", R"({"name":"b","owner":"bob","rules":{"alice":2}})")
      .post("/api/admin/books/share", R"({"name":"b","user":"alice","rule":1})")
      .post("/api/admin/users/expire-token", R"({"token":"t"})")
      .get("/api/admin/users")
      .post("/api/admin/users/sign-out", R"({"name":"bob"})")
      .post("/api/admin/script-tokens", R"({"name":"t"})")
      .post("/api/admin/books/remove", R"({"name":"b","owner":"bob"})")
      .post("/api/admin/users/remove", R"({"name":"bob"})");
  return visit.bytes();
}

std::string records() {
  Visit visit;
  const auto device = std::string(kDevice);
  visit.post("/api/audit/conn", device + R"(,"conn_id":1,"action":"new","ip":"10.0.0.2"})")
      .post("/api/record?type=new&file=a.mp4", "")
      .post("/api/record?type=part&file=a.mp4&offset=0&length=3", "abc")
      .post("/api/login", R"({"username":"carol","password":"of-carol","id":"1","uuid":"dQ=="})");
  visit.as_administrator();
  visit.get("/api/admin/audits/connections?device=123456789")
      .get("/api/admin/recordings")
      .get("/api/admin/recordings/a.mp4.part")
      .post("/api/admin/recordings/remove", R"({"file":"a.mp4.part"})");
  return visit.bytes();
}

}  // namespace

void add_seeds_of_administrators(Seeds& seeds) {
  seeds["tunnel/administration-strategies"] = strategies();
  seeds["tunnel/administration-people"] = people();
  seeds["tunnel/administration-records"] = records();
}

}  // namespace deskcheck::fuzz
