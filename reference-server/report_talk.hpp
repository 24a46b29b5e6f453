// What the HTTP API says in the group tab and to audits: a conversation in which every wrong policy
// of them shows. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/sqlite_api_store.hpp"

namespace deskcheck::server {

class ReportTalk {
 public:
  explicit ReportTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    add_account("alice", {"1"});
    add_account("bob", {"3"}).display_name = "Bob";
    add_account("carol", {}).disabled = true;
    add_account("dave", {"5"});
    DeviceGroupFixture branch;
    branch.name = "Branch";
    branch.devices = {"2", "3"};
    branch.members = {"alice"};
    options_.device_groups.push_back(branch);
  }
  std::string text() {
    start(store_);
    group_tab();
    connections();
    what_is_kept();
    files();
    alarms();
    notes();
    what_is_kept();
    failing_storage();
    return text_;
  }

 private:
  AccountFixture& add_account(const std::string& name, std::vector<std::string> devices) {
    AccountFixture fixture;
    fixture.name = name;
    fixture.password = "right";
    fixture.devices = std::move(devices);
    return options_.accounts.emplace_back(std::move(fixture));
  }
  void start(ApiStore& store) {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    api_.emplace(options_, store, net::Random(1), std::move(needs));
    for (const char* name : {"alice", "bob", "dave"}) tokens_[name] = token_of(name);
  }
  std::string token_of(const std::string& name) {
    const auto body =
        sent("POST", "/api/login",
             R"({"username":")" + name +
                 R"(","password":"right","autoLogin":true,"deviceInfo":{"os":"linux"}})",
             "")
            .body;
    const auto at = body.find(R"(access_token":")");
    return at == std::string::npos ? "" : body.substr(at + 15, 43);
  }
  api::Response sent(std::string method, std::string target, std::string body,
                     const std::string& token) {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
    return api_->on(request, now_);
  }
  std::string ask(const char* method, const std::string& target, const std::string& who = "",
                  const std::string& body = "") {
    const auto response = sent(method, target, body, tokens_[who]);
    text_ += std::to_string(response.status) + " " + response.body + "\n";
    return response.body;
  }
  void group_tab() {
    ask("POST", "/api/sysinfo", "",
        R"({"id":"1","uuid":"dQ==","hostname":"PC","os":"windows / Windows 11","username":"u"})");
    for (const char* who : {"alice", "dave", ""}) {
      ask("GET", "/api/device-group/accessible?current=1&pageSize=100", who);
      ask("GET", "/api/users?current=1&pageSize=100&accessible&status=1", who);
      ask("GET", "/api/users", who);
      ask("GET", "/api/peers?current=1&pageSize=100&accessible&status=1", who);
    }
  }
  void report(const char* kind, const std::string& more) {
    ask("POST", std::string("/api/audit/") + kind, "", R"({"id":"1",)" + more + "}");
  }
  void connections() {
    const std::string big = R"("uuid":"dQ==","session_id":13835058055282163713,"conn_id":7)";
    const std::string opened = R"("uuid":"dQ==","session_id":0,"action":"new","conn_id":)";
    report("conn", opened + R"(7,"ip":"10.0.0.1","nonce":"n1")");
    report("conn", opened + R"(7,"ip":"10.0.0.1","nonce":"n1")");
    report("conn", big + R"(,"peer":["9","alice"],"type":0,"nonce":"n2")");
    report("conn", R"("session_id":13835058055282163713,"note":"first")");
    report("conn", R"("session_id":13835058055282163713,"note":"second")");
    report("conn", opened + R"(8,"ip":"10.0.0.2")");
    report("conn", R"("uuid":"dQ==","session_id":0,"action":"close","conn_id":8)");
    for (const char* ip : {"10.0.0.3", "10.0.0.4"})
      report("conn", opened + R"(9,"ip":")" + ip + "\"");
  }
  void files() {
    const auto file = [&](const std::string& path, const std::string& more) {
      report("file", R"("uuid":"dQ==","peer_id":"9","type":1,"path":")" + path + "\"" + more);
    };
    const std::string info = R"(,"info":"{\"files\":[[\"a\",1]],\"num\":)";
    file("/x", info + R"(1}","conn_id":7)");
    file("/x", info + R"(20}","conn_id":7)");
    file("", info + R"(1}","conn_id":7)");
    file("/x", info + R"(1}")");
    file(std::string(300, 'x'), info + R"(1}","conn_id":7)");
  }
  void alarms() {
    for (const char* typ : {"0", "6", "99"})
      report("alarm",
             R"("uuid":"dQ==","conn_id":7,"info":"{\"ip\":\"x\"}","typ":)" + std::string(typ));
    report("alarm", R"("uuid":"dQ==","info":"{}","typ":1)");
  }
  void notes() {
    const std::string active = "/api/audit/conn/active?id=1&conn_type=0&session_id=";
    ask("GET", active + "5", "alice");
    const auto body = ask("GET", active + "13835058055282163713", "alice");
    const auto guid = body.size() == 38 ? body.substr(1, 36) : "none";
    const auto note = [&](const std::string& who, const std::string& text) {
      ask("PUT", "/api/audit", who, R"({"guid":")" + guid + R"(","note":")" + text + "\"}");
    };
    note("alice", "a");
    note("bob", "b");
    report("conn", R"("uuid":"dQ==","session_id":0,"action":"close","conn_id":7)");
    note("alice", "late");
  }
  // What the operator sees.
  void what_is_kept() {
    for (const auto& conn : api_->audits().connections("", 100).value())
      text_ += conn.device + " " + std::to_string(conn.conn_id) + " " + conn.ip + " " +
               std::to_string(conn.session) + " " + conn.peer_name + " " + conn.note +
               (conn.authorised ? " authorised" : "") + (conn.closed != 0 ? " closed" : "") + "\n";
    for (const auto kind : {AuditEvent::file, AuditEvent::alarm})
      text_ += std::to_string(api_->audits().events(kind, "", 100).value().size()) + " ";
  }
  void failing_storage() {
    SqliteApiStore store(":memory:");
    start(store);
    if (!store.database().run("DROP TABLE audit_event")) text_ += "still there";
    report("alarm", R"("uuid":"dQ==","conn_id":7,"info":"{}","typ":1)");
    api_.reset();
  }

  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  std::map<std::string, std::string> tokens_;
  std::string text_;
};

}  // namespace deskcheck::server
