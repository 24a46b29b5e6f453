#include "client-sim/account/account.hpp"

#include "proto/net/task_group.hpp"

namespace deskcheck::sim {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kLogoutPatience = 2s;  // client: user_model.dart:183

Task<void> ask_and_forget(HttpStacks* stacks, HttpQuestion question) {
  (void)co_await stacks->from_dart(std::move(question));
}

}  // namespace

Account::Account(net::World world, AccountOptions options, Recorder recorder)
    : stacks_(std::move(world), std::move(options.access), std::move(recorder)),
      host_name_(std::move(options.host_name)),
      os_(std::move(options.os)),
      books_(&stacks_, &sign_in_),
      group_(&stacks_, &sign_in_) {
  sign_in_.token = std::move(options.token);
  sign_in_.user.name = std::move(options.user_name);
}

json::object Account::identity() const { return {{"id", stacks_.id()}, {"uuid", stacks_.uuid()}}; }

json::object Account::login_body(std::string_view type) const {
  json::object body = identity();
  body["autoLogin"] = true;
  body["type"] = type;
  body["deviceInfo"] = {{"os", os_}, {"type", "client"}, {"name", host_name_}};
  return body;
}

Task<net::Result<DartAnswer>> Account::post(std::string path, json::object body,
                                            std::string token) {
  HttpQuestion question("POST", std::move(path));
  question.headers = json_headers(token);
  question.body = json::serialize(body);
  auto answer = co_await stacks_.from_dart(std::move(question));
  co_return answer;
}

Task<LoginResult> Account::log_in(std::string user, std::string password) {
  challenge_.reset();
  LoginResult result;
  result.kind = LoginResult::Kind::refused;
  if (user.empty())
    result.message = "Username missed";
  else if (password.empty())
    result.message = "Password missed";
  if (result.message.empty()) {
    json::object body = login_body("account");
    body["username"] = user;
    body["password"] = password;
    const auto answer = co_await post("/api/login", std::move(body), "");
    Challenge challenge;
    result = take_login_answer(answer, stacks_.release(), sign_in_, &challenge);
    const bool asked =
        result.kind == LoginResult::Kind::email_code || result.kind == LoginResult::Kind::totp_code;
    if (asked) challenge_ = std::move(challenge);
  }
  auto concluded = co_await conclude(std::move(result));
  co_return concluded;
}

Task<LoginResult> Account::enter_code(std::string code) {
  LoginResult result;
  if (!challenge_) {
    result.kind = LoginResult::Kind::refused;
    result.message = "no code is asked for";
    co_return result;
  }
  json::object body = login_body("email_code");
  body["verificationCode"] = code;
  if (challenge_->totp) body["tfaCode"] = code;
  if (challenge_->secret) body["secret"] = *challenge_->secret;
  if (challenge_->user_name) body["username"] = *challenge_->user_name;
  const auto answer = co_await post("/api/login", std::move(body), "");
  result = take_login_answer(answer, stacks_.release(), sign_in_, nullptr);
  if (result.kind == LoginResult::Kind::signed_in) challenge_.reset();
  auto concluded = co_await conclude(std::move(result));
  co_return concluded;
}

// What comes from a provider goes through the same dialog. client: login.dart:773-852
Task<LoginResult> Account::log_in_at(std::string provider, OpenPage open) {
  challenge_.reset();
  LoginResult result;
  auto signed_on = co_await deskcheck::sim::sign_on(&stacks_, std::move(provider), host_name_, os_,
                                                    std::move(open));
  if (signed_on.answer) {
    DartAnswer answer;
    answer.status = 200;
    answer.text = json::serialize(*signed_on.answer);
    Challenge challenge;
    result = take_login_answer(std::move(answer), stacks_.release(), sign_in_, &challenge);
    const bool asked =
        result.kind == LoginResult::Kind::email_code || result.kind == LoginResult::Kind::totp_code;
    if (asked) challenge_ = std::move(challenge);
  } else {
    result.kind = LoginResult::Kind::refused;
    result.message = signed_on.message;
  }
  auto concluded = co_await conclude(std::move(result));
  co_return concluded;
}

Task<LoginResult> Account::conclude(LoginResult result) {
  message_ = result.message;
  if (!message_.empty()) stacks_.recorder().note("user reads: " + message_);
  if (result.kind == LoginResult::Kind::signed_in) {
    sign_in_.network_error.clear();
    co_await read_lists();
  }
  co_return result;
}

// client: user_model.dart:53-114
Task<void> Account::refresh() {
  sign_in_.network_error.clear();
  if (!sign_in_.token.empty()) {
    const auto answer = co_await post("/api/currentUser", identity(), sign_in_.token);
    take_current_user(answer);
  }
  co_await read_lists();
}

void Account::take_current_user(const net::Result<DartAnswer>& answer) {
  if (!answer) {
    sign_in_.network_error = answer.error().message();
    return;
  }
  if (answer->status == 401 || answer->status == 400) return sign_in_.forget();
  std::string failure;
  const auto body = parse_json(answer->text);
  const auto* object = body ? body->if_object() : nullptr;
  const auto* error = object ? object->if_contains("error") : nullptr;
  if (!object) {
    failure = "FormatException";
  } else if (error && !error->is_null()) {
    failure = printed(*error);
  } else {
    try {
      sign_in_.user = read_user(*object);
    } catch (const TypeMistake& mistake) {
      failure = mistake.what();
    }
  }
  if (stacks_.release().shows_errors_of_current_user()) sign_in_.network_error = failure;
}

// The client asks for both at the same time; one after the other is the same to the server.
Task<void> Account::read_lists() {
  co_await books_.pull();
  co_await group_.pull();
  if (sign_in_.token.empty()) forget();
}

void Account::forget() {
  sign_in_.forget();
  challenge_.reset();
  books_.clear();
  group_.clear();
}

Task<void> Account::log_out() {
  HttpQuestion question("POST", "/api/logout");
  question.headers = json_headers(sign_in_.token);
  question.body = json::serialize(identity());
  // The client goes on after 2 s, while the question goes on by itself.
  net::TaskGroup asking(stacks_.world().executor);
  asking.spawn("logout", ask_and_forget(&stacks_, std::move(question)));
  co_await asking.join_until(net::in(stacks_.world().clock, kLogoutPatience));
  forget();
}

}  // namespace deskcheck::sim
