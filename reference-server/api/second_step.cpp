#include "reference-server/api/second_step.hpp"

#include "reference-server/api/answers.hpp"
#include "reference-server/api/user.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// "alice@example.org" is "a***@example.org".
std::string half_hidden(const std::string& email) {
  const auto at = email.find('@');
  if (at == std::string::npos || at == 0) return "***";
  return email.substr(0, 1) + "***" + email.substr(at);
}

}  // namespace

// Whoever does not know the code yet is not told more of the user than he has said himself.
Response challenge_answer(const AccountRecord& account, const std::string& secret,
                          const WrongApi& wrong) {
  AccountRecord shown;
  shown.name = account.name;
  const bool mailed = account.totp_secret.empty();
  // Where to look for the code, and no more than that.
  if (mailed) shown.email = half_hidden(account.email);
  json::object answer{{"type", "email_check"},
                      {"tfa_type", mailed ? "email_check" : "tfa_check"},
                      {"secret", secret}};
  if (wrong.challenge_type_is_tfa_check) answer["type"] = "tfa_check";
  if (wrong.challenge_tfa_type_is_empty) answer["tfa_type"] = "";
  if (!wrong.challenge_has_no_user) answer["user"] = user_payload(shown, wrong);
  return json_answer(answer);
}

// For TOTP both members carry the code, one of them may be empty.
identity::CodeAnswer code_answer(const http_api::LoginRequest& login) {
  identity::CodeAnswer answer;
  answer.secret = login.secret;
  answer.username = login.username;
  answer.id = login.id;
  answer.uuid = login.uuid;
  answer.code = login.verification_code.empty() ? login.tfa_code : login.verification_code;
  return answer;
}

}  // namespace deskcheck::server::api
