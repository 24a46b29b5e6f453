// What the HTTP API says to those who sign in through an identity provider: a conversation in which
// every wrong policy about that shows. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/oidc/scripted_provider.hpp"
#include "reference-server/store/memory_api_store.hpp"

namespace deskcheck::server {

class OidcTalk {
 public:
  explicit OidcTalk(const WrongPolicies& wrong) {
    options_.faults.policies = wrong;
    options_.password_cost = PasswordCost::minimal;
    AccountFixture account;
    account.name = "alice";
    account.password = "right";
    options_.accounts.push_back(account);
    IdentityProviderFixture corp;
    corp.name = "Corp";
    corp.issuer = oidc::ScriptedProvider::kIssuer;
    corp.client_id = "desk";
    corp.icon = "<svg/>";
    options_.identity_providers.push_back(corp);
  }
  std::string text() {
    api::Api::Needs needs;
    needs.deploy = [](const api::Deployment&) { return api::DeployResult::not_enabled; };
    needs.registered = [](const std::string&) -> boost::system::result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    api_.emplace(options_, store_, net::Random(1), std::move(needs));
    ask("GET", "/api/login-options");
    begin("Nobody");
    right();
    lies();
    names();
    keys();
    time();
    return text_;
  }

 private:
  using Body = const std::string&;
  std::string ask(std::string method, std::string path, Body body = "", bool typed = true) {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(path);
    request.body = body;
    request.headers = {{"Host", "desk.example"}};
    if (typed) request.headers.emplace_back("Content-Type", "application/json");
    auto response = api_->on(request, now_);
    while (response.elsewhere) {
      const auto elsewhere = response.elsewhere;
      response = elsewhere->then(provider_.answer(elsewhere->question), now_);
    }
    text_ += std::to_string(response.status);
    for (const auto& [name, value] : response.headers) text_ += " " + name + ": " + value;
    text_ += " " + response.body + "\n";
    return response.body;
  }
  static std::string member(Body text, const char* name) {
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    const auto* object = value.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    return found && found->is_string() ? std::string(found->get_string()) : "";
  }
  void begin(Body op, Body more = R"(,"apiDomain":"http://api.example")") {
    begun_ = ask("POST", "/api/oidc/auth",
                 R"({"op":")" + op + R"(","id":"1","uuid":"dQ==","deviceInfo":{})" + more + "}");
  }
  // Nothing comes back from a page that is none.
  std::string back() {
    const auto url = member(begun_, "url");
    return url.starts_with("http") ? provider_.authorize(url) : "/api/oidc/callback";
  }
  void poll(Body id = "1", Body code = "") {
    ask("GET",
        "/api/oidc/auth-query?code=" + (code.empty() ? member(begun_, "code") : code) +
            "&id=" + id + "&uuid=dQ%3D%3D",
        "", false);
  }
  void sign_in() {
    begin("Corp");
    ask("GET", back());
    poll();
    now_ += std::chrono::seconds(300);
    provider_.now += 300;
  }
  void right() {
    begin("Corp", "");
    begin("Corp");
    for (int i = 0; i < 2; ++i) poll();
    const auto page = back();
    const auto code = provider_.code;
    for (int i = 0; i < 2; ++i) {
      ask("GET", page);
      provider_.code = code;
    }
    poll();
    poll("2");
    poll("1", "another");
    now_ += std::chrono::seconds(300);
    provider_.now += 300;
  }
  void lies() {
    using boost::json::object;
    for (const auto& lie :
         {object{{"nonce", "x"}}, object{{"aud", "x"}}, object{{"iss", "x"}}, object{{"exp", 1}}}) {
      provider_.instead = lie;
      sign_in();
    }
    provider_.instead.clear();
    for (const auto& sign : {stranger_, unsigned_}) {
      provider_.sign = sign;
      sign_in();
    }
    provider_.sign = nullptr;
  }
  void names() {
    provider_.person = {{"sub", "2"}, {"preferred_username", "alice"}};
    sign_in();
    provider_.person = {{"sub", "1"}, {"preferred_username", "anna"}};
  }
  void keys() {
    provider_.key = oidc::make_ec_key("second");
    provider_.keys = {provider_.key};
    provider_.algorithm = "ES256";
    // Before the keys are fetched anew anyway.
    sign_in();
  }
  void time() {
    begin("Corp");
    now_ += std::chrono::seconds(170);
    poll();
  }

  using Sign = std::function<std::string(const boost::json::object&)>;
  const Sign stranger_ = [](const boost::json::object& claims) {
    static const auto key = oidc::make_rsa_key("first");
    return oidc::signed_with(key, "RS256", claims);
  };
  const Sign unsigned_ = [](const boost::json::object& claims) {
    return oidc::unsigned_token(claims);
  };
  Options options_;
  MemoryApiStore store_;
  net::Time now_{std::chrono::hours(1)};
  std::optional<api::Api> api_;
  oidc::ScriptedProvider provider_;
  std::string text_, begun_;
};

}  // namespace deskcheck::server
