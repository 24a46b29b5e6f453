// Steps at the HTTP API: what accounts, agents and the operator do.
#include "client-sim/scenario/player.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace deskcheck::scenario {

namespace json = boost::json;

namespace {

// The texts within, filled in.
Filled<json::value> filled(const json::value& value, const Variables& variables) {
  if (value.is_string()) {
    const auto text = Text::parse(value.get_string());
    if (!text) return text.error();
    const auto full = text->fill(variables);
    if (!full) return full.error();
    return json::value(*full);
  }
  if (value.is_array()) {
    json::array list;
    for (const auto& one : value.get_array()) {
      auto inner = filled(one, variables);
      if (!inner) return inner;
      list.push_back(std::move(*inner));
    }
    return json::value(std::move(list));
  }
  if (!value.is_object()) return value;
  json::object object;
  for (const auto& [name, one] : value.get_object()) {
    auto inner = filled(one, variables);
    if (!inner) return inner;
    object[name] = std::move(*inner);
  }
  return json::value(std::move(object));
}

}  // namespace

bool Player::can_cast_people() {
  if (scenario_.requires_login && !stage_.site.requires_login)
    return ends(
        Outcome::Status::not_applicable,
        "needs a server that serves signed-in controllers only, which just the built-in one "
        "can be told to be");
  for (const auto& role : scenario_.roles) {
    const bool is_person = role->kind == Role::Kind::account || role->kind == Role::Kind::agent;
    if (is_person && !stage_.site.api)
      return ends(Outcome::Status::not_applicable,
                  "the URL of the HTTP API is not known; see --api");
  }
  return true;
}

Task<bool> Player::act_as_person(const Step& step) {
  switch (step.kind) {
    case Step::Kind::log_in:
      return log_in(step);
    case Step::Kind::enter_code:
      return enter_code(step);
    case Step::Kind::add_peer:
      return add_peer(step);
    case Step::Kind::operate:
      return operate(step);
    default:
      return act_simply(step);
  }
}

Task<bool> Player::act_simply(const Step& step) {
  if (step.kind == Step::Kind::session) {
    auto& agent = static_cast<AgentParty&>(party(step));
    if (!agent.started()) co_return broken(step, "the agent has not been started");
    if (step.begins)
      (void)agent.agent().begin_session(sim::ControllerFacts());
    else
      agent.end_sessions();
    co_return true;
  }
  auto& account = static_cast<AccountParty&>(party(step)).account();
  if (step.kind == Step::Kind::log_out)
    co_await account.log_out();
  else
    co_await account.refresh();
  co_return true;
}

void Player::learn_token(const Step& step) {
  variables_[step.role->name + ".token"] = static_cast<AccountParty&>(party(step)).last_token();
}

Task<bool> Player::log_in(const Step& step) {
  const auto lent = stage_.site.accounts.find(step.role->lent);
  if ((!step.user || !step.word) && lent == stage_.site.accounts.end())
    co_return ends(Outcome::Status::not_applicable,
                   "the target lends no account '" + step.role->lent +
                       "': name one under 'accounts' of the target file");
  LentAccount account;
  if (lent != stage_.site.accounts.end()) account = lent->second;
  if (step.user) {
    auto user = step.user->fill(variables_);
    if (!user) co_return broken(step, user.error().text);
    account.user = std::move(*user);
  }
  if (step.word) {
    auto password = step.word->fill(variables_);
    if (!password) co_return broken(step, password.error().text);
    account.password = std::move(*password);
  }
  auto& person = static_cast<AccountParty&>(party(step));
  co_await person.log_in(std::move(account.user), std::move(account.password));
  learn_token(step);
  co_return true;
}

Task<bool> Player::enter_code(const Step& step) {
  auto code = step.code.fill(variables_);
  if (!code) co_return broken(step, code.error().text);
  co_await static_cast<AccountParty&>(party(step)).enter_code(std::move(*code));
  learn_token(step);
  co_return true;
}

Task<bool> Player::add_peer(const Step& step) {
  json::object peer;
  for (const auto& [name, text] : step.peer) {
    auto value = text.fill(variables_);
    if (!value) co_return broken(step, value.error().text);
    peer[name] = std::move(*value);
  }
  json::array tags;
  for (const auto& text : step.tags) {
    auto tag = text.fill(variables_);
    if (!tag) co_return broken(step, tag.error().text);
    tags.emplace_back(std::move(*tag));
  }
  peer["tags"] = std::move(tags);
  co_await static_cast<AccountParty&>(party(step)).add_peer(std::move(peer));
  co_return true;
}

Task<bool> Player::operate(const Step& step) {
  auto arguments = filled(step.arguments, variables_);
  if (!arguments) co_return broken(step, arguments.error().text);
  std::optional<std::string> failure;
  if (stage_.operate) {
    std::string hook = step.hook;
    failure = co_await stage_.operate(std::move(hook), std::move(arguments->as_object()));
  }
  if (!failure)
    co_return ends(Outcome::Status::not_applicable,
                   "the target has no hook '" + step.hook + "' under 'control' of its target file");
  if (failure->empty()) co_return true;
  co_return fails(step, "that the operator can do it", *failure);
}

}  // namespace deskcheck::scenario
