// What holds for every endpoint: statuses, content types, errors, tokens.
#include "conformance/cases/api/general.hpp"

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

boost::json::object of_tomorrow(boost::json::object body) {
  body["tomorrow"] = {{"list", {1, 2.5, nullptr}}, {"text", "unheard of"}};
  body["x-flag"] = true;
  return body;
}

Task<bool> api_still_serves(Lab& lab, const ApiClient& client, std::string requirement) {
  auto other = client.neighbour();
  const net::Time begun = lab.now();
  const auto answer = co_await other.login_options();
  const net::Duration took = lab.now() - begun;
  const bool served = lab.verdict(requirement, answer, IsNoServerError());
  co_return lab.verdict(requirement, took, IsShorterThan(kHttpPatience)) && served;
}

namespace {

// Questions that devices and people ask before anybody has signed in.
Task<void> ask_without_token(Lab& lab, ApiClient client, const Account* account) {
  const auto options = co_await client.login_options();
  lab.verdict("HTTP-GEN-11", options, IsServedWithoutToken());
  const auto heartbeat = co_await client.heartbeat();
  lab.verdict("HTTP-GEN-11", heartbeat, IsServedWithoutToken());
  const auto sysinfo = co_await client.sysinfo();
  lab.verdict("HTTP-GEN-11", sysinfo, IsServedWithoutToken());
  const auto version = co_await client.sysinfo_version();
  lab.verdict("HTTP-GEN-11", version, IsServedWithoutToken());
  if (!account) co_return;
  const auto login = co_await client.login(*account);
  lab.verdict("HTTP-GEN-11", login, IsServedWithoutToken());
}

MATCHER(IsRefusedWithoutData, "an error, or a status of 4xx") {
  if (!arg.arrived()) return false;
  return (arg->status >= 400 && arg->status < 500) || error_in(*arg).has_value();
}

}  // namespace

CASE(api_without_token, "api/general/no-token-needed", checks("HTTP-GEN-11"), takes(kApiStory)) {
  const auto& accounts = lab.target().accounts;
  const auto user = accounts.find("user");
  ApiClient client(lab);
  const Account* account = user == accounts.end() ? nullptr : &user->second;
  for (const Way way : ways(lab)) {
    client.use(way);
    co_await ask_without_token(lab, client, account);
  }
}

// The answers that people read, and the ones that programs build on.
CASE(api_successes, "api/general/success",
     checks("HTTP-GEN-01", "HTTP-GEN-08", "HTTP-GEN-10", "HTTP-GEN-15", "HTTP-GEN-17"),
     takes(kApiStory)) {
  const bool knows_users = !lab.target().without.contains("api.auth.current-user");
  const Account account = account_of(lab, "user");
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const net::Time begun = lab.now();
    const auto login = co_await client.login(account);
    const net::Duration took = lab.now() - begun;
    if (!lab.verdict("HTTP-GEN-08", login, AnswersMap())) co_return;
    lab.verdict("HTTP-GEN-17", took, IsShorterThan(kHttpPatience));
    lab.verdict("HTTP-GEN-01", login, IsReadAsUtf8());
    lab.verdict("HTTP-GEN-15", login, IsNoRedirect());
    const std::string token = co_await client.sign_in("user");
    if (knows_users) {
      const auto user = co_await client.current_user(token);
      lab.verdict("HTTP-GEN-08", user, HasStatus(200));
      lab.verdict("HTTP-GEN-01", user, IsReadAsUtf8());
      lab.verdict("HTTP-GEN-10", user, HasMember("status", testing::AnyOf(IsInt64(), IsAbsent())));
    } else {
      lab.verdict("HTTP-GEN-10", login,
                  HasMember("user.status", testing::AnyOf(IsInt64(), IsAbsent())));
    }
    const auto heartbeat = co_await client.heartbeat();
    lab.verdict("HTTP-GEN-15", heartbeat, IsNoRedirect());
    const auto sysinfo = co_await client.sysinfo();
    lab.verdict("HTTP-GEN-15", sysinfo, IsNoRedirect());
    const auto logout = co_await client.logout(token);
    lab.verdict("HTTP-GEN-15", logout, IsNoRedirect());
  }
}

// People's names are written in all scripts.
CASE(api_all_scripts, "api/general/all-scripts", checks("HTTP-GEN-01", "HTTP-GEN-12"),
     after("api/general/success"), takes(kApiStory), does(Effect::restarts)) {
  lab.needs({"api.auth.current-user"});
  ServerSetup setup;
  for (const char* name : {"Zo\u00eb \u6771\u4eac", "12345"}) {
    SetupAccount account;
    account.role = setup.accounts.empty() ? "user" : "other";
    account.user = name;
    account.password = "\u043f\u0430\u0440\u043e\u043b\u044c-" + lab.fresh_id();
    setup.accounts.push_back(account);
  }
  co_await lab.own_server(setup);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const char* role : {"user", "other"}) {
      const char* requirement = role == std::string_view("user") ? "HTTP-GEN-01" : "HTTP-GEN-12";
      const Account account = account_of(lab, role);
      const auto login = co_await client.login(account);
      lab.verdict(requirement, login, HasMember("user.name", IsTheText(account.user)));
      const std::string token = co_await client.sign_in(role);
      const auto user = co_await client.current_user(token);
      lab.verdict(requirement, user, HasMember("name", IsTheText(account.user)));
      lab.verdict("HTTP-GEN-01", user, IsReadAsUtf8());
    }
  }
}

CASE(api_errors, "api/general/errors",
     checks("HTTP-GEN-01", "HTTP-GEN-03", "HTTP-GEN-07", "HTTP-GEN-15"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const Account nobody{"nobody-" + lab.fresh_id(), "wrong"};
    const auto login = co_await client.login(nobody);
    lab.verdict("HTTP-GEN-07", login, IsNoServerError());
    lab.verdict("HTTP-GEN-03", login, IsApiError());
    lab.verdict("HTTP-GEN-01", login, IsReadAsUtf8());
    lab.verdict("HTTP-GEN-15", login, IsNoRedirect());
    const std::string token = "wrong-" + lab.fresh_id();
    const auto user = co_await client.current_user(token);
    lab.verdict("HTTP-GEN-07", user, IsNoServerError());
    lab.verdict("HTTP-GEN-03", user, IsApiError());
    lab.verdict("HTTP-GEN-01", user, IsReadAsUtf8());
  }
}

// Tokens that nobody has been given, and none.
CASE(api_wrong_tokens, "api/general/wrong-tokens", checks("HTTP-GEN-04", "HTTP-GEN-05"),
     takes(kApiStory), does(Effect::reads)) {
  lab.needs({"api.auth.current-user"});
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string unknown = lab.fresh_id() + lab.fresh_id();
    for (const auto& token : {unknown, std::string("a.b.c"), std::string(4000, 'x'),
                              std::string("' OR '1'='1"), "Bearer " + unknown}) {
      const auto answer = co_await client.current_user(token);
      lab.verdict("HTTP-GEN-04", answer, Is401());
      lab.verdict("HTTP-GEN-05", answer, IsApiErrorWithText("Invalid token"));
    }
    const std::string none;
    const auto answer = co_await client.current_user(none);
    lab.verdict("HTTP-GEN-04", answer, IsRefusedWithoutData());
    for (const char* scheme : {"Basic dXNlcjpwYXNzd29yZA==", "Bearer", ""}) {
      HttpQuestion question("POST", "/api/currentUser");
      question.headers = {{"Content-Type", "application/json"}, {"Authorization", scheme}};
      question.body = "{}";
      const auto other = co_await client.ask(question);
      lab.verdict("HTTP-GEN-04", other, IsRefusedWithoutData());
    }
  }
}

// A token that is right and a question that is not: nobody is logged out for that.
CASE(api_wrong_questions, "api/general/wrong-question-right-token",
     checks("HTTP-GEN-06", "HTTP-GEN-07", "HTTP-CURUSER-03", "HTTP-CURUSER-05"),
     after("api/general/success"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    for (const char* body : {"{}", "", "[]", "null", R"({"id":5,"uuid":[]})", R"({"id":)"}) {
      const auto answer = co_await client.post_text("/api/currentUser", body, token);
      lab.verdict("HTTP-GEN-06", answer, IsNot(Is401()));
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      lab.verdict("HTTP-CURUSER-03", answer, IsNot(Is400()));
      lab.verdict("HTTP-CURUSER-05", answer, IsNoObjectWithoutError());
    }
    const auto still = co_await client.current_user(token);
    lab.require("the token still works", still, AnswersMap());
  }
}

CASE(api_unknown_fields, "api/general/unknown-fields", checks("HTTP-GEN-14"),
     after("api/general/success"), takes(kApiStory)) {
  lab.needs({"api.auth.current-user", "api.device.heartbeat"});
  const Account account = account_of(lab, "user");
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto login = co_await client.post("/api/login", of_tomorrow(client.login_body(account)));
    lab.verdict("HTTP-GEN-14", login, HasMember("access_token", IsText()));
    const std::string token = co_await client.sign_in("user");
    const auto user =
        co_await client.post("/api/currentUser", of_tomorrow(client.identity()), token);
    lab.verdict("HTTP-GEN-14", user, HasMember("name", IsText()));
    const auto heartbeat =
        co_await client.post("/api/heartbeat", of_tomorrow(client.heartbeat_body()));
    lab.verdict("HTTP-GEN-14", heartbeat, AnswersMap());
  }
}

CASE(api_unknown_routes, "api/general/unknown-routes", checks("HTTP-GEN-18"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
      HttpQuestion question(method, "/api/" + lab.fresh_id());
      question.headers.emplace_back("Content-Type", "application/json");
      if (question.method != "GET") question.body = "{}";
      const auto answer = co_await client.ask(question);
      lab.verdict("HTTP-GEN-18", answer, HasStatus(404));
    }
  }
}

CASE(api_codings, "api/general/content-coding", checks("HTTP-GEN-16"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  for (const char* accepted : {"", "gzip", "identity"}) {
    HttpQuestion question("GET", "/api/login-options");
    if (*accepted) question.headers.emplace_back("Accept-Encoding", accepted);
    const auto answer = co_await client.ask(question);
    lab.verdict("HTTP-GEN-16", answer, IsSimplyCoded());
  }
}

}  // namespace deskcheck::conformance
