// What the tests of the API are written with: a request goes in, "200 {...}" comes out. Tests only.
#pragma once

#include "reference-server/api/api.hpp"
#include "reference-server/store/memory_api_store.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::api {

using namespace std::chrono_literals;

class ApiDesk : public ::testing::Test {
 protected:
  ApiDesk() {
    options.password_cost = PasswordCost::minimal;
    options.tokens = {"good"};
    options.limits.api_body = 1000;
    add_account("alice", "s3cret").email = "alice@example.org";
    add_account("root", "r00t").administrator = true;
  }
  AccountFixture& add_account(const std::string& name, const std::string& password) {
    AccountFixture fixture;
    fixture.name = name;
    fixture.password = password;
    return options.accounts.emplace_back(std::move(fixture));
  }
  Api& api() {
    if (!api_) {
      Api::Needs needs;
      needs.deploy = [this](const Deployment& d) {
        deployed = d;
        return d.id == "taken" ? DeployResult::id_taken : DeployResult::ok;
      };
      needs.registered =
          [this](const std::string& id) -> boost::system::result<std::optional<std::string>> {
        const auto found = registered.find(id);
        if (found == registered.end()) return std::optional<std::string>();
        return std::optional<std::string>(found->second);
      };
      needs.registered_key =
          [this](const std::string& id) -> boost::system::result<std::optional<std::string>> {
        const auto found = keys.find(id);
        if (found == keys.end()) return std::optional<std::string>();
        return std::optional<std::string>(found->second);
      };
      api_.emplace(options, store, net::Random(5), std::move(needs));
    }
    return *api_;
  }
  // A server that was started again on the same store.
  void restart() { api_.reset(); }

  Response answer(std::string method, std::string target, std::string body = {},
                  const std::string& token = {}) {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.from = from;
    if (!token.empty()) request.headers = {{"authorization", "Bearer " + token}};
    auto response = api().on(request, now);
    EXPECT_EQ(response.headers.front().first, "Content-Type");
    return response;
  }
  std::string said(std::string method, std::string target, std::string body = {},
                   const std::string& token = {}) {
    const auto response = answer(std::move(method), std::move(target), std::move(body), token);
    return std::to_string(response.status) + " " + response.body;
  }
  std::string login(const std::string& name, const std::string& password) {
    return said("POST", "/api/login",
                R"({"type":"account","username":")" + name + R"(","password":")" + password +
                    R"(","id":"1","uuid":"dQ==","autoLogin":true,"deviceInfo":{}})");
  }
  // A token.
  std::string signed_in(const std::string& name, const std::string& password) {
    const auto text = login(name, password);
    constexpr std::string_view kBefore = R"("access_token":")";
    const auto at = text.find(kBefore);
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? "" : text.substr(at + kBefore.size(), 43);
  }

  Options options;
  MemoryApiStore store;
  net::Time now{1h};
  boost::asio::ip::address from = boost::asio::ip::make_address("10.0.0.1");
  Deployment deployed;
  std::map<std::string, std::string> registered;  // ids to uuids
  std::map<std::string, std::string> keys;        // ids to public keys

 private:
  std::optional<Api> api_;
};

}  // namespace deskcheck::server::api
