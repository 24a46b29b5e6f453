#include "conformance/lab/admin.hpp"

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"
#include "conformance/lab/hook.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kPatience = 12s;  // for what an operator asks

json::array array_of(const auto& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(value);
  return array;
}

json::object strategy_of(const std::string& name, const StrategyOptions& options) {
  json::object values;
  for (const auto& [key, value] : options) values[key] = value;
  return {{"strategy", name}, {"options", values}};
}

json::object provider_of(std::string_view name, std::string_view issuer, std::string_view client_id,
                         std::string_view client_secret) {
  return {{"name", name},
          {"issuer", issuer},
          {"client_id", client_id},
          {"client_secret", client_secret}};
}

json::value parsed(const Lab& lab, const std::string& what, const HttpAnswer& answer) {
  boost::system::error_code error;
  auto value = json::parse(answer.body, error);
  if (error) lab.environment(what + " answered no JSON: " + error.message());
  return value;
}

}  // namespace

LabAdmin::LabAdmin(Lab& lab, std::initializer_list<std::string_view> hooks)
    : lab_(&lab), token_(std::make_shared<std::string>()) {
  for (const auto hook : hooks)
    if (!lab.target().control.contains(std::string(hook)))
      lab.not_applicable("the target has no hook '" + std::string(hook) +
                         "': name one under `control`");
}

Task<HttpAnswer> LabAdmin::ask(HttpQuestion question, std::string what) {
  question.party = "operator";
  auto answer = co_await ask_directly(*lab_, std::move(question), lab_->within(kPatience));
  if (!answer) lab_->environment(what + " failed: " + show_error(answer.error()));
  co_return *answer;
}

Task<std::string> LabAdmin::token(std::string role) {
  if (!token_->empty()) co_return *token_;
  const auto& account = account_of(*lab_, role);
  HttpQuestion question("POST", "/api/login");
  question.headers.emplace_back("Content-Type", "application/json");
  question.body = json::serialize(json::object{{"type", "account"},
                                               {"username", account.user},
                                               {"password", account.password},
                                               {"id", lab_->fresh_id()},
                                               {"uuid", wire::to_base64(lab_->fresh_uuid())},
                                               {"deviceInfo", json::object()}});
  const std::string what = "the login of '" + role + "' for the hooks of `control`";
  const auto answer = co_await ask(std::move(question), what);
  const auto body = object_in(answer);
  const auto* token = body ? body->if_contains("access_token") : nullptr;
  if (!token || !token->is_string())
    lab_->environment(what + " gave no access_token, but status " + std::to_string(answer.status));
  *token_ = std::string(token->get_string());
  co_return *token_;
}

Task<HttpAnswer> LabAdmin::call(std::string hook, json::object arguments) {
  const auto found = lab_->target().control.find(hook);
  if (found == lab_->target().control.end())
    throw std::logic_error("a case uses the hook '" + hook + "' without asking for it");
  const Hook& how = found->second;
  HttpQuestion question(how.method, filled_in_path(how.path, arguments));
  if (!how.body.is_null()) {
    question.headers.emplace_back("Content-Type", "application/json");
    question.body = json::serialize(filled_in(how.body, arguments));
  }
  const std::string bearer = co_await token(how.as);
  question.headers.emplace_back("Authorization", "Bearer " + bearer);
  const std::string what = "the hook '" + hook + "'";
  co_return co_await ask(std::move(question), what);
}

Task<json::value> LabAdmin::done(std::string hook, json::object arguments) {
  const auto answer = co_await call(hook, std::move(arguments));
  const std::string what = "the hook '" + hook + "'";
  if (answer.status < 200 || answer.status > 299)
    lab_->environment(what + " failed with status " + std::to_string(answer.status) + ": " +
                      answer.body.substr(0, 200));
  const Hook& how = lab_->target().control.at(hook);
  if (how.answer.empty()) co_return json::value();
  const auto body = parsed(*lab_, what, answer);
  boost::system::error_code error;
  const auto* value = body.find_pointer(how.answer, error);
  if (!value) lab_->environment(what + " answered nothing at " + how.answer);
  co_return renamed(*value, how.members);
}

Task<json::array> LabAdmin::list(std::string hook, json::object arguments) {
  auto value = co_await done(hook, std::move(arguments));
  if (!value.is_array()) lab_->environment("the hook '" + hook + "' answered no list");
  co_return std::move(value.get_array());
}

Task<void> LabAdmin::put_strategy(std::string name, StrategyOptions options) {
  auto arguments = strategy_of(name, options);
  (void)co_await done("put-strategy", std::move(arguments));
}

Task<bool> LabAdmin::try_strategy(std::string name, StrategyOptions options) {
  auto arguments = strategy_of(name, options);
  const auto answer = co_await call("put-strategy", std::move(arguments));
  co_return answer.status >= 200 && answer.status <= 299;
}

Task<void> LabAdmin::remove_strategy(std::string name) {
  json::object arguments{{"strategy", name}};
  (void)co_await done("remove-strategy", std::move(arguments));
}

Task<void> LabAdmin::assign_to_device(std::string device, std::string strategy) {
  json::object arguments{{"device", device}, {"strategy", strategy}};
  (void)co_await done("strategy-of-device", std::move(arguments));
}

Task<void> LabAdmin::assign_to_device_group(std::string group, std::string strategy) {
  json::object arguments{{"group", group}, {"strategy", strategy}};
  (void)co_await done("strategy-of-device-group", std::move(arguments));
}

Task<void> LabAdmin::assign_to_user(std::string user, std::string strategy) {
  json::object arguments{{"user", user}, {"strategy", strategy}};
  (void)co_await done("strategy-of-user", std::move(arguments));
}

Task<void> LabAdmin::put_device_group(std::string name, std::vector<std::string> devices) {
  json::object arguments{{"group", name}, {"devices", array_of(devices)}};
  (void)co_await done("put-device-group", std::move(arguments));
}

Task<void> LabAdmin::set_owner(std::string device, std::string user) {
  json::object arguments{{"device", device}, {"user", user}};
  (void)co_await done("owner-of-device", std::move(arguments));
}

Task<void> LabAdmin::disconnect(std::string device, std::vector<std::int32_t> connections) {
  json::object arguments{{"device", device}, {"connections", array_of(connections)}};
  (void)co_await done("disconnect", std::move(arguments));
}

Task<void> LabAdmin::force_sysinfo(std::string device) {
  json::object arguments{{"device", device}};
  (void)co_await done("force-sysinfo", std::move(arguments));
}

Task<void> LabAdmin::put_identity_provider(std::string name, std::string issuer,
                                           std::string client_id, std::string client_secret) {
  auto arguments = provider_of(name, issuer, client_id, client_secret);
  (void)co_await done("put-identity-provider", std::move(arguments));
}

Task<bool> LabAdmin::try_identity_provider(std::string name, std::string issuer,
                                           std::string client_id, std::string client_secret) {
  auto arguments = provider_of(name, issuer, client_id, client_secret);
  const auto answer = co_await call("put-identity-provider", std::move(arguments));
  co_return answer.status >= 200 && answer.status <= 299;
}

Task<void> LabAdmin::remove_identity_provider(std::string name) {
  json::object arguments{{"name", name}};
  (void)co_await done("remove-identity-provider", std::move(arguments));
}

Task<json::object> LabAdmin::device(std::string id) {
  json::object arguments{{"device", id}};
  auto value = co_await done("read-device", std::move(arguments));
  if (!value.is_object()) lab_->environment("the hook 'read-device' answered no object");
  co_return std::move(value.get_object());
}

Task<json::array> LabAdmin::connection_audits(std::string device) {
  return list("read-connection-audits", {{"device", device}});
}

Task<json::array> LabAdmin::file_audits(std::string device) {
  return list("read-file-audits", {{"device", device}});
}

Task<json::array> LabAdmin::alarm_audits(std::string device) {
  return list("read-alarm-audits", {{"device", device}});
}

Task<json::array> LabAdmin::recordings() { return list("read-recordings", {}); }

Task<std::optional<std::string>> LabAdmin::recording(std::string file) {
  json::object arguments{{"file", file}};
  auto answer = co_await call("read-recording", std::move(arguments));
  if (answer.status == 404) co_return std::nullopt;
  if (answer.status != 200)
    lab_->environment("the hook 'read-recording' failed with status " +
                      std::to_string(answer.status));
  co_return std::move(answer.body);
}

}  // namespace deskcheck::conformance
