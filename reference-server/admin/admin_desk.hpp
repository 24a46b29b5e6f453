// What the tests of the admin API are written with. Tests only.
#pragma once

#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::admin {

using namespace std::chrono_literals;

class AdminDesk : public api::ApiDesk {
 protected:
  AdminDesk() {
    options.limits.api_body = 1'000'000;
    from = boost::asio::ip::make_address("127.0.0.1");
    add_account("bob", "b0b");
  }
  // As the administrator: "200 {...}".
  std::string get(const std::string& route) { return said("GET", route_of(route), "", token()); }
  std::string post(const std::string& route, const std::string& body) {
    return said("POST", route_of(route), body, token());
  }
  // A heartbeat of device 1.
  std::string beat(std::int64_t modified_at = 0, const std::string& more = "") {
    return said(
        "POST", "/api/heartbeat",
        R"({"id":"1","uuid":"dQ==","modified_at":)" + std::to_string(modified_at) + more + "}");
  }
  void upload(const std::string& id = "1") {
    said("POST", "/api/sysinfo", R"({"id":")" + id + R"(","uuid":"dQ==","hostname":"PC"})");
  }
  const std::string& token() {
    if (!token_.empty()) return token_;
    const auto text = said("POST", "/api/login", R"({"username":"root","password":"r00t"})");
    const auto at = text.find(R"("access_token":")");
    EXPECT_NE(at, std::string::npos) << text;
    if (at != std::string::npos) token_ = text.substr(at + 16, 43);
    return token_;
  }

 private:
  static std::string route_of(const std::string& route) { return "/api/admin/" + route; }
  std::string token_;
};

constexpr const char* kDone = "200 {}";

}  // namespace deskcheck::server::admin
