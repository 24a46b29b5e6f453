// POST /api/login. Source: http-api.md section 1.1.
#include "proto/api/login.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/api/second_step.hpp"
#include "reference-server/api/user.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// The texts of refusals are those that clients translate: HTTP-LOGIN-16.
constexpr const char* kWrongCredentials = "Wrong credentials";
constexpr const char* kTooMany = "Please try 1 minute later";
constexpr const char* kWrongCode = "The verification code is incorrect or has expired";

// What a wrong server refuses in the body of a login; null: nothing.
const char* refused_by_mistake(std::string_view body, const WrongApi& wrong) {
  constexpr std::string_view kKnown[] = {"type",   "username",         "password",  "id",
                                         "uuid",   "verificationCode", "autoLogin", "tfaCode",
                                         "secret", "deviceInfo"};
  const auto object = http_api::parse_object(body);
  if (!object) return nullptr;
  if (wrong.login_needs_auto_login && !object->contains("autoLogin")) return "autoLogin is missing";
  const auto* info = object->if_contains("deviceInfo");
  const auto* device = info ? info->if_object() : nullptr;
  if (wrong.login_needs_device_info && (!device || !device->contains("os")))
    return "deviceInfo is missing";
  if (wrong.refuses_unknown_members)
    for (const auto& member : *object)
      if (std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown))
        return "Unknown member";
  return nullptr;
}

Response refused(identity::Refusal refusal, const WrongApi& wrong) {
  switch (refusal) {
    case identity::Refusal::wrong: {
      auto response =
          failure(403, wrong.refusal_in_other_words ? "Wrong credentials." : kWrongCredentials);
      if (wrong.wrong_password_is_401) response.status = 401;
      if (wrong.refusals_are_500) response.status = 500;
      if (wrong.refusal_without_error) response.body = R"({"message":"Wrong credentials"})";
      return response;
    }
    case identity::Refusal::too_many:
      return failure(429, kTooMany);
    case identity::Refusal::disabled:
      return failure(403, "The account is disabled");
    case identity::Refusal::storage_fails:
      break;
  }
  return storage_failure();
}

Response completed(const identity::SignedIn& done, const Options& options) {
  const WrongApi& wrong = options.faults.policies;
  http_api::UserPayload placeholder;
  auto answer = http_api::login_answer(done.token, placeholder);
  answer["user"] = own_payload(done.account, options);
  if (wrong.login_says_success) answer["type"] = "success";
  if (wrong.login_without_token) answer["access_token"] = "";
  if (wrong.login_without_user) answer.erase("user");
  if (wrong.login_answers_array) return json_answer(json::array{std::move(answer)});
  return json_answer(answer);
}

struct Desk {
  identity::Accounts& accounts;
  identity::SecondFactor& second_factor;
  Accessible& accessible;
  const Options& options;
  const WrongApi& wrong;
};

Response complete(const AccountRecord& account, const http_api::LoginRequest& login, net::Time now,
                  const Desk& desk) {
  const auto result = desk.accounts.complete(account, now);
  if (const auto* refusal = std::get_if<identity::Refusal>(&result))
    return refused(*refusal, desk.wrong);
  if (!desk.accessible.signed_in(account.name, login.id, login.uuid)) return storage_failure();
  return completed(std::get<identity::SignedIn>(result), desk.options);
}

// What a wrong server makes of the right code; nothing from a right one.
std::optional<Response> spoilt_second_step(const http_api::LoginRequest& login,
                                           const WrongApi& wrong) {
  if (wrong.second_step_needs_password && login.password.empty())
    return failure(400, "Password missed");
  if (wrong.second_step_has_another_type)
    return failure(400, "This type of login is not supported");
  return std::nullopt;
}

Response challenge(const AccountRecord& account, const http_api::LoginRequest& login, net::Time now,
                   const Desk& desk) {
  const auto secret = desk.second_factor.challenge(account, login.id, login.uuid, now);
  return secret ? challenge_answer(account, *secret, desk.wrong) : failure(429, kTooMany);
}

// Both for codes by e-mail and for those of an app (HTTP-LOGIN-08).
Response second_step(const http_api::LoginRequest& login, net::Time now, const Desk& desk) {
  using Judged = identity::SecondFactor::Judged;
  if (const auto spoilt = spoilt_second_step(login, desk.wrong)) return *spoilt;
  AccountRecord account;
  switch (desk.second_factor.judge(code_answer(login), now, account)) {
    case Judged::right:
      break;
    case Judged::wrong:
      return failure(403, kWrongCode);
    case Judged::too_many:
      return failure(429, kTooMany);
    case Judged::storage_fails:
      return storage_failure();
  }
  if (desk.wrong.second_step_challenges_again) return challenge(account, login, now, desk);
  auto response = complete(account, login, now, desk);
  if (desk.wrong.second_step_without_user && response.status == 200) {
    auto body = json::parse(response.body);
    body.as_object().erase("user");
    response.body = json::serialize(body);
  }
  return response;
}

Response login(const Request& request, net::Time now, const Desk& desk) {
  const WrongApi& wrong = desk.wrong;
  const auto login = http_api::parse_login(request.body);
  if (!login) return failure(400, "The body has to be a JSON object");
  if (const char* mistake = refused_by_mistake(request.body, wrong)) return failure(400, mistake);
  if (login->type == "email_code") return second_step(*login, now, desk);
  if (login->type != "account" && !login->type.empty())
    return failure(400, "This type of login is not supported");
  if (login->username.empty()) return failure(400, "Username missed");
  if (login->password.empty()) return failure(400, "Password missed");
  const auto checked = desk.accounts.check(login->username, login->password, request.from, now);
  if (const auto* refusal = std::get_if<identity::Refusal>(&checked))
    return refused(*refusal, wrong);
  const auto& account = std::get<AccountRecord>(checked);
  const bool has_app = !account.totp_secret.empty();
  if (account.email_code && !has_app && !desk.options.send_mail)
    return failure(403, "This server cannot send codes by e-mail");
  if (has_app || account.email_code) return challenge(account, *login, now, desk);
  return complete(account, *login, now, desk);
}

}  // namespace

void add_login(Router& router, const Options& options, identity::Accounts& accounts,
               identity::SecondFactor& second_factor, Accessible& accessible) {
  const WrongApi& wrong = options.faults.policies;
  const Desk desk{accounts, second_factor, accessible, options, wrong};
  router.add("POST", "/api/login",
             [desk](const Request& request, net::Time now) { return login(request, now, desk); });
}

}  // namespace deskcheck::server::api
