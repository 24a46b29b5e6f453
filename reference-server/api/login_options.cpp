// GET /api/login-options: the buttons beside the password. Source: http-api.md section 1.2.
#include "proto/api/oidc.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// What a wrong server says of its providers to clients since 1.2.2.
std::string spoilt(const std::vector<http_api::LoginOption>& options, const WrongApi& wrong) {
  json::array together;
  for (const auto& option : options) {
    json::object one{{wrong.option_names_are_called_op ? "op" : "name", option.name}};
    one["icon"] = nullptr;
    if (wrong.option_icons_are_objects) one["icon"] = json::object{{"svg", option.icon}};
    together.push_back(std::move(one));
  }
  return "common-oidc/" + json::serialize(together);
}

Response login_options(ApiStore& store, const WrongApi& wrong) {
  if (wrong.login_options_are_null) return json_answer(json::value());
  const auto providers = store.identities().providers();
  if (!providers) return storage_failure();
  std::vector<http_api::LoginOption> options;
  for (const auto& provider : *providers) {
    auto& option = options.emplace_back();
    option.name = provider.name;
    option.icon = provider.icon;
  }
  auto list = http_api::login_options(options);
  if (list.empty()) return json_answer(list);
  if (wrong.option_names_are_called_op || wrong.option_icons_are_objects)
    list[0] = json::value(spoilt(options, wrong));
  if (wrong.no_plain_options) list.erase(list.begin() + 1, list.end());
  auto response = json_answer(list);
  if (wrong.login_options_are_plain) response.headers.front().second = "text/plain";
  return response;
}

}  // namespace

void add_login_options(Router& router, const Options& options, identity::Accounts& accounts,
                       ApiStore& store) {
  const WrongApi& wrong = options.faults.policies;
  if (wrong.no_login_options) return;
  const auto list = [&store, &wrong](const auto&...) { return login_options(store, wrong); };
  router.add("GET", "/api/login-options",
             wrong.login_options_need_token ? for_accounts(accounts, wrong, list) : Handler(list));
}

}  // namespace deskcheck::server::api
