// Steps at the HTTP API: what accounts, agents and the operator do.
#include "client-sim/lab/totp.hpp"
#include "client-sim/scenario/answers.hpp"
#include "client-sim/scenario/hooks.hpp"
#include "client-sim/scenario/player.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace deskcheck::scenario {

namespace json = boost::json;

namespace {

constexpr net::Duration kAskAgain = std::chrono::seconds(1);

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

// What came out of a variable is a text.
json::value number_of(const json::value& value) {
  std::int64_t number = 0;
  const auto* text = value.if_string();
  if (!text) return value;
  const auto* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? json::value(number) : value;
}

void make_numbers(const HookForm& form, json::object& arguments) {
  for (const auto& argument : form.arguments) {
    auto* value = arguments.if_contains(argument.name);
    if (!value) continue;
    if (argument.kind == HookArgument::Kind::number) *value = number_of(*value);
    if (argument.kind == HookArgument::Kind::numbers && value->is_array())
      for (auto& one : value->get_array()) one = number_of(one);
  }
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
  if (step.is_totp) {
    if (!sim::is_totp_secret(*code)) co_return broken(step, "the secret is no base32");
    code = sim::totp_code(*code, target_time());
  }
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

std::int64_t Player::target_time() const {
  if (stage_.target_time) return stage_.target_time();
  const auto now = stage_.world.clock.now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

bool Player::could_not(const Step& step, const std::string& expected, const std::string& actual) {
  Step unjudged = step;
  unjudged.judged.clear();
  return fails(unjudged, expected, actual);
}

std::optional<bool> Player::take_answer(const Step& step, const HookOutcome& done, Misses& misses) {
  const auto* form = find_hook_form(step.hook);
  const auto answer = observed_answer(form->answer, done.answer);
  if (!answer)
    return could_not(step, describe(step.expected, " or "),
                     "the hook '" + step.hook + "' answers " + answer.error().text);
  Heard heard;
  heard.what = Heard::What::state;
  heard.observation = *answer;
  for (const auto& pattern : step.expected) {
    const auto missing = not_shown(pattern, done.answer);
    if (!missing.empty())
      return ends(Outcome::Status::not_applicable,
                  "the hook '" + step.hook + "' shows no '" + missing +
                      "': say under `members` where it is, if it is anywhere");
    Knowledge knowledge;
    if (!matches(pattern, heard, knowledge)) continue;
    for (auto& [name, value] : knowledge.captured) variables_[name] = std::move(value);
    return holds(step, describe(step.expected, " or "), describe(heard, &pattern));
  }
  note_miss(step, heard, misses);
  return std::nullopt;
}

// What only reads is asked again until the answer is as expected: records come when they come.
Task<bool> Player::operate(const Step& step) {
  auto arguments = filled(step.arguments, variables_);
  if (!arguments) co_return broken(step, arguments.error().text);
  const auto* form = find_hook_form(step.hook);
  if (form) make_numbers(*form, arguments->as_object());
  const auto deadline = within(step.within);
  for (;;) {
    std::optional<HookOutcome> done;
    if (stage_.operate) {
      std::string hook = step.hook;
      json::object copy = arguments->as_object();
      done = co_await stage_.operate(std::move(hook), std::move(copy));
    }
    if (!done)
      co_return ends(Outcome::Status::not_applicable, "the target has no hook '" + step.hook +
                                                          "' under 'control' of its target file");
    if (!done->why.empty()) co_return could_not(step, "that the operator can do it", done->why);
    if (step.expected.empty()) co_return true;
    Misses misses;
    if (const auto goes_on = take_answer(step, *done, misses)) co_return *goes_on;
    if (!form->only_reads() || stage_.world.clock.now() + kAskAgain > deadline.at)
      co_return fails(step, describe(step.expected, " or "), misses.nearest);
    co_await net::sleep_for(stage_.world.clock, kAskAgain);
  }
}

}  // namespace deskcheck::scenario
