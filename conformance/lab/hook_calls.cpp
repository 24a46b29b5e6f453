#include "conformance/lab/hook_calls.hpp"

#include "client-sim/channel/redact.hpp"
#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"
#include "conformance/lab/hook.hpp"
#include "conformance/lab/traces.hpp"
#include "proto/wire/describe.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kPatience = 12s;     // for an answer of the server
constexpr std::size_t kShown = 200;          // bytes of an answer in a message
constexpr std::size_t kLongestWhy = 500;     // bytes of a message
constexpr std::size_t kLongestField = 8192;  // bytes of a header

// What the suite tells hooks, and they take, under these names.
constexpr const char* kSecretNames[] = {"client_secret", "password", "token"};
// Its answer is a secret.
constexpr std::string_view kSecretHook = "enable-totp";
// Its command may leave a server behind.
constexpr std::string_view kRestartHook = "restart";

// RFC 9110 (5.5): no ends of lines, which would begin another header.
bool is_field_value(std::string_view text) {
  return text.size() <= kLongestField && std::ranges::none_of(text, [](char c) {
           return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
         });
}

// All that a call says to the server, to be searched for names.
json::array said_by(const HookCall& call) {
  json::array said{json::value(call.path), call.body};
  for (const auto& word : call.exec) said.emplace_back(word);
  for (const auto& [place, value] : call.expect) said.push_back(value);
  return said;
}

bool left_out(const HookCall& call, const json::object& values) {
  if (!call.only_if.empty() && !is_something(values.if_contains(call.only_if))) return true;
  return !call.unless.empty() && is_something(values.if_contains(call.unless));
}

bool wants_json(const HookCall& call) { return !call.expect.empty() || !call.take.empty(); }

std::string shown_command(const HookCall& call, json::object values) {
  for (const char* secret : kSecretNames)
    if (values.contains(secret)) values[secret] = "***";
  std::string text = "runs";
  for (const auto& word : call.exec) text += ' ' + filled_in_text(word, values);
  return text;
}

// After what else is done at the end: that was asked for later, and comes first. What does not work
// is in the conversation.
Task<void> end_with_its_case(Lab* lab, SharedHookSession session) {
  lab->hook_logins().forget(session);
  HookCalls calls(*lab);
  (void)co_await calls.sign_out(std::move(session));
}

std::string ended_how(const net::CommandEnd& end) {
  using How = net::CommandEnd::How;
  switch (end.how) {
    case How::late:
      return "was killed because its time was over";
    case How::too_much:
      return "was killed because it wrote too much";
    case How::signal:
      return fmt::format("was ended by signal {}", end.code);
    case How::exited:
      break;
  }
  return fmt::format("ended with exit code {}", end.code);
}

}  // namespace

Task<HookAnswer> HookCalls::run(std::string hook, json::object arguments) {
  const Hook* how = find_hook(lab_->target(), hook);
  if (!how) throw std::logic_error("a case uses the hook '" + hook + "' without asking for it");
  HookAnswer answer;
  answer.values = std::move(arguments);
  keep_secret(answer.values);
  answer.secret = hook == kSecretHook;
  answer.restarts = hook == kRestartHook;
  const std::size_t count = how->calls.size();
  for (std::size_t i = 0; i < count && !answer.refused; ++i) {
    const HookCall& call = how->calls[i];
    if (left_out(call, answer.values)) continue;
    std::string what = "the hook '" + hook + "'";
    if (count > 1) what = fmt::format("call {} of {}", i + 1, what);
    co_await make(call, std::move(what), answer);
  }
  if (!answer.refused) count_traces(*lab_, hook, answer.values);
  co_return std::move(answer);
}

json::value HookCalls::result(const std::string& hook, const HookAnswer& answer) const {
  if (!answer.call || answer.call->answer.empty()) return {};
  const std::string what = "the hook '" + hook + "'";
  const auto body = parsed(what, answer.body);
  const auto value = found_at(body, answer.call->answer, answer.values);
  if (!value) fail(what + " answered nothing at " + answer.call->answer);
  return renamed(*value, answer.call->members);
}

Task<void> HookCalls::make(const HookCall& call, std::string what, HookAnswer& answer) {
  check_said(call, what, answer.values);
  answer.call = &call;
  if (call.path.empty()) {
    co_await execute(call, what, answer);
  } else {
    SharedHookSession nobody;
    const auto session = co_await session_of(call.as, std::move(nobody));
    auto fields = session->headers;
    co_await ask(call, what, std::move(fields), answer);
    // A login that is older than this may be over.
    const bool unknown = answer.status == 401 || answer.status == 403;
    if (unknown && !signed_in_->contains(call.as)) {
      const auto renewed = co_await session_of(call.as, session);
      fields = renewed->headers;
      answer.why.clear();
      co_await ask(call, what, std::move(fields), answer);
    }
  }
  if (!answer.refused) read(call, what, answer);
  if (answer.refused && !call.take.empty()) fail(answer.why);
}

void HookCalls::check_said(const HookCall& call, const std::string& what,
                           const json::object& values) const {
  const auto missing = missing_in(said_by(call), values);
  if (!missing.empty())
    fail(what + " needs ${" + missing.front() +
         "}, which no call before it has found in its answer");
}

Task<void> HookCalls::ask(const HookCall& call, std::string what, Fields fields,
                          HookAnswer& answer) {
  HttpQuestion question(call.method, filled_in_path(call.path, answer.values));
  question.party = "operator";
  question.secrets = secrets_;
  question.secret_answer = answer.secret;
  if (!call.body.is_null()) {
    question.headers.emplace_back("Content-Type", "application/json");
    question.body = json::serialize(filled_in(call.body, answer.values));
  }
  for (auto& [name, value] : fields) question.headers.emplace_back(name, value);
  net::Result<HttpAnswer> heard = HttpAnswer();
  std::optional<EarlyEnd> end;
  try {
    auto said = co_await ask_directly(*lab_, std::move(question), lab_->within(kPatience));
    heard = said ? net::Result<HttpAnswer>(*said) : net::Result<HttpAnswer>(said.error());
  } catch (const EarlyEnd& early) {
    end = early;
  }
  // An API that cannot be reached is no story's prerequisite here.
  if (end && end->status == Status::blocked) fail(what + " failed: " + end->why);
  if (end) throw *end;
  if (!heard) fail(what + " failed: " + show_error(heard.error()));
  answer.status = heard->status;
  answer.body = heard->body;
  answer.refused = answer.status < 200 || answer.status > 299;
  if (answer.refused)
    answer.why = told(
        fmt::format("{} failed with status {}: {}", what, answer.status, begin_of(answer.body)));
}

Task<void> HookCalls::execute(const HookCall& call, std::string what, HookAnswer& answer) {
  net::Command command;
  for (const auto& word : call.exec) command.words.push_back(filled_in_text(word, answer.values));
  for (const auto& word : command.words)
    if (word.find('\0') != word.npos)
      fail(fmt::format("{} cannot run {}: a word has a zero in it", what, call.exec.front()));
  command.folder = lab_->target().control->folder;
  command.leaves_children = answer.restarts;
  note(shown_command(call, answer.values));
  const auto ended = co_await run_command_(lab_->world(), command, lab_->within(call.limit));
  if (!ended)
    fail(fmt::format("{} cannot run {}: {}", what, call.exec.front(), ended.error().message()));
  const auto& end = *ended;
  note(ended_how(end) + "; " + (answer.secret ? "what is secret" : begin_of(end.output)));
  answer.body = end.output;
  const bool exited = end.how == net::CommandEnd::How::exited;
  if (exited && end.code == 0) co_return;
  answer.why = fmt::format("{}: {} {}", what, call.exec.front(), ended_how(end));
  if (!end.last_words.empty()) answer.why += ": " + begin_of(end.last_words);
  answer.why = told(std::move(answer.why));
  if (!exited || end.code != 1) fail(answer.why);
  answer.refused = true;
}

void HookCalls::read(const HookCall& call, const std::string& what, HookAnswer& answer) const {
  if (!wants_json(call)) return;
  const auto body = parsed(what, answer.body);
  for (const auto& [place, wanted] : call.expect) {
    const auto there = found_at(body, place, answer.values);
    if (there && *there == filled_in(wanted, answer.values)) continue;
    answer.refused = true;
    answer.why =
        told(answer.secret ? fmt::format("{} failed: at {} there is not {}", what, place,
                                         json::serialize(wanted))
                           : fmt::format("{} failed: at {} there is {}, not {}: {}", what, place,
                                         there ? begin_of(json::serialize(*there)) : "nothing",
                                         begin_of(json::serialize(wanted)), begin_of(answer.body)));
    return;
  }
  json::object taken;
  for (const auto& [name, place] : call.take) {
    const auto value = found_at(body, place, answer.values);
    if (value && !value->is_null()) taken[name] = *value;
  }
  for (auto& [name, value] : taken) answer.values[name] = std::move(value);
}

Task<SharedHookSession> HookCalls::session_of(std::string role, SharedHookSession over) {
  const Account& account = account_of(*lab_, role);
  const std::string key =
      json::serialize(json::array{lab_->target().api, role, account.user, account.password});
  HookLogins& logins = lab_->hook_logins();
  auto session = logins.find(key, over);
  if (!session) {
    co_await logins.attempts_end(key, lab_->within(kPatience));
    session = logins.find(key, over);
  }
  if (!session) {
    const HookLogins::Attempt attempt(logins, key);
    signed_in_->insert(role);
    session = co_await sign_in(role);
    logins.add(key, session);
    if (lab_->ends_hook_logins())
      lab_->at_end([lab = lab_, session] { return end_with_its_case(lab, session); });
  }
  for (const auto& secret : session->secrets) keep_secret({{"token", secret}});
  co_return session;
}

// As clients sign in and out.
HookLogin HookCalls::client_login() const {
  const json::object device{{"id", lab_->fresh_id()},
                            {"uuid", wire::to_base64(lab_->fresh_uuid())}};
  HookLogin login;
  login.call.emplace();
  login.call->path = "/api/login";
  login.call->body = json::object{{"type", "account"},         {"username", "${user}"},
                                  {"password", "${password}"}, {"id", device.at("id")},
                                  {"uuid", device.at("uuid")}, {"deviceInfo", json::object()}};
  login.call->take = {{"token", "/access_token"}};
  login.headers = {{"Authorization", "Bearer ${token}"}};
  login.logout.emplace();
  login.logout->path = "/api/logout";
  login.logout->body = device;
  return login;
}

Task<SharedHookSession> HookCalls::sign_in(std::string role) {
  const Account& account = account_of(*lab_, role);
  const std::string what = "the login of '" + role + "' for the hooks of `control`";
  const auto& own = lab_->target().control->login;
  const HookLogin login = own ? *own : client_login();
  HookAnswer answer;
  answer.values = {{"user", account.user}, {"password", account.password}};
  answer.secret = true;
  secrets_->add(account.password);
  auto session = std::make_shared<HookSession>();
  session->secrets.emplace_back(account.password);
  if (login.call) {
    Fields none;
    co_await ask(*login.call, what, std::move(none), answer);
    if (!answer.refused) read(*login.call, what, answer);
    for (const auto& [name, place] : login.call->take)
      if (const auto* value = answer.values.if_contains(name)) session->secrets.push_back(*value);
    for (const auto& secret : session->secrets) keep_secret({{"token", secret}});
    if (answer.refused) fail(answer.why);
  }
  session->what = what;
  session->headers = filled_in_headers(login, what, answer);
  session->logout = login.logout;
  session->values = std::move(answer.values);
  co_return session;
}

Task<std::string> HookCalls::sign_out(SharedHookSession session) {
  if (!session->logout) co_return "";
  for (const auto& secret : session->secrets) keep_secret({{"token", secret}});
  const std::string what = "the end of " + session->what;
  HookAnswer answer;
  answer.values = session->values;
  try {
    check_said(*session->logout, what, answer.values);
    auto fields = session->headers;
    co_await ask(*session->logout, what, std::move(fields), answer);
    if (!answer.refused) read(*session->logout, what, answer);
  } catch (const EarlyEnd& end) {
    answer.why = end.why;
  }
  co_return answer.why;
}

HookCalls::Fields HookCalls::filled_in_headers(const HookLogin& login, const std::string& what,
                                               const HookAnswer& answer) const {
  Fields fields;
  for (const auto& [name, text] : login.headers) {
    const auto missing = missing_in(json::value(text), answer.values);
    if (!missing.empty())
      fail(fmt::format("{} gave no {}, but status {}", what, missing.front(), answer.status));
    auto value = filled_in_text(text, answer.values);
    if (!is_field_value(value))
      fail(
          fmt::format("{}: what '{}' would say is no header of HTTP: it has ends of lines or the "
                      "like in it, or is too long",
                      what, name));
    fields[name] = std::move(value);
  }
  return fields;
}

void HookCalls::keep_secret(const json::object& values) {
  for (const char* name : kSecretNames)
    if (const auto* value = values.if_contains(name))
      secrets_->add(value->is_string() ? std::string_view(value->get_string())
                                       : std::string_view(json::serialize(*value)));
}

std::string HookCalls::told(std::string text) const {
  text = secrets_->hide(sim::without_secrets(text));
  if (text.size() > kLongestWhy) text = text.substr(0, kLongestWhy) + "...";
  return wire::one_line(text);
}

// Before it is cut, which may be in the middle of a secret.
std::string HookCalls::begin_of(const std::string& text) const {
  return secrets_->hide(sim::without_secrets(text)).substr(0, kShown);
}

void HookCalls::note(std::string text) const {
  lab_->recorder("operator").note(secrets_->hide(sim::without_secrets(text)));
}

json::value HookCalls::parsed(const std::string& what, const std::string& body) const {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error) fail(what + " answered no JSON: " + error.message());
  return value;
}

}  // namespace deskcheck::conformance
