#include "client-sim/account/sign_in.hpp"

namespace deskcheck::sim {

namespace json = boost::json;

namespace {

constexpr char kBadResponse[] = "Failed, bad response from server";
constexpr char kBadTfaType[] = "Failed, bad tfa type from server";

LoginResult refused(std::string message) {
  LoginResult result;
  result.kind = LoginResult::Kind::refused;
  result.message = std::move(message);
  return result;
}

LoginResult unknown_error(const std::string& why) { return refused("Unknown Error: " + why); }

// The members of an answer; absent and null ones are nothing.
struct Members {
  std::optional<std::string> type, access_token, tfa_type, secret;
  std::optional<UserFacts> user;

  explicit Members(const json::object& body)
      : type(optional_text(body, "type")),
        access_token(optional_text(body, "access_token")),
        tfa_type(optional_text(body, "tfa_type")),
        secret(optional_text(body, "secret")) {
    const auto* value = body.if_contains("user");
    if (!value || value->is_null()) return;
    if (!value->is_object()) throw TypeMistake("'user' is no object");
    user = read_user(value->get_object());
  }

 private:
  static std::optional<std::string> optional_text(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (!value || value->is_null()) return std::nullopt;
    return text_member(body, name);
  }
};

LoginResult take_challenge(const Members& members, Challenge& challenge) {
  challenge.totp = members.tfa_type == "tfa_check";
  if (!challenge.totp && members.tfa_type && *members.tfa_type != "email_check")
    return refused(kBadTfaType);
  challenge.secret = members.secret;
  if (members.user) challenge.user_name = members.user->name;
  LoginResult result;
  result.kind = challenge.totp ? LoginResult::Kind::totp_code : LoginResult::Kind::email_code;
  if (members.user) result.hint = members.user->email;
  return result;
}

LoginResult take_members(const Members& members, const ClientRelease& release, SignIn& sign_in,
                         Challenge* challenge) {
  const bool done = members.type == "access_token" && members.access_token;
  if (members.user && (done || release.challenge_looks_signed_in())) sign_in.user = *members.user;
  if (done) {
    sign_in.token = *members.access_token;
    LoginResult result;
    result.kind = LoginResult::Kind::signed_in;
    return result;
  }
  if (members.type == "access_token") return LoginResult();
  if (members.type == "email_check" && challenge) return take_challenge(members, *challenge);
  return refused(kBadResponse);
}

}  // namespace

UserFacts read_user(const json::object& object) {
  UserFacts user;
  user.name = text_member(object, "name");
  user.display_name = text_member(object, "display_name");
  user.email = text_member(object, "email");
  for (const char* unused : {"avatar", "note", "verifier"}) (void)text_member(object, unused);
  const auto* status = object.if_contains("status");
  if (status && *status == json::value(0)) user.status = 0;
  if (status && *status == json::value(-1)) user.status = -1;
  const auto* admin = object.if_contains("is_admin");
  user.is_admin = admin && *admin == json::value(true);
  return user;
}

LoginResult take_login_answer(const net::Result<DartAnswer>& answer, const ClientRelease& release,
                              SignIn& sign_in, Challenge* challenge) {
  if (!answer) return unknown_error(answer.error().message());
  const auto body = parse_json(answer->text);
  if (!body || !body->is_object()) return unknown_error("FormatException");
  const auto& object = body->get_object();
  const auto* error = object.if_contains("error");
  const bool has_error = error && !error->is_null();
  if (answer->status != 200 || has_error) {
    if (has_error && !error->is_string()) return unknown_error("'error' is no text");
    return refused(has_error ? std::string(error->get_string()) : std::string());
  }
  try {
    return take_members(Members(object), release, sign_in, challenge);
  } catch (const TypeMistake& mistake) {
    return unknown_error(mistake.what());
  }
}

}  // namespace deskcheck::sim
