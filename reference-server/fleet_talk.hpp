// What devices hear of an operator's orders, and what he sees of their reports: a conversation in
// which every wrong policy of both shows. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

class FleetTalk {
 public:
  explicit FleetTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    for (const char* name : {"root", "alice"}) {
      AccountFixture fixture;
      fixture.name = name;
      fixture.password = "right";
      fixture.administrator = fixture.name == "root";
      options_.accounts.push_back(fixture);
    }
  }
  std::string text() {
    start();
    const auto login = ask("POST", "/api/login", R"({"username":"root","password":"right"})");
    const auto at = login.find(R"(access_token":")");
    token_ = at == std::string::npos ? "" : login.substr(at + 15, 43);
    for (const char* id : {"1", "2"}) post("/api/sysinfo", id, "");
    orders();
    strategies();
    changes_of_groups_and_owners();
    start();  // it remembers who has what
    beat("", "2");
    reports();
    return text_;
  }

 private:
  void start() {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    api_.emplace(options_, store_, net::Random(1), std::move(needs));
  }
  std::string ask(std::string method, std::string target, std::string body) {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.from = boost::asio::ip::address_v4::loopback();
    if (!token_.empty()) request.headers = {{"Authorization", "Bearer " + token_}};
    const auto response = api_->on(request, now_);
    text_ += std::to_string(response.status) + " " + response.body + "\n";
    return response.body;
  }
  void post(const std::string& route, const std::string& id, const std::string& more) {
    ask("POST", route, R"({"id":")" + id + R"(","uuid":"dQ==")" + more + "}");
  }
  void beat(const std::string& more = "", const std::string& id = "1") {
    post("/api/heartbeat", id, more);
  }
  void order(const std::string& route, const std::string& body) {
    ask("POST", "/api/admin/" + route, body);
  }
  void see(const std::string& route) { ask("GET", "/api/admin/" + route, ""); }

  void orders() {
    const std::string conns = R"(,"conns":[7,8])";
    for (const char* id : {"1", "2"}) beat(conns, id);
    order("devices/disconnect", R"({"id":"1","connections":[7]})");
    for (const char* id : {"1", "2"}) beat(conns, id);
    beat();
    see("devices?id=1");
    order("devices/sysinfo", R"({"id":"1"})");
    beat();
  }
  void strategy(const std::string& name, const std::string& options) {
    order("strategies", R"({"name":")" + name + R"(","config_options":)" + options + "}");
  }
  void assign(const std::string& name, const std::string& to, const std::string& target) {
    order("strategies/assign",
          R"({"strategy":")" + name + R"(",")" + to + R"(":")" + target + "\"}");
  }
  void strategies() {
    strategy("s", R"({"enable-udp-punch":"Y"})");
    strategy("s", R"({"enable-audio":"N","direct-access-port":"21118","whitelist":"x"})");
    assign("s", "device", "1");
    beat();
    beat(R"(,"modified_at":9999999)");
    post("/api/sysinfo", "1", "");
    beat(R"(,"modified_at":3600)");
    strategy("s", R"({"enable-audio":true})");
    ask("POST", "/api/heartbeat", R"({"id":"1","uuid":"dg=="})");
    strategy("s", R"({"enable-audio":"Y"})");
    beat();
    assign("", "device", "1");
    beat();
  }
  void changes_of_groups_and_owners() {
    assign("s", "user", "alice");
    order("device-groups", R"({"name":"g"})");
    assign("s", "device_group", "g");
    beat("", "2");
    order("device-groups", R"({"name":"g","devices":["2"]})");
    beat("", "2");
    order("device-groups", R"({"name":"g","devices":[]})");
    beat("", "2");
    order("devices", R"({"id":"2","user":"alice"})");
    beat("", "2");
  }
  void reports() {
    const std::string session = R"(,"conn_id":7,"session_id":5)";
    post("/api/audit/conn", "1", R"(,"action":"new","ip":"x")" + session);
    post("/api/audit/conn", "1", R"(,"peer":["9","alice"],"type":0)" + session);
    for (const char* note : {"a", "b"})
      ask("POST", "/api/audit/conn",
          R"({"id":"1","session_id":5,"note":")" + std::string(note) + "\"}");
    const std::string info = R"(,"info":"{\"files\":[[\"a\",2],[\"b\",1]],\"num\":20}")";
    for (const auto& path : {std::string(300, 'x'), std::string("\xc3\xa4")})
      post("/api/audit/file", "1",
           R"(,"peer_id":"9","type":1,"is_file":true,"path":")" + path + "\"" + info);
    for (const char* typ : {"1", "1", "99"})
      post("/api/audit/alarm", "1", R"(,"info":"{\"ip\":\"x\"}","typ":)" + std::string(typ));
    for (const char* kind : {"connections", "files", "alarms"})
      see(std::string("audits/") + kind + "?device=1");
  }

  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  std::string token_;
  std::string text_;
};

}  // namespace deskcheck::server
