// The operator of a target in a scenario: signs in as the hook says, and calls it.
#include "client-sim/account/account.hpp"
#include "conformance/lab/hook.hpp"
#include "conformance/scenario/scenario_case.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

namespace json = boost::json;

namespace {

using net::awaitable;

// Its token, which is empty after a failure that `why` then says.
awaitable<std::string> sign_in(net::World world, sim::ApiAccess access, Account as,
                               sim::Recorder recorder, std::string* why) {
  sim::HttpStacks stacks(world, std::move(access), recorder);
  sim::HttpQuestion question("POST", "/api/login");
  question.headers = sim::json_headers("");
  question.body = json::serialize(json::object{{"type", "account"},
                                               {"username", as.user},
                                               {"password", as.password},
                                               {"id", stacks.id()},
                                               {"uuid", stacks.uuid()},
                                               {"deviceInfo", json::object()}});
  const auto answer = co_await stacks.from_dart(std::move(question));
  sim::SignIn remembered;
  const auto result = sim::take_login_answer(answer, stacks.release(), remembered, nullptr);
  if (remembered.token.empty()) *why = "signing in as " + as.user + ": " + result.message;
  co_return remembered.token;
}

awaitable<std::optional<std::string>> operate(net::World world, Target target,
                                              sim::ApiAccess access, sim::Recorder recorder,
                                              std::string name, json::object arguments) {
  const auto found = target.control.find(name);
  if (found == target.control.end()) co_return std::nullopt;
  const Hook& hook = found->second;
  const auto account = target.accounts.find(hook.as);
  if (account == target.accounts.end())
    co_return "the target lends no account '" + hook.as + "', as which this is done";
  std::string why;
  const std::string token = co_await sign_in(world, access, account->second, recorder, &why);
  if (token.empty()) co_return why;
  sim::HttpStacks stacks(world, access, recorder);
  sim::HttpQuestion question(hook.method, filled_in_path(hook.path, arguments));
  question.headers = sim::json_headers(token);
  if (!hook.body.is_null()) question.body = json::serialize(filled_in(hook.body, arguments));
  const auto answer = co_await stacks.from_dart(std::move(question));
  if (!answer) co_return answer.error().message();
  const auto body = sim::parse_json(answer->text);
  const auto* object = body ? body->if_object() : nullptr;
  if (answer->status / 100 == 2 && !(object && object->contains("error"))) co_return std::string();
  co_return "HTTP " + std::to_string(answer->status) + ' ' + answer->text;
}

}  // namespace

Operate operator_of(net::World world, const Target& target, net::Endpoint home,
                    sim::Recorder recorder) {
  const auto site = site_of(target);
  if (!site.api) return {};
  sim::ApiAccess access;
  access.id = "operator";
  access.uuid = "operator";
  access.home = home;
  access.api = *site.api;
  return [=](std::string hook, json::object arguments) {
    return operate(world, target, access, recorder, std::move(hook), std::move(arguments));
  };
}

ServerSetup setup_for(const scenario::Scenario& scenario) {
  ServerSetup setup;
  setup.require_login = scenario.requires_login;
  return setup;
}

}  // namespace deskcheck::conformance
