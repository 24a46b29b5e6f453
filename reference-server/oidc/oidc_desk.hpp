// What the tests of signing in through identity providers are written with. Tests only.
#pragma once

#include "reference-server/api/api_desk.hpp"
#include "reference-server/oidc/scripted_provider.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::oidc {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class OidcDesk : public api::ApiDesk {
 protected:
  OidcDesk() {
    IdentityProviderFixture fixture;
    fixture.name = "Corp";
    fixture.issuer = ScriptedProvider::kIssuer;
    fixture.client_id = "desk";
    fixture.client_secret = "top secret";
    options.identity_providers = {fixture};
    options.log = [this](std::string_view line) { log += std::string(line) + "\n"; };
  }
  api::Response finish(api::Response response) {
    while (response.elsewhere) {
      const auto elsewhere = response.elsewhere;
      response = elsewhere->then(provider.answer(elsewhere->question), now);
    }
    return response;
  }
  api::Response ask(std::string method, std::string target, std::string body = {}) {
    api::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.headers = {{"Host", "desk.example:21114"}};
    request.from = from;
    return finish(api().on(request, now));
  }
  // Begins to sign in; what the server says.
  std::string begin(const std::string& op = "Corp", const std::string& more = "") {
    return ask("POST", "/api/oidc/auth",
               R"({"op":")" + op + R"(","id":"123","uuid":"dQ==","deviceInfo":{"name":"PC"})" +
                   more + "}")
        .body;
  }
  static std::string member(const std::string& text, const char* name) {
    const auto value = boost::json::parse(text);
    const auto* found = value.as_object().if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : "";
  }
  std::string poll(const std::string& code, const std::string& id = "123",
                   const std::string& uuid = "dQ%3D%3D") {
    const auto response =
        ask("GET", "/api/oidc/auth-query?code=" + code + "&id=" + id + "&uuid=" + uuid);
    return std::to_string(response.status) + " " + response.body;
  }
  std::string page(const std::string& target) {
    const auto response = ask("GET", target);
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, Not(HasSubstr("<script")));
    return response.body;
  }
  // The whole story; what the client hears at its end.
  std::string sign_in() {
    const auto begun = begin();
    page(provider.authorize(member(begun, "url")));
    return poll(member(begun, "code"));
  }

  ScriptedProvider provider;
  std::string log;
};

}  // namespace deskcheck::server::oidc
