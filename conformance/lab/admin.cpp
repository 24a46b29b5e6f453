#include "conformance/lab/admin.hpp"

#include "conformance/lab/totp.hpp"

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

json::array array_of(const auto& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(value);
  return array;
}

json::object strategy_of(const std::string& name, json::object options) {
  return {{"strategy", name}, {"options", std::move(options)}};
}

json::object provider_of(std::string_view name, std::string_view issuer, std::string_view client_id,
                         std::string_view client_secret) {
  return {{"name", name},
          {"issuer", issuer},
          {"client_id", client_id},
          {"client_secret", client_secret}};
}

}  // namespace

LabAdmin::LabAdmin(Lab& lab, std::initializer_list<std::string_view> hooks)
    : lab_(&lab), calls_(lab) {
  for (const auto hook : hooks)
    if (!find_hook(lab.target(), std::string(hook)))
      lab.not_applicable("the target has no hook '" + std::string(hook) +
                         "': name one under `control`");
}

Task<json::value> LabAdmin::done(std::string hook, json::object arguments) {
  const auto answer = co_await calls_.run(hook, std::move(arguments));
  if (answer.refused) lab_->environment(answer.why);
  co_return calls_.result(hook, answer);
}

Task<json::array> LabAdmin::list(std::string hook, json::object arguments) {
  auto value = co_await done(hook, std::move(arguments));
  if (!value.is_array()) lab_->environment("the hook '" + hook + "' answered no list");
  co_return std::move(value.get_array());
}

Task<void> LabAdmin::put_strategy(std::string name, StrategyOptions options) {
  json::object values;
  for (const auto& [key, value] : options) values[key] = value;
  auto arguments = strategy_of(name, std::move(values));
  (void)co_await done("put-strategy", std::move(arguments));
}

Task<bool> LabAdmin::try_strategy(std::string name, json::object options) {
  auto arguments = strategy_of(name, std::move(options));
  const auto answer = co_await calls_.run("put-strategy", std::move(arguments));
  co_return !answer.refused;
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

Task<void> LabAdmin::remove_device_group(std::string name) {
  json::object arguments{{"group", name}};
  (void)co_await done("remove-device-group", std::move(arguments));
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

Task<void> LabAdmin::put_user(std::string user, std::string password, std::string email) {
  json::object arguments{{"user", user}, {"password", password}, {"email", email}};
  (void)co_await done("put-user", std::move(arguments));
}

Task<void> LabAdmin::remove_user(std::string user) {
  json::object arguments{{"user", user}};
  (void)co_await done("remove-user", std::move(arguments));
}

Task<void> LabAdmin::set_password(std::string user, std::string password) {
  json::object arguments{{"user", user}, {"password", password}};
  (void)co_await done("set-password", std::move(arguments));
}

Task<std::string> LabAdmin::enable_totp(std::string user) {
  json::object arguments{{"user", user}};
  const auto secret = co_await done("enable-totp", std::move(arguments));
  const bool is_secret = secret.is_string() && is_totp_secret(std::string(secret.get_string()));
  if (!is_secret) lab_->environment("the hook 'enable-totp' answered no secret in base32");
  co_return std::string(secret.get_string());
}

Task<void> LabAdmin::require_email_code(std::string user, std::string address) {
  json::object arguments{{"user", user}, {"address", address}};
  (void)co_await done("require-email-code", std::move(arguments));
}

Task<void> LabAdmin::put_group(std::string group, std::vector<std::string> users) {
  json::object arguments{{"group", group}, {"users", array_of(users)}};
  (void)co_await done("put-group", std::move(arguments));
}

Task<void> LabAdmin::remove_group(std::string group) {
  json::object arguments{{"group", group}};
  (void)co_await done("remove-group", std::move(arguments));
}

Task<void> LabAdmin::share_book(std::string book, std::string user, int rule) {
  json::object arguments{{"book", book}, {"user", user}, {"rule", rule}};
  (void)co_await done("share-book", std::move(arguments));
}

Task<void> LabAdmin::remove_book(std::string book) {
  json::object arguments{{"book", book}};
  (void)co_await done("remove-book", std::move(arguments));
}

Task<void> LabAdmin::expire_token(std::string token) {
  json::object arguments{{"token", token}};
  (void)co_await done("expire-token", std::move(arguments));
}

Task<void> LabAdmin::put_identity_provider(std::string name, std::string issuer,
                                           std::string client_id, std::string client_secret) {
  auto arguments = provider_of(name, issuer, client_id, client_secret);
  (void)co_await done("put-identity-provider", std::move(arguments));
}

Task<bool> LabAdmin::try_identity_provider(std::string name, std::string issuer,
                                           std::string client_id, std::string client_secret) {
  auto arguments = provider_of(name, issuer, client_id, client_secret);
  const auto answer = co_await calls_.run("put-identity-provider", std::move(arguments));
  co_return !answer.refused;
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

void LabAdmin::need_shown(std::string_view hook, const json::object& answer,
                          std::string_view member) const {
  if (answer.contains(member)) return;
  lab_->not_applicable("the hook '" + std::string(hook) + "' shows no '" + std::string(member) +
                       "': say under `members` where it is, if it is anywhere");
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
  auto answer = co_await calls_.run("read-recording", std::move(arguments));
  const bool says_no = answer.status == 404 || (answer.call && answer.call->path.empty());
  if (answer.refused && says_no) co_return std::nullopt;
  if (answer.refused) lab_->environment(answer.why);
  co_return std::move(answer.body);
}

}  // namespace deskcheck::conformance
