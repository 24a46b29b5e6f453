#include "client-sim/account/single_sign_on.hpp"

#include "proto/net/task_group.hpp"

namespace deskcheck::sim {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kBetweenQuestions = 1s;  // client:src/hbbs_http/account.rs:17
constexpr net::Duration kLongestAttempt = 180s;  // client:src/hbbs_http/account.rs:18
constexpr std::string_view kPending = "No authed oidc is found";

bool is_text(const json::value* value) { return value && value->is_string(); }
// serde's Option: null and absent are the same.
bool is_text_or_nothing(const json::value* value) {
  return !value || value->is_null() || value->is_string();
}

bool is_user(const json::object& user) {
  for (const char* optional : {"display_name", "avatar", "email", "note", "third_auth_type"})
    if (!is_text_or_nothing(user.if_contains(optional))) return false;
  const auto* status = user.if_contains("status");
  const bool has_status = !status || *status == json::value(-1) || *status == json::value(0) ||
                          *status == json::value(1);
  const auto* admin = user.if_contains("is_admin");
  const auto* info = user.if_contains("info");
  return is_text(user.if_contains("name")) && has_status && (!admin || admin->is_bool()) && info &&
         info->is_object();
}

// As a form writes it: what is no letter, digit or one of -._* in percent, a space as a plus.
std::string form_encoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const unsigned char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '*';
    if (is_plain)
      encoded += static_cast<char>(c);
    else if (c == ' ')
      encoded += '+';
    else
      encoded += {'%', kDigits[c >> 4], kDigits[c & 15]};
  }
  return encoded;
}

struct Attempt {
  std::string code, url;
};

// Nothing: `message` is what the user reads.
std::optional<Attempt> attempt_in(const net::Result<HttpAnswer>& heard, std::string& message) {
  const auto answer = as_hbb_answer(heard);
  const auto* code = answer.data ? answer.data->if_contains("code") : nullptr;
  const auto* url = answer.data ? answer.data->if_contains("url") : nullptr;
  if (is_text(code) && is_text(url) && url->get_string().find("://") != std::string_view::npos) {
    Attempt attempt;
    attempt.code = code->get_string();
    attempt.url = url->get_string();
    return attempt;
  }
  message = answer.error.value_or(answer.failure);
  if (!answer.error && answer.failure.empty()) message = "Invalid auth response";
  return std::nullopt;
}

// Nothing: it is to be asked again.
std::optional<SignOnResult> outcome_of(const net::Result<HttpAnswer>& heard) {
  const auto answer = as_hbb_answer(heard);
  SignOnResult result;
  if (answer.data && is_auth_body(*answer.data))
    result.answer = answer.data;
  else if (answer.error && answer.error->find(kPending) == std::string::npos)
    result.message = *answer.error;
  else
    return std::nullopt;
  return result;
}

Task<SignOnResult> ask_until_over(HttpStacks* stacks, std::string code) {
  const std::string path = "/api/oidc/auth-query?code=" + form_encoded(code) +
                           "&id=" + form_encoded(stacks->id()) +
                           "&uuid=" + form_encoded(stacks->uuid());
  auto& clock = stacks->world().clock;
  const auto end = clock.now() + kLongestAttempt;
  while (clock.now() < end) {
    HttpQuestion question("GET", path);
    const auto heard = co_await stacks->ask(std::move(question));
    if (const auto outcome = outcome_of(heard)) co_return *outcome;
    co_await net::sleep_for(clock, kBetweenQuestions);
  }
  SignOnResult late;
  late.message = "timeout";
  co_return late;
}

}  // namespace

bool is_auth_body(const json::object& body) {
  for (const char* text : {"tfa_type", "secret"})
    if (body.contains(text) && !is_text(body.if_contains(text))) return false;
  const auto* user = body.if_contains("user");
  return is_text(body.if_contains("access_token")) && is_text(body.if_contains("type")) && user &&
         user->is_object() && is_user(user->get_object());
}

Task<SignOnResult> sign_on(HttpStacks* stacks, std::string provider, std::string host_name,
                           std::string os, OpenPage open) {
  json::object body{{"op", provider},
                    {"id", stacks->id()},
                    {"uuid", stacks->uuid()},
                    {"deviceInfo", {{"os", os}, {"type", "client"}, {"name", host_name}}}};
  if (stacks->release().tells_api_domain()) body["apiDomain"] = stacks->access().api.url;
  SignOnResult result;
  const auto heard = co_await stacks->post("/api/oidc/auth", json::serialize(body));
  const auto attempt = attempt_in(heard, result.message);
  if (!attempt) co_return result;
  net::TaskGroup browser(stacks->world().executor);
  browser.spawn("browser", open(attempt->url));
  result = co_await ask_until_over(stacks, attempt->code);
  browser.cancel();
  co_await browser.join();
  co_return result;
}

}  // namespace deskcheck::sim
