// Whether the types of this folder and console-api.openapi.yaml say the same: its examples of
// requests are understood, and what is made here has the members that it names.
#include "proto/document/document.hpp"

#include "proto/api/address_book.hpp"
#include "proto/api/audit.hpp"
#include "proto/api/group.hpp"
#include "proto/api/heartbeat.hpp"
#include "proto/api/json.hpp"
#include "proto/api/login.hpp"
#include "proto/api/sysinfo.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

namespace deskcheck::http_api {
namespace {

namespace json = boost::json;

class OpenApi : public ::testing::Test {
 protected:
  OpenApi() {
    std::ifstream file(DESKCHECK_OPENAPI, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    whole_ = document::parse(text, "console-api.openapi.yaml").value().json();
  }
  const json::value& at(const std::string& pointer) const { return whole_.at_pointer(pointer); }
  const json::object& schema(const std::string& name) const {
    return at("/components/schemas/" + name).as_object();
  }
  // The bodies that an operation or a component shows of its requests, as text.
  std::vector<std::string> requests(const std::string& pointer) const {
    const auto& media = at(pointer + "/content/application~1json").as_object();
    if (const auto* one = media.if_contains("example")) return {json::serialize(*one)};
    std::vector<std::string> texts;
    for (const auto& [name, example] : media.at("examples").as_object())
      texts.push_back(json::serialize(example.at("value")));
    return texts;
  }
  void expect_members(const std::string& name, const json::object& made) const {
    const auto& properties = schema(name).at("properties").as_object();
    for (const auto& member : made)
      EXPECT_TRUE(properties.contains(member.key())) << name << ": " << member.key();
    const auto* required = schema(name).if_contains("required");
    if (!required) return;
    for (const auto& member : required->as_array())
      EXPECT_TRUE(made.contains(member.as_string())) << name << ": " << member;
  }

 private:
  json::value whole_;
};

TEST_F(OpenApi, ExamplesOfRequestsAreUnderstood) {
  struct Row {
    std::string where;
    std::function<bool(const std::string&)> understood;
  };
  const auto operation = [](const char* path, const char* method = "post") {
    return "/paths/~1api~1" + std::string(path) + "/" + method + "/requestBody";
  };
  const auto peer = [](const std::string& text) {
    BookPeer read;
    return !take(parse_object(text).value(), read);
  };
  const auto texts = [](const std::string& text) { return parse_texts(text).has_value(); };
  const Row rows[] = {
      {operation("login"), [](const auto& text) { return !parse_login(text)->type.empty(); }},
      {operation("ab"), [](const auto& text) { return parse_legacy_book(text).has_value(); }},
      {operation("ab~1peer~1add~1{guid}"), peer},
      {operation("ab~1peer~1update~1{guid}", "put"), peer},
      {operation("ab~1peer~1{guid}", "delete"), texts},
      {operation("ab~1tag~1{guid}", "delete"), texts},
      {operation("ab~1tag~1rename~1{guid}", "put"),
       [](const auto& text) { return parse_tag_rename(text).has_value(); }},
      {"/components/requestBodies/Tag",
       [](const auto& text) { return parse_book_tag(text).has_value(); }},
      {operation("heartbeat"), [](const auto& text) { return parse_heartbeat(text).has_value(); }},
      {operation("sysinfo"), [](const auto& text) { return parse_sysinfo(text).has_value(); }},
      {operation("audit~1conn"),
       [](const auto& text) { return parse_conn_audit(text).has_value(); }},
      {operation("audit~1file"),
       [](const auto& text) { return parse_file_audit(text).has_value(); }},
      {operation("audit~1alarm"),
       [](const auto& text) { return parse_alarm_audit(text).has_value(); }},
      {operation("audit", "put"),
       [](const auto& text) { return parse_audit_note(text).has_value(); }},
  };
  for (const auto& row : rows)
    for (const auto& text : requests(row.where)) EXPECT_TRUE(row.understood(text)) << text;
}

TEST_F(OpenApi, TheFourReportsOfConnectionsAreToldApart) {
  std::set<ConnAudit::Kind> kinds;
  for (const auto& text : requests("/paths/~1api~1audit~1conn/post/requestBody"))
    kinds.insert(parse_conn_audit(text).value().kind);
  EXPECT_EQ(kinds.size(), 4U);
}

TEST_F(OpenApi, WhatIsMadeHasTheMembersThatAreNamed) {
  expect_members("LoginComplete", login_answer("token", {}));
  expect_members("User", to_json(UserPayload()));
  expect_members("UserInfo", to_json(UserPayload()).at("info").as_object());
  expect_members("BookProfile", to_json(BookProfile()));
  expect_members("BookTag", to_json(BookTag()));
  expect_members("AccessibleDevice", to_json(AccessibleDevice()));
  const auto peer = to_json(BookPeer());
  expect_members("BookPeer", peer);
  EXPECT_EQ(peer.size(), schema("BookPeer").at("properties").as_object().size());
  HeartbeatAnswer answer;
  answer.sysinfo = true;
  answer.disconnect = {7};
  answer.modified_at = 1;
  answer.strategy.emplace();
  expect_members("HeartbeatAnswer", to_json(answer));
  EXPECT_EQ(to_json(answer).size(), schema("HeartbeatAnswer").at("properties").as_object().size());
  expect_members("Strategy", to_json(answer).at("strategy").as_object());
}

}  // namespace
}  // namespace deskcheck::http_api
