// What the HTTP API says to devices that upload recordings, to scripts and to whoever downloads: a
// conversation in which every wrong policy about them shows. Tests only.
#pragma once

#include "proto/wire/keys.hpp"
#include "reference-server/api/api.hpp"
#include "reference-server/identity/totp.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

class ServiceTalk {
 public:
  explicit ServiceTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    options_.downloads["client.exe"] = "abcdef";
    options_.script_tokens = {"script"};
    for (const char* name : {"alice", "carol"}) {
      AccountFixture fixture;
      fixture.name = name;
      fixture.password = "right";
      if (fixture.name == "carol") fixture.totp_secret = kTotpSecret;
      options_.accounts.push_back(std::move(fixture));
    }
    options_.identity = wire::key_pair_from_seed({});
  }
  std::string text() {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    needs.registered_key =
        [](const std::string& id) -> boost::system::result<std::optional<std::string>> {
      if (id != "device") return std::optional<std::string>();
      return std::optional<std::string>(wire::view(device().public_key.bytes));
    };
    api_.emplace(options_, store_, net::Random(1), std::move(needs));
    recordings();
    downloads();
    plugins();
    grants();
    scripts();
    presets();
    second_step();
    return text_;
  }

 private:
  using Body = const std::string&;
  std::string ask(std::string method, std::string target, Body body = "", Body token = "") {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = body;
    if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
    const auto response = api_->on(request, now_);
    text_ += std::to_string(response.status);
    for (const auto& [name, value] : response.headers) text_ += " " + name + ": " + value;
    text_ += " " + response.body + "\n";
    return response.body;
  }
  void record(const std::string& query, Body body = "") {
    ask("POST", "/api/record?" + query, body);
  }
  void show_recordings() {
    for (const auto& one : api_->recordings().list().value()) {
      const auto stored = api_->recordings().read(one.file).value();
      const auto bytes = stored ? stored->bytes.substr(0, 20) : "nothing";
      text_ += one.file + (one.complete ? " complete " : " ") + bytes + "\n";
    }
  }
  void recordings() {
    record("type=new&file=a");
    record("type=part&file=a&offset=0&length=4", "abcd");
    record("type=part&file=a&offset=2&length=4", "CDEF");
    show_recordings();
    record("type=tail&file=a&offset=0&length=2", "AB");
    record("type=new&file=b");
    record("type=part&file=b&offset=0&length=1", "b");
    record("type=new&file=b");
    show_recordings();
    record("type=part&file=b&offset=0", std::string(1 << 20, 'x'));
    record("type=new&file=c%2Fd");
    record("type=remove&file=b");
    show_recordings();
  }
  void downloads() {
    for (const char* method : {"HEAD", "GET"})
      for (const char* name : {"client.exe", "none"})
        ask(method, std::string("/downloads/") + name);
  }
  // What is known of a device.
  void show_card(const std::string& id) {
    const auto card = store_.fleet().find_card(id).value().value_or(DeviceCard());
    text_ += card.owner + "/" + card.note + "\n";
  }
  void cli(const std::string& members, const std::string& token = "script") {
    ask("POST", "/api/devices/cli", R"({"id":"1","uuid":"dQ==",)" + members + "}", token);
    show_card("1");
  }
  void scripts() {
    cli(R"("user_name":"alice")");
    cli(R"("user_name":"nobody","note":"n")");
    for (const char* token : {"bad", "script"})
      ask("POST", "/api/devices/deploy",
          R"({"id":"123456789","uuid":"dQ==","pk":"UNhY4JhezH9gQYqvDMWrWH9CwlcKiECVqejMrND2VFw="})",
          token);
  }
  void presets() {
    const std::string report =
        R"({"id":"2","uuid":"dQ==","username":"u","preset-note":"of its own"})";
    ask("POST", "/api/sysinfo", report);
    show_card("2");
    ask("POST", "/api/devices/cli", R"({"id":"2","uuid":"dQ==","note":""})", "script");
    ask("POST", "/api/sysinfo", report);
    show_card("2");
  }
  std::string challenge() {
    const auto body = ask("POST", "/api/login",
                          R"({"username":"carol","password":"right","autoLogin":true,"id":"1",)"
                          R"("uuid":"dQ==","deviceInfo":{"os":"linux"}})");
    const auto at = body.find(R"("secret":")");
    return at == std::string::npos ? "" : body.substr(at + 10, 43);
  }
  void code(const std::string& secret, const std::string& code) {
    ask("POST", "/api/login",
        R"({"type":"email_code","autoLogin":true,"deviceInfo":{"os":"linux"},"id":"1","uuid":"dQ==",)"
        R"("secret":")" +
            secret + R"(","verificationCode":")" + code + "\"}");
  }
  void second_step() {
    const auto right = identity::totp_code(kTotpSecret, 3600 / identity::kTotpPeriod);
    const auto secret = challenge();
    code(secret, "abcdef");
    code(secret, right);
    code(challenge(), right);
  }
  void plugins() {
    ask("POST", "/lic/web/api/plugin-sign", R"({"plugin_id":"p","version":"1","msg":[104,105]})");
  }
  static wire::KeyPair device() {
    wire::Bytes32 seed{};
    seed.fill(7);
    return wire::key_pair_from_seed(seed);
  }
  void grant(const std::string& code, const std::string& timestamp, const wire::KeyPair& signer) {
    const auto verifier = api::switch_code_verifier(code);
    const std::string zero(1, '\0');
    const auto text = "switch-grant" + zero + "device" + zero + verifier + zero + timestamp;
    ask("POST", "/api/switch-grant",
        R"({"id":"device","switch_code_verifier":")" + verifier + R"(","timestamp":")" + timestamp +
            R"(","signature":")" + wire::to_base64(wire::sign(text, signer).substr(0, 64)) + "\"}");
  }
  void grants() {
    grant("code", "0", device());
    grant("code", "3600", *options_.identity);
    grant("code", "3600", device());
    for (const std::uint64_t connection : {1u, 2u})
      text_ += api_->switch_grants().passes("device", "code", api::SwitchGrants::Request::path,
                                            connection, now_)
                   ? "passes "
                   : "does not pass ";
  }

  static constexpr const char* kTotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  std::string text_;
};

}  // namespace deskcheck::server
