#include "conformance/lab/oidc.hpp"

#include "client-sim/lab/query_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view kCommon = "common-oidc/", kSingle = "oidc/";
constexpr std::string_view kPending = "No authed oidc is found";

std::optional<std::vector<std::string>> names_in(std::string_view text) {
  boost::system::error_code error;
  const auto list = json::parse(text, error);
  if (error || !list.is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& one : list.get_array()) {
    const auto name = one.is_object() ? member_of(one.get_object(), "name") : json::value();
    if (!name.is_string()) return std::nullopt;
    names.emplace_back(name.get_string());
  }
  return names;
}

bool is_text_if_there(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return !value || value->is_string();
}
bool is_bool_if_there(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return !value || value->is_bool();
}
bool is_text_or_null(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return !value || value->is_string() || value->is_null();
}

// client:src/hbbs_http/account.rs:32-69
bool reads_as_info(const json::value& value) {
  if (!value.is_object()) return false;
  const auto& info = value.get_object();
  if (!is_bool_if_there(info, "email_verification") ||
      !is_bool_if_there(info, "email_alarm_notification"))
    return false;
  if (const auto* list = info.if_contains("login_device_whitelist"); list && !list->is_array())
    return false;
  const auto* other = info.if_contains("other");
  if (!other) return true;
  if (!other->is_object()) return false;
  for (const auto& [name, text] : other->get_object())
    if (!text.is_string()) return false;
  return true;
}

// client:src/hbbs_http/account.rs:71-97
bool reads_as_user(const json::value& value) {
  if (!value.is_object()) return false;
  const auto& user = value.get_object();
  for (const auto* text : {"display_name", "avatar", "email", "note", "third_auth_type"})
    if (!is_text_or_null(user, text)) return false;
  if (const auto* status = user.if_contains("status")) {
    const bool known = status->is_int64() && status->get_int64() >= -1 && status->get_int64() <= 1;
    if (!known) return false;
  }
  return member_of(user, "name").is_string() && is_bool_if_there(user, "is_admin") &&
         reads_as_info(member_of(user, "info"));
}

// client:src/hbbs_http/account.rs:99-108
bool reads_as_auth_body(const json::object& body) {
  return member_of(body, "access_token").is_string() && member_of(body, "type").is_string() &&
         is_text_if_there(body, "tfa_type") && is_text_if_there(body, "secret") &&
         reads_as_user(member_of(body, "user"));
}

}  // namespace

std::optional<std::vector<std::string>> buttons_in(const HttpAnswer& answer) {
  const auto list = json_in(answer);
  if (answer.status < 200 || answer.status > 299 || !list || !list->is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& one : list->get_array()) {
    if (!one.is_string()) return std::nullopt;
    const std::string_view text = one.get_string();
    if (text.starts_with(kCommon)) return names_in(text.substr(kCommon.size()));
    if (text.starts_with(kSingle)) names.emplace_back(text.substr(kSingle.size()));
  }
  return names;
}

json::object oidc_auth_body(const Lab& lab, const ApiClient& client, std::string_view op,
                            bool with_api_domain) {
  json::object body = client.identity();
  body["op"] = op;
  body["deviceInfo"] = {{"os", "linux"}, {"type", "client"}, {"name", "host-of-" + client.id()}};
  if (with_api_domain) body["apiDomain"] = lab.target().api;
  return body;
}

Task<Answer<HttpAnswer>> oidc_auth(ApiClient client, json::object body) {
  co_return co_await client.post("/api/oidc/auth", std::move(body));
}

Task<Answer<HttpAnswer>> oidc_query(ApiClient client, std::string code) {
  sim::Query query;
  query.add("code", std::move(code));
  query.add("id", client.id());
  query.add("uuid", client.uuid());
  HttpQuestion question("GET", "/api/oidc/auth-query?" + query.text());
  co_return co_await client.ask(std::move(question));
}

std::optional<OidcStart> start_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  if (!body || body->contains("error")) return std::nullopt;
  const auto code = member_of(*body, "code"), url = member_of(*body, "url");
  if (!code.is_string() || code.get_string().empty() || !url.is_string()) return std::nullopt;
  OidcStart start;
  start.code = std::string(code.get_string());
  start.url = std::string(url.get_string());
  if (!sim::parse_url(start.url)) return std::nullopt;
  return start;
}

Task<OidcStart> begin_oidc(Lab& lab, ApiClient client, std::string op) {
  auto body = oidc_auth_body(lab, client, op);
  const auto answer = co_await oidc_auth(std::move(client), std::move(body));
  lab.require("the begin of a sign-in at a provider", answer, BeginsSignIn());
  co_return *start_in(*answer);
}

Poll poll_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  if (!body) return Poll::ignored;
  if (const auto* error = body->if_contains("error")) {
    if (!error->is_string()) return Poll::ignored;
    const bool pending = std::string_view(error->get_string()).find(kPending) != std::string::npos;
    return pending ? Poll::pending : Poll::failed;
  }
  return reads_as_auth_body(*body) ? Poll::signed_in : Poll::ignored;
}

Task<Answer<HttpAnswer>> poll_until_over(Lab& lab, ApiClient client, std::string code, int most) {
  for (int poll = 1;; ++poll) {
    auto answer = co_await oidc_query(client, code);
    if (poll >= most || !answer) co_return std::move(answer);
    const Poll said = poll_in(*answer);
    if (said == Poll::signed_in || said == Poll::failed) co_return std::move(answer);
    co_await lab.wait(1s);
  }
}

std::string token_in(const HttpAnswer& answer) {
  const auto body = object_in(answer);
  const auto token = body ? member_of(*body, "access_token") : json::value();
  return token.is_string() ? std::string(token.get_string()) : std::string();
}

std::string redirect_uri_in(std::string_view url) { return sim::query_of(url).get("redirect_uri"); }

}  // namespace deskcheck::conformance
