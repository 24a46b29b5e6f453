#include "conformance/lab/api_client.hpp"

#include "conformance/lab/api_matchers.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr const char* kHeartbeat = "/api/heartbeat";
constexpr std::string_view kTunnel = "rendezvous.http-tunnel";
constexpr int kClientVersion = 1004090;  // 1.4.9, client: libs/hbb_common src/lib.rs:264

MATCHER(GivesToken, "a JSON object with a text access_token") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  const auto* token = body ? body->if_contains("access_token") : nullptr;
  return token && token->is_string() && !token->get_string().empty();
}

// The token of a session that begins with this answer.
std::optional<std::string> session_in(const net::Result<HttpAnswer>& answer) {
  const auto body = answer ? object_in(*answer) : std::nullopt;
  const auto* token = body ? body->if_contains("access_token") : nullptr;
  if (!token || !token->is_string() || token->get_string().empty()) return std::nullopt;
  return std::string(token->get_string());
}

// A session is not left behind. It has ended before if that is what the story is about.
Task<void> sign_out(ApiClient client, std::string token) {
  client.use(Way::directly);
  client.forget_waiting();
  try {
    const auto answer = co_await client.logout(std::move(token));
    answer.ignore();
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

net::Result<HttpAnswer> taken_out(const Answer<hbb::RendezvousMessage>& heard) {
  if (!heard) return heard.error();
  return answer_through_tunnel(*heard);
}

// How long the server wants to be left alone. Who says nothing, or a date, is asked again when an
// agent would. RFC 9110 (10.2.3).
net::Duration pause_after(const HttpAnswer& limit) {
  constexpr std::int64_t kAgentRhythm = 15, kLongest = 24 * 3600;
  const std::string text = limit.header("retry-after");
  std::int64_t seconds = kAgentRhythm;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) seconds = kAgentRhythm;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 1, kLongest));
}

// For whoever looks for an account that is not there.
std::string hooks_that_make(const std::string& role) {
  if (role == "totp") return "the hooks put-user, remove-user and enable-totp";
  if (role == "email")
    return "the hooks put-user, remove-user and require-email-code, and `mailbox`";
  return "the hooks put-user and remove-user";
}

}  // namespace

std::string_view to_string(Way way) { return way == Way::directly ? "HTTP" : "the tunnel"; }

std::vector<Way> ways(const Lab& lab) {
  (void)api_place(lab);
  if (lab.target().key && lab.target().claims(std::string(kTunnel)))
    return {Way::directly, Way::through_tunnel};
  return {Way::directly};
}

const Account& account_of(const Lab& lab, const std::string& role) {
  // An account is there to sign in with.
  if (lab.target().without.contains("api.auth.login"))
    lab.not_applicable("the target does not claim api.auth.login");
  const auto found = lab.target().accounts.find(role);
  if (found != lab.target().accounts.end()) return found->second;
  const auto why = lab.target().no_accounts.find(role);
  if (why != lab.target().no_accounts.end()) lab.environment(why->second);
  lab.not_applicable("the target lends no account '" + role + "': name one under `accounts`, or " +
                     hooks_that_make(role));
}

void heartbeats_are_limited(const Lab& lab) {
  lab.environment("the server limits heartbeats: it answers 429 for longer than the case lasts");
}

ApiClient::ApiClient(Lab& lab, Way way)
    : lab_(&lab),
      way_(way),
      id_(lab.fresh_id()),
      uuid_(wire::to_base64(lab.fresh_uuid())),
      home_(lab.home()) {}

ApiClient::ApiClient(Lab& lab, const LabDevice& device, Way way)
    : lab_(&lab),
      way_(way),
      id_(device.id()),
      uuid_(wire::to_base64(device.identity().uuid)),
      home_(device.home()) {}

ApiClient ApiClient::neighbour() const {
  ApiClient other = *this;
  other.pretend(lab_->fresh_id(), wire::to_base64(lab_->fresh_uuid()));
  return other;
}

void ApiClient::pretend(std::string id, std::string uuid) {
  id_ = std::move(id);
  uuid_ = std::move(uuid);
}

json::object ApiClient::identity() const {
  json::object body;
  body["id"] = id_;
  body["uuid"] = uuid_;
  return body;
}

json::object ApiClient::login_body(const Account& account) const {
  json::object body = identity();
  body["username"] = account.user;
  body["password"] = account.password;
  body["autoLogin"] = true;
  body["type"] = "account";
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "host-of-" + id_}};
  return body;
}

json::object ApiClient::code_body() const {
  json::object body = identity();
  body["type"] = "email_code";
  body["autoLogin"] = true;
  body["verificationCode"] = "000000";
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "host-of-" + id_}};
  return body;
}

json::object ApiClient::heartbeat_body() const {
  json::object body = identity();
  body["ver"] = kClientVersion;
  body["modified_at"] = 0;
  return body;
}

json::object ApiClient::sysinfo_body() const {
  json::object body = identity();
  body["version"] = "1.4.9";
  body["cpu"] = "Some CPU, 2.93GHz, 8/8 cores";
  body["memory"] = "15.89GB";
  body["os"] = "linux / Linux 12 Debian";
  body["hostname"] = "host-of-" + id_;
  body["username"] = "somebody";
  return body;
}

Task<Answer<HttpAnswer>> ApiClient::ask(HttpQuestion question) {
  lab_->require("answers that come in time", *waited_, IsShorterThan(kStoryPatience));
  question.party = "client " + id_;
  question.from = home_;
  const bool is_heartbeat = question.path == kHeartbeat;
  std::string what;
  net::Result<HttpAnswer> heard = HttpAnswer();
  for (;;) {
    const net::Time begun = lab_->now();
    HttpQuestion again = question;
    auto answer = co_await ask_on_the_way(std::move(again));
    *waited_ += lab_->now() - begun;
    // Nobody has looked at it yet: the story still has to.
    what = answer.what();
    heard = answer ? net::Result<HttpAnswer>(std::move(*answer))
                   : net::Result<HttpAnswer>(answer.error());
    if (!is_heartbeat || !heard || heard->status != 429) break;
    const net::Duration pause = pause_after(*heard);
    if (pause > lab_->time_left()) heartbeats_are_limited(*lab_);
    co_await lab_->wait(pause);
  }
  if (const auto token = session_in(heard))
    lab_->at_end([client = *this, token = *token] { return sign_out(client, token); });
  co_return lab_->answer(std::move(heard), what);
}

Task<Answer<HttpAnswer>> ApiClient::ask_on_the_way(HttpQuestion question) {
  if (way_ == Way::through_tunnel) return ask_through_tunnel(std::move(question));
  return ask_directly(*lab_, std::move(question), lab_->within(kHttpPatience));
}

// The path as clients write it there, with what the URL of the API has before it.
// client:src/common.rs:1214-1219
Task<Answer<HttpAnswer>> ApiClient::ask_through_tunnel(HttpQuestion question) {
  question.path = api_place(*lab_).base + question.path;
  auto heard = co_await ask_tunnel(*lab_, std::move(question), lab_->within(kTunnelPatience));
  auto answer = taken_out(heard);
  const std::string what = "the answer of the API through the tunnel";
  co_return lab_->answer(std::move(answer), what);
}

Task<Answer<HttpAnswer>> ApiClient::post_text(std::string path, std::string body,
                                              std::string token) {
  HttpQuestion question("POST", std::move(path));
  question.headers.emplace_back("Content-Type", "application/json");
  if (!token.empty()) question.headers.emplace_back("Authorization", "Bearer " + token);
  question.body = std::move(body);
  return ask(std::move(question));
}

Task<Answer<HttpAnswer>> ApiClient::call(std::string method, std::string path, std::string body,
                                         std::string token) {
  HttpQuestion question(std::move(method), std::move(path));
  if (!token.empty()) question.headers.emplace_back("Authorization", "Bearer " + token);
  question.headers.emplace_back("Content-Type", "application/json");
  if (body.empty()) question.headers.emplace_back("Content-Length", "0");
  question.body = std::move(body);
  return ask(std::move(question));
}

Task<Answer<HttpAnswer>> ApiClient::post(std::string path, json::object body, std::string token) {
  return post_text(std::move(path), json::serialize(body), std::move(token));
}

// client:flutter/lib/models/user_model.dart:243
Task<Answer<HttpAnswer>> ApiClient::login_options() {
  HttpQuestion question("GET", "/api/login-options");
  question.headers.emplace_back("Content-Type", "application/json");
  return ask(std::move(question));
}

Task<Answer<HttpAnswer>> ApiClient::login(Account account) {
  return post("/api/login", login_body(account));
}
Task<Answer<HttpAnswer>> ApiClient::current_user(std::string token) {
  return post("/api/currentUser", identity(), std::move(token));
}
Task<Answer<HttpAnswer>> ApiClient::logout(std::string token) {
  return post("/api/logout", identity(), std::move(token));
}
Task<Answer<HttpAnswer>> ApiClient::heartbeat() { return post(kHeartbeat, heartbeat_body()); }
Task<Answer<HttpAnswer>> ApiClient::sysinfo() { return post("/api/sysinfo", sysinfo_body()); }
Task<Answer<HttpAnswer>> ApiClient::sysinfo_version() { return post_text("/api/sysinfo_ver", ""); }

Task<std::string> ApiClient::sign_in(std::string role) {
  const Account account = account_of(*lab_, role);
  const auto answer = co_await login(account);
  lab_->require("signing in as '" + role + "'", answer, GivesToken());
  const auto body = object_in(*answer);
  co_return std::string(body->at("access_token").as_string());
}

Task<Answer<HttpAnswer>> ApiClient::sysinfo_until_known() {
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto answer = co_await sysinfo();
    if (!answer || answer->body != "ID_NOT_FOUND") co_return std::move(answer);
    // The first heartbeat follows whatever the upload came to: servers may know devices from it.
    if (attempt == 0) {
      const auto beat = co_await heartbeat();
      beat.ignore();
    }
    co_await lab_->wait(3s);
  }
  co_return co_await sysinfo();
}

}  // namespace deskcheck::conformance
