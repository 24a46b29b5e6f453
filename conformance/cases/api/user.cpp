// Who is signed in: what the client asks at every start.
#include "conformance/cases/api/general.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// As the stricter of the client's two parsers reads a user. client:src/hbbs_http/account.rs:71-97
bool fits_strict_parser(const boost::json::value& user) {
  if (!user.is_object()) return false;
  const auto& members = user.get_object();
  const auto* name = members.if_contains("name");
  const auto* info = members.if_contains("info");
  const auto* status = members.if_contains("status");
  const auto* admin = members.if_contains("is_admin");
  if (!name || !name->is_string() || !info || !info->is_object()) return false;
  if (admin && !admin->is_bool()) return false;
  return !status || (status->is_int64() && status->get_int64() >= -1 && status->get_int64() <= 1);
}

MATCHER_P(HasStrictUser, path,
          "a user with a text name, an object info, and status -1, 0 or 1 and is_admin true or "
          "false if they are there") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  if (!body) return false;
  if (std::string_view(path).empty()) return fits_strict_parser(*body);
  const auto* user = body->if_contains(path);
  return user && fits_strict_parser(*user);
}

}  // namespace

CASE(current_user, "api/current-user/signed-in",
     checks("HTTP-CURUSER-01", "HTTP-CURUSER-06", "HTTP-CURUSER-07", "HTTP-CURUSER-09",
            "HTTP-USER-02"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  const Account account = account_of(lab, "user");
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto login = co_await client.login(account);
    lab.verdict("HTTP-USER-02", login, HasStrictUser("user"));
    const std::string token = co_await client.sign_in("user");
    const auto answer = co_await client.current_user(token);
    if (!lab.verdict("HTTP-CURUSER-09", answer, AnswersMap())) co_return;
    lab.verdict("HTTP-CURUSER-01", answer, HasMember("name", IsText()));
    lab.verdict("HTTP-USER-02", answer, HasStrictUser(""));
    lab.verdict("HTTP-CURUSER-06", answer, HasMember("avatar", IsPicture()));
    lab.verdict("HTTP-CURUSER-07", answer, HasMember("verifier", IsTextOrAbsent()));
  }
}

// Each token is its own user's.
CASE(current_users, "api/current-user/two-users", checks("HTTP-CURUSER-01"),
     after("api/current-user/signed-in", "HTTP-CURUSER-01"), takes(kApiStory),
     does(Effect::reads)) {
  ApiClient client(lab);
  auto other = client.neighbour();
  for (const Way way : ways(lab)) {
    client.use(way);
    other.use(way);
    const std::string token = co_await client.sign_in("user");
    const std::string others = co_await other.sign_in("other");
    const auto mine = co_await client.current_user(token);
    const auto theirs = co_await other.current_user(others);
    lab.verdict("HTTP-CURUSER-01", mine, HasMember("name", IsText()));
    lab.verdict("HTTP-CURUSER-01", theirs, HasMember("name", IsText()));
    if (!mine || !theirs) co_return;
    const auto first = object_in(*mine), second = object_in(*theirs);
    const bool distinct = first && second && first->contains("name") && second->contains("name") &&
                          first->at("name") != second->at("name");
    lab.verdict("HTTP-CURUSER-01", distinct, testing::IsTrue());
  }
}

CASE(current_user_wrong, "api/current-user/wrong-token",
     checks("HTTP-CURUSER-02", "HTTP-CURUSER-05"), takes(kApiStory), does(Effect::reads)) {
  ApiClient client(lab);
  const std::string token = "wrong-" + lab.fresh_id();
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.current_user(token);
    lab.verdict("HTTP-CURUSER-02", answer, Is401());
    lab.verdict("HTTP-CURUSER-05", answer, IsNoObjectWithoutError());
  }
}

// Nobody but the server keeps a disabled account out.
CASE(disabled_account, "api/login/disabled-account", checks("HTTP-USER-01"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory), does(Effect::restarts)) {
  ServerSetup setup;
  SetupAccount enabled;
  enabled.role = "user";
  enabled.user = "enabled-" + lab.fresh_id();
  enabled.password = lab.fresh_id();
  SetupAccount disabled = enabled;
  disabled.role = "other";
  disabled.user = "disabled-" + lab.fresh_id();
  disabled.disabled = true;
  setup.accounts = {enabled, disabled};
  co_await lab.own_server(setup);
  ApiClient client(lab);
  (void)co_await client.sign_in("user");
  const Account account = account_of(lab, "other");
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login(account);
    lab.verdict("HTTP-USER-01", answer, IsApiError());
  }
}

}  // namespace deskcheck::conformance
