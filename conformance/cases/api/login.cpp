// Signing in with name and password.
#include "conformance/cases/api/general.hpp"

#include <array>
#include <cctype>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// What the client's tables translate, by exact match, of what a login can be refused with.
// client:src/lang/template.rs
constexpr std::array<std::string_view, 4> kTranslated{
    "Wrong credentials", "Wrong Password", "Incorrect username or password.",
    "The verification code is incorrect or has expired"};

// What is left of a text for somebody who does not look closely.
std::string plain(std::string_view text) {
  std::string letters;
  for (const unsigned char c : text)
    if (std::isalnum(c)) letters += static_cast<char>(std::tolower(c));
  return letters;
}

MATCHER(IsNotAlmostTranslated, "a text that clients translate, or another one altogether") {
  const auto text = arg.arrived() ? error_in(*arg) : std::nullopt;
  if (!text) return false;
  for (const auto known : kTranslated)
    if (*text != known && plain(*text) == plain(known)) return false;
  return true;
}

// Clients take an error that is null for none. client:flutter/lib/models/user_model.dart:209-214
MATCHER(AnswersLogin, "HTTP 200 with a JSON object without error, or with one that is null") {
  if (!arg.arrived() || arg->status != 200) return false;
  const auto body = object_in(*arg);
  return body && member_of(*body, "error").is_null();
}

// The texts of a person, as clients read them: a number there ends the login.
MATCHER(HasReadableUser, "a user whose name, e-mail, note and picture are texts, null or absent") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto* user = body ? body->if_contains("user") : nullptr;
  if (!user || !user->is_object()) return false;
  for (const char* name : {"name", "display_name", "avatar", "email", "note", "verifier"}) {
    const auto* member = user->get_object().if_contains(name);
    if (member && !member->is_string() && !member->is_null()) return false;
  }
  return true;
}

json::object without(json::object body, std::string_view name) {
  body.erase(name);
  return body;
}
json::object with(json::object body, std::string_view name, json::value value) {
  body[name] = std::move(value);
  return body;
}

}  // namespace

CASE(login_right, "api/login/right-password",
     checks("HTTP-LOGIN-01", "HTTP-LOGIN-02", "HTTP-LOGIN-03", "HTTP-LOGIN-17"), takes(kApiStory),
     does(Effect::reads)) {
  const Account account = account_of(lab, "user");
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login(account);
    if (!lab.verdict("HTTP-LOGIN-01", answer, AnswersLogin())) co_return;
    lab.verdict("HTTP-LOGIN-02", answer, HasMember("type", IsTheText("access_token")));
    lab.verdict("HTTP-LOGIN-02", answer, HasMember("access_token", IsText()));
    lab.verdict("HTTP-LOGIN-03", answer, HasMember("user.name", IsText()));
    lab.verdict("HTTP-LOGIN-17", answer, HasReadableUser());
  }
}

// What one client or the other leaves out.
CASE(login_variants, "api/login/what-clients-leave-out", checks("HTTP-LOGIN-14", "HTTP-LOGIN-15"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), does(Effect::reads)) {
  const Account account = account_of(lab, "user");
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto body = client.login_body(account);
    const auto silent = co_await client.post("/api/login", without(body, "autoLogin"));
    lab.verdict("HTTP-LOGIN-14", silent, HasMember("access_token", IsText()));
    const auto empty = co_await client.post("/api/login", with(body, "tfaCode", ""));
    lab.verdict("HTTP-LOGIN-14", empty, HasMember("access_token", IsText()));
    const auto bare = co_await client.post("/api/login", with(body, "deviceInfo", json::object()));
    lab.verdict("HTTP-LOGIN-15", bare, HasMember("access_token", IsText()));
  }
}

CASE(login_wrong, "api/login/wrong-password",
     checks("HTTP-LOGIN-13", "HTTP-LOGIN-16", "HTTP-GEN-03", "HTTP-GEN-06", "HTTP-GEN-07"),
     takes(kApiStory), does(Effect::limits)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto& accounts = lab.target().accounts;
    const auto user = accounts.find("user");
    const Account stranger{"nobody-" + lab.fresh_id(), lab.fresh_id()};
    const Account wrong{user == accounts.end() ? stranger.user : user->second.user, "not it"};
    for (const auto& account : {stranger, wrong}) {
      const auto answer = co_await client.login(account);
      lab.verdict("HTTP-LOGIN-13", answer, IsApiError());
      lab.verdict("HTTP-LOGIN-16", answer, IsNotAlmostTranslated());
      lab.verdict("HTTP-GEN-03", answer, IsApiError());
      lab.verdict("HTTP-GEN-06", answer, IsNot(Is401()));  // it has no token that could be wrong
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
    const auto code = co_await client.post("/api/login", client.code_body());
    lab.verdict("HTTP-LOGIN-13", code, IsApiError());
  }
}

// Half a question, and questions of another kind.
CASE(login_malformed, "api/login/malformed", checks("HTTP-LOGIN-13", "HTTP-GEN-07", "HTTP-GEN-17"),
     takes(kApiStory), does(Effect::limits)) {
  ApiClient client(lab);
  const Account account{"nobody-" + lab.fresh_id(), lab.fresh_id()};
  const auto whole = client.login_body(account);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const char* name : {"username", "password", "type", "id", "uuid"}) {
      const auto absent = co_await client.post("/api/login", without(whole, name));
      lab.verdict("HTTP-LOGIN-13", absent, IsApiError());
      for (const json::value& wrong : {json::value(5), json::value(nullptr), json::value(true),
                                       json::value(json::array()), json::value(json::object())}) {
        const auto answer = co_await client.post("/api/login", with(whole, name, wrong));
        lab.verdict("HTTP-LOGIN-13", answer, IsApiError());
        lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      }
    }
    for (const char* text : {"", "{", "[]", "null", "5", "\"text\"",
                             "{\"username\":\"\xff\xfe\",\"password\":\"x\"}"}) {
      const auto answer = co_await client.post_text("/api/login", text);
      lab.verdict("HTTP-LOGIN-13", answer, IsApiError());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
  (void)co_await api_still_serves(lab, client, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
