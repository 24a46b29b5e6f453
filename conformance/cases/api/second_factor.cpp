// Signing in to an account that wants a second proof: a code of an authenticator app, or one that
// comes by e-mail. client:flutter/lib/common/widgets/login.dart:776-1038
#include "client-sim/lab/mail_text.hpp"
#include "conformance/cases/api/general.hpp"
#include "conformance/lab/mail.hpp"
#include "conformance/lab/people.hpp"
#include "conformance/lab/totp.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// A code is good once, so each story takes a new one: of somebody new, where hooks of the target
// make him; else it waits for the next code of the account that the target lends.
class SecondFactors {
 public:
  explicit SecondFactors(Lab& lab) : lab_(&lab) {
    const std::initializer_list<std::string_view> hooks{"enable-totp"};
    if (LabPeople::possible(lab, hooks))
      people_.emplace(lab, hooks);
    else if (account_of(lab, "totp").totp_secret.empty())
      lab.not_applicable("the account 'totp' has no `totp-secret-env`");
  }
  // Somebody whose code was not used yet.
  Task<Account> next() {
    if (people_) co_return co_await people_->somebody_with_totp();
    co_await wait_for_totp_step(*lab_);
    co_return account_of(*lab_, "totp");
  }
  std::string code_of(const Account& account) const {
    return totp_code(account.totp_secret, target_time(*lab_));
  }
  // Six digits that are no code of these minutes.
  std::string no_code_of(const Account& account) const {
    const std::int64_t now = target_time(*lab_);
    for (int number = 123'456;; ++number) {
      const std::string digits = std::to_string(number);
      bool is_one = false;
      for (std::int64_t step = -4; step <= 4; ++step)
        if (now + step * kTotpStep >= 0 &&
            totp_code(account.totp_secret, now + step * kTotpStep) == digits)
          is_one = true;
      if (!is_one) return digits;
    }
  }

 private:
  Lab* lab_;
  std::optional<LabPeople> people_;
};

// Clients take a token from an access_token only, and an empty one is none to begin with.
MATCHER(AsksForAppCode, "an email_check with tfa_type tfa_check, and no token") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body) return false;
  const auto token = member_of(*body, "access_token");
  return member_of(*body, "type") == json::value("email_check") &&
         member_of(*body, "tfa_type") == json::value("tfa_check") &&
         (token.is_null() || token == json::value(""));
}
MATCHER(AsksForMailedCode, "an email_check whose tfa_type is absent, null or email_check") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body || member_of(*body, "type") != json::value("email_check")) return false;
  const auto type = member_of(*body, "tfa_type");
  return type.is_null() || type == json::value("email_check");
}
MATCHER(HasCode, "a mail with a code of six digits") { return !sim::code_in_text(arg).empty(); }
MATCHER(IsKnownTfaType, "null, absent, email_check or tfa_check") {
  return arg.is_null() || arg == json::value("email_check") || arg == json::value("tfa_check");
}
MATCHER(SignsIn, "HTTP 200 with type access_token and a token") {
  const auto body = arg.arrived() && arg->status == 200 ? object_in(*arg) : std::nullopt;
  if (!body || member_of(*body, "type") != json::value("access_token")) return false;
  const auto token = member_of(*body, "access_token");
  return token.is_string() && !token.get_string().empty();
}

// An account that is sent a code by e-mail.
Task<Account> mailed_account(Lab& lab) {
  if (!lab.starts_servers()) co_return account_of(lab, "email");
  ServerSetup setup;
  SetupAccount dave;
  dave.role = "email";
  dave.user = "dave-" + lab.fresh_id();
  dave.password = lab.fresh_id();
  dave.email = "dave@example.com";
  dave.email_code = true;
  setup.accounts = {dave};
  co_await lab.own_server(setup);
  Account account = account_of(lab, "email");
  account.email = dave.email;
  co_return account;
}

// The challenge that this account gets; blocked if it gets none.
Task<json::object> challenge_for(Lab& lab, ApiClient& client, Account account) {
  const auto answer = co_await client.login(account);
  lab.require("a question for the code", answer, AsksForAppCode());
  co_return *object_in(*answer);
}

// What the client makes of the challenge. Flutter says more than Sciter.
json::object second_step(const ApiClient& client, const json::object& challenge,
                         std::string_view code, bool flutter = true) {
  json::object body = client.identity();
  const auto user = member_of(challenge, "user");
  if (user.is_object() && user.get_object().contains("name"))
    body["username"] = user.get_object().at("name");
  const auto secret = member_of(challenge, "secret");
  if (!secret.is_null()) body["secret"] = secret;
  body["type"] = "email_code";
  body["verificationCode"] = code;
  body["tfaCode"] = code;
  if (flutter) body["autoLogin"] = true;
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "host-of-" + client.id()}};
  return body;
}

Task<Answer<HttpAnswer>> send_code(ApiClient& client, json::object body) {
  return client.post("/api/login", std::move(body));
}

}  // namespace

CASE(second_factor_challenge, "api/login/second-factor/challenge",
     checks("HTTP-LOGIN-04", "HTTP-LOGIN-05", "HTTP-LOGIN-06"), takes(kApiStory),
     does(Effect::reads)) {
  const Account account = account_of(lab, "totp");
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login(account);
    lab.verdict("HTTP-LOGIN-05", answer, HasMember("tfa_type", IsKnownTfaType()));
    if (!lab.verdict("HTTP-LOGIN-04", answer, AsksForAppCode())) co_return;
    lab.verdict("HTTP-LOGIN-06", answer, HasMember("user.name", IsText()));
    lab.verdict("HTTP-LOGIN-05", answer, HasMember("secret", IsTextOrAbsent()));
  }
}

// The mail goes where the suite can read it: its own server hands it over, somebody else's sends it
// to the mailbox that its owner has named.
CASE(second_factor_mail, "api/login/second-factor/e-mail",
     checks("HTTP-LOGIN-04", "HTTP-LOGIN-05", "HTTP-LOGIN-06", "HTTP-LOGIN-07", "HTTP-LOGIN-08",
            "HTTP-LOGIN-11"),
     takes(kApiStory), does(Effect::restarts)) {
  const Account dave = co_await mailed_account(lab);
  LabMail mail(lab, dave.email);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const auto answer = co_await client.login(dave);
    if (!lab.verdict("HTTP-LOGIN-04", answer, AsksForMailedCode())) co_return;
    lab.verdict("HTTP-LOGIN-05", answer, HasMember("tfa_type", IsKnownTfaType()));
    lab.verdict("HTTP-LOGIN-06", answer, HasMember("user.name", IsText()));
    lab.verdict("HTTP-LOGIN-07", answer, HasMember("user.email", IsText()));
    const std::string text = co_await mail.next(lab.within(kHttpPatience));
    lab.require("a mail to the account's address", text, HasCode());
    const std::string code = sim::code_in_text(text);
    auto body = second_step(client, *object_in(*answer), code == "000000" ? "111111" : "000000");
    body.erase("tfaCode");
    const auto wrong = co_await send_code(client, body);
    lab.verdict("HTTP-LOGIN-11", wrong, IsApiError());
    body["verificationCode"] = code;
    const auto right = co_await send_code(client, body);
    lab.verdict("HTTP-LOGIN-08", right, SignsIn());
  }
}

CASE(second_factor_code, "api/login/second-factor/code",
     checks("HTTP-LOGIN-08", "HTTP-LOGIN-09", "HTTP-LOGIN-10", "HTTP-LOGIN-11", "HTTP-LOGIN-12"),
     after("api/login/second-factor/challenge"), takes(180s), alone(), does(Effect::restarts)) {
  lab.needs({"api.auth.current-user"});
  SecondFactors factors(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    for (const bool flutter : {true, false}) {
      const Account account = co_await factors.next();
      const auto challenge = co_await challenge_for(lab, client, account);
      const std::string code = factors.code_of(account);
      const auto answer = co_await send_code(client, second_step(client, challenge, code, flutter));
      lab.verdict("HTTP-LOGIN-09", answer, SignsIn());
      lab.verdict("HTTP-LOGIN-10", answer, SignsIn());
      lab.verdict("HTTP-LOGIN-11", answer, SignsIn());
      if (!lab.verdict("HTTP-LOGIN-08", answer, SignsIn())) co_return;
      lab.verdict("HTTP-LOGIN-12", answer, HasMember("user.name", IsText()));
      const std::string token(object_in(*answer)->at("access_token").as_string());
      const auto user = co_await client.current_user(token);
      lab.verdict("HTTP-LOGIN-08", user, HasMember("name", IsText()));
    }
  }
}

// Whoever has seen a code over somebody's shoulder has not seen what belongs to it.
CASE(second_factor_foreign, "api/login/second-factor/of-another-login",
     checks("HTTP-LOGIN-09", "HTTP-LOGIN-10"), after("api/login/second-factor/code"), takes(360s),
     alone(), does(Effect::limits, Effect::restarts)) {
  SecondFactors factors(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const Account first = co_await factors.next();
    auto challenge = co_await challenge_for(lab, client, first);
    const auto elsewhere = client.neighbour();
    const auto body = second_step(elsewhere, challenge, factors.code_of(first));
    const auto foreign = co_await send_code(client, body);
    lab.verdict("HTTP-LOGIN-09", foreign, IsApiError());
    if (!challenge.contains("secret")) continue;
    const Account second = co_await factors.next();
    challenge = co_await challenge_for(lab, client, second);
    auto changed = second_step(client, challenge, factors.code_of(second));
    changed["secret"] = "another-" + lab.fresh_id();
    const auto other = co_await send_code(client, changed);
    lab.verdict("HTTP-LOGIN-10", other, IsApiError());
    const Account third = co_await factors.next();
    challenge = co_await challenge_for(lab, client, third);
    auto bare = second_step(client, challenge, factors.code_of(third));
    bare.erase("secret");
    const auto none = co_await send_code(client, bare);
    lab.verdict("HTTP-LOGIN-09", none, IsApiError());
  }
}

CASE(second_factor_wrong, "api/login/second-factor/wrong-code",
     checks("HTTP-LOGIN-11", "HTTP-LOGIN-13", "HTTP-GEN-07"),
     after("api/login/second-factor/challenge"), takes(120s), alone(),
     does(Effect::limits, Effect::restarts)) {
  SecondFactors factors(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const Account account = co_await factors.next();
    const Account wrong_password(account.user, "not it");
    const auto refused = co_await client.login(wrong_password);
    lab.verdict("HTTP-LOGIN-13", refused, IsApiError());
    const auto challenge = co_await challenge_for(lab, client, account);
    const auto wrong =
        co_await send_code(client, second_step(client, challenge, factors.no_code_of(account)));
    lab.verdict("HTTP-LOGIN-11", wrong, IsApiError());
    lab.verdict("HTTP-LOGIN-13", wrong, IsApiError());
    for (const json::value& code :
         {json::value(""), json::value("abcdef"), json::value(123'456), json::value(nullptr)}) {
      const auto again = co_await challenge_for(lab, client, account);
      auto body = second_step(client, again, "");
      body["verificationCode"] = body["tfaCode"] = code;
      const auto answer = co_await send_code(client, body);
      lab.verdict("HTTP-LOGIN-11", answer, IsApiError());
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
}

// RFC 6238, 5.2: whoever comes second with a code has only seen it.
CASE(second_factor_again, "api/login/second-factor/code-again", checks("HTTP-LOGIN-13"),
     after("api/login/second-factor/code"), takes(120s), alone(),
     does(Effect::limits, Effect::restarts)) {
  SecondFactors factors(lab);
  ApiClient client(lab);
  for (const Way way : ways(lab)) {
    client.use(way);
    const Account account = co_await factors.next();
    auto thief = client.neighbour();
    const auto challenge = co_await challenge_for(lab, client, account);
    const auto other = co_await challenge_for(lab, thief, account);
    const std::string code = factors.code_of(account);
    const auto answer = co_await send_code(client, second_step(client, challenge, code));
    lab.require("signing in with the code", answer, SignsIn());
    const auto again = co_await send_code(thief, second_step(thief, other, code));
    lab.verdict("HTTP-LOGIN-13", again, IsApiError());
  }
}

}  // namespace deskcheck::conformance
