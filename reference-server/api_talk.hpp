// What the HTTP API says about accounts and devices: a conversation in which every wrong policy of
// it shows, but for what only a connection can tell. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

class ApiTalk {
 public:
  explicit ApiTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    for (const char* name : {"alice", "disabled"}) {
      AccountFixture fixture;
      fixture.name = name;
      fixture.password = "right";
      fixture.disabled = fixture.name == "disabled";
      options_.accounts.push_back(fixture);
    }
  }
  std::string text() {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    api_.emplace(options_, store_, net::Random(1), std::move(needs));
    accounts();
    devices();
    orders();
    return text_;
  }

 private:
  using Body = const std::string&;
  std::string ask(std::string method, std::string path, Body body = "", Body token = "") {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(path);
    request.body = body;
    if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
    const auto response = api_->on(request, now_);
    text_ += std::to_string(response.status);
    for (const auto& [name, value] : response.headers) text_ += " " + name + ": " + value;
    text_ += " " + response.body + "\n";
    return response.body;
  }
  std::string post(const char* path, Body body = "", Body token = "") {
    return ask("POST", path, body, token);
  }
  std::string login(const std::string& name, const std::string& password, Body more = "") {
    return post("/api/login",
                R"({"username":")" + name + R"(","password":")" + password + "\"" + more + "}");
  }
  static std::string token_in(Body body) {
    const auto at = body.find(R"(access_token":")");
    return at == std::string::npos ? "" : body.substr(at + 15, 43);
  }
  void accounts() {
    ask("GET", "/api/login-options");
    ask("GET", "/api/nothing");
    login("alice", "wrong");
    login("disabled", "right");
    login("alice", "right", R"(,"autoLogin":true,"deviceInfo":{"os":"linux"},"new":1)");
    login("alice", "right", R"(,"autoLogin":true,"deviceInfo":{}})");
    const auto token = token_in(login("alice", "right"));
    post("/api/currentUser", "{}", token);
    post("/api/currentUser", "{}", "nobodys");
    post("/api/logout", "{}", token);
    post("/api/currentUser", "{}", token);
    const auto old = token_in(login("alice", "right"));
    now_ += options_.token_lifetime;
    post("/api/currentUser", "{}", old);
  }
  void beat(Body more = "", Body uuid = "dQ==") {
    post("/api/heartbeat", R"({"id":"123456789","uuid":")" + uuid + "\"" + more + "}");
  }
  void upload(Body more = "", Body uuid = "dQ==") {
    post("/api/sysinfo", R"({"id":"123456789","uuid":")" + uuid + "\"" + more + "}");
  }
  void devices() {
    post("/api/sysinfo_ver");
    now_ += std::chrono::seconds(1);
    post("/api/sysinfo_ver");
    beat();
    upload();
    upload(R"(,"username":"bob","hostname":"another","new":1)");
    beat();
    upload("", "dg==");
    beat();
  }
  void orders() {
    auto& devices = api_->devices();
    auto& fleet = store_.fleet();
    StrategyRecord strategy;
    strategy.name = "silent";
    strategy.config_options["enable-audio"] = "N";
    Assignment assignment;
    assignment.target = "123456789";
    assignment.strategy = strategy.name;
    if (!fleet.put_strategy(strategy) || !fleet.assign(assignment)) text_ += "not stored";
    api_->strategies().changed();
    beat();
    beat(R"(,"modified_at":)" + std::to_string(unix_of_strategy()));
    devices.disconnect("123456789", 9);
    beat(R"(,"conns":[7])");
    devices.disconnect("123456789", 7);
    for (int i = 0; i < 2; ++i) beat(R"(,"conns":[7])");
    beat("", "dg==");
    text_ += devices.online("123456789", now_ + std::chrono::seconds(40)) ? "online" : "offline";
  }
  std::int64_t unix_of_strategy() const {
    return std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
  }

  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  std::string text_;
};

}  // namespace deskcheck::server
