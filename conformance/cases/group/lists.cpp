#include "conformance/cases/group/lists.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

PagedQuestion list_question(std::string path, std::string query, std::string key) {
  PagedQuestion question;
  question.method = "GET";
  question.path = std::move(path);
  question.query = std::move(query);
  question.key = std::move(key);
  return question;
}

}  // namespace

PagedQuestion device_groups() { return list_question("/api/device-group/accessible", "", "name"); }
// `accessible` without `=`, as Dart writes an empty value.
PagedQuestion group_users() { return list_question("/api/users", "&accessible&status=1", "name"); }
PagedQuestion group_peers() { return list_question("/api/peers", "&accessible&status=1", "id"); }

// client:flutter/lib/common/hbbs/hbbs.dart:36-48
std::string why_unreadable_user(const json::object& user) {
  return members_that_are_no_text(user,
                                  {"name", "display_name", "avatar", "email", "note", "verifier"});
}

// client:flutter/lib/common/hbbs/hbbs.dart:86-105
std::string why_unreadable_device(const json::object& device) {
  const auto status = member_of(device, "status");
  if (!status.is_null() && !status.is_int64()) return "status is " + json::serialize(status);
  const auto info = member_of(device, "info");
  const auto why =
      members_that_are_no_text(device, {"id", "user", "user_name", "device_group_name", "note"});
  if (!why.empty() || !info.is_object()) return why;
  const auto inside = members_that_are_no_text(info.get_object(), {"username", "device_name"});
  return inside.empty() ? "" : "info." + inside;
}

SetupAccount account_for(Lab& lab, std::string role) {
  SetupAccount account;
  account.user = role + "-" + lab.fresh_id();
  account.password = lab.fresh_id();
  account.role = std::move(role);
  return account;
}

Task<ClientList> list_for(ApiClient& client, PagedQuestion question, std::string role) {
  const std::string token = co_await client.sign_in(std::move(role));
  ItemReader reader;
  if (question.path == "/api/users") reader = why_unreadable_user;
  if (question.path == "/api/peers") reader = why_unreadable_device;
  co_return co_await read_list(client, std::move(question), token, reader);
}

}  // namespace deskcheck::conformance
