// When somebody is no longer signed in although his client still has the token: its time is over,
// he is gone, his password is another one. The owner of the server does that, by hooks.
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/people.hpp"

namespace deskcheck::conformance {

namespace {

// Signs in with this account, which must work.
Task<std::string> token_of(Lab& lab, ApiClient client, Account account) {
  const std::string role = account.user;
  lab.lend(role, std::move(account));
  co_return co_await client.sign_in(role);
}

}  // namespace

CASE(expired_token, "api/login/ends/expired-token", checks("HTTP-GEN-04", "HTTP-CURUSER-02"),
     after("api/current-user/signed-in", "HTTP-CURUSER-09"), takes(kApiStory)) {
  LabAdmin admin(lab, {"expire-token"});
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const std::string token = co_await client.sign_in("user");
    const auto before = co_await client.current_user(token);
    lab.require("the token works before its time is over", before, AnswersMap());
    co_await admin.expire_token(token);
    const auto answer = co_await client.current_user(token);
    lab.verdict("HTTP-GEN-04", answer, Is401());
    lab.verdict("HTTP-CURUSER-02", answer, Is401());
  }
}

CASE(removed_user, "api/login/ends/removed-user",
     checks("HTTP-GEN-04", "HTTP-CURUSER-02", "HTTP-LOGIN-13"),
     after("api/current-user/signed-in", "HTTP-CURUSER-09"), takes(kApiStory)) {
  LabPeople people(lab, {});
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const Account account = co_await people.somebody("leaver");
    const std::string token = co_await token_of(lab, client, account);
    const auto before = co_await client.current_user(token);
    lab.require("the token works as long as he is there", before, AnswersMap());
    co_await people.dismiss(account);
    const auto answer = co_await client.current_user(token);
    lab.verdict("HTTP-GEN-04", answer, Is401());
    lab.verdict("HTTP-CURUSER-02", answer, Is401());
    const auto login = co_await client.login(account);
    lab.verdict("HTTP-LOGIN-13", login, IsApiError());
  }
}

CASE(changed_password, "api/login/ends/changed-password", checks("HTTP-LOGIN-02", "HTTP-LOGIN-13"),
     after("api/login/right-password", "HTTP-LOGIN-02"), takes(kApiStory)) {
  LabPeople people(lab, {"set-password"});
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    Account account = co_await people.somebody("changer");
    const auto first = co_await client.login(account);
    lab.require("signing in before the change", first, HasMember("access_token", IsText()));
    const Account old = account;
    account.password = fresh_password(lab.random());
    co_await people.admin().set_password(account.user, account.password);
    const auto refused = co_await client.login(old);
    lab.verdict("HTTP-LOGIN-13", refused, IsApiError());
    const auto answer = co_await client.login(account);
    lab.verdict("HTTP-LOGIN-02", answer, HasMember("access_token", IsText()));
  }
}

}  // namespace deskcheck::conformance
