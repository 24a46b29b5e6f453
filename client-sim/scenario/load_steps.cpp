#include "client-sim/scenario/hooks.hpp"
#include "client-sim/scenario/loading.hpp"
#include "proto/text/nearest.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>

namespace deskcheck::scenario {

namespace {

using namespace std::chrono_literals;
using Keys = std::vector<std::string_view>;

constexpr net::Duration kPatience = 5s;      // where a step names no time
constexpr net::Duration kConnectTime = 5s;   // for a connection
constexpr net::Duration kStopTime = 1s;      // for the end of a device
constexpr net::Duration kDialogTime = 20s;   // clients wait 18 s for the answer to an id change
constexpr net::Duration kListTime = 120s;    // for all that follows a login: lists in pages
constexpr std::int64_t kVeryMany = 1 << 30;  // steps; above all limits

// A step does one of these; each allows some keys more.
struct Verb {
  std::string_view key;
  Step::Kind kind;
  bool has_role;
  Keys with;
};
const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {"send", Step::Kind::exchange, true, {"drain", "expect"}},
      {"expect",
       Step::Kind::exchange,
       true,
       {"send", "drain", "forbidden", "optional", "within", "checks"}},
      {"forbid", Step::Kind::forbid, true, {"within", "until", "checks"}},
      {"barrier", Step::Kind::barrier, true, {"within", "checks"}},
      {"wait", Step::Kind::wait, false, {}},
      {"loop", Step::Kind::loop, false, {}},
      {"parallel", Step::Kind::parallel, false, {}},
      {"start", Step::Kind::start, true, {}},
      {"stop", Step::Kind::stop, true, {}},
      {"change-id", Step::Kind::change_id, true, {}},
      {"connect", Step::Kind::connect, true, {}},
      {"close", Step::Kind::close, true, {}},
      {"move", Step::Kind::move, true, {}},
      {"login", Step::Kind::log_in, true, {}},
      {"code", Step::Kind::enter_code, true, {}},
      {"logout", Step::Kind::log_out, true, {}},
      {"refresh", Step::Kind::refresh, true, {}},
      {"add-peer", Step::Kind::add_peer, true, {}},
      {"session", Step::Kind::session, true, {}},
      {"operator", Step::Kind::operate, false, {"expect", "within", "checks"}},
      {"note", Step::Kind::note, false, {}},
  };
  return all;
}

bool contains(const Keys& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

std::string all_verbs() {
  std::string text;
  for (const auto& verb : verbs()) text += (text.empty() ? "" : ", ") + std::string(verb.key);
  return text;
}

// An answer is expected to what is said before.
bool belong_together(std::string_view first, std::string_view second) {
  return (first == "send" && second == "expect") || (first == "expect" && second == "operator");
}

// The verb of a step; null after a mistake. Of `send` and `expect` together it is `expect`, of
// `operator` and `expect` the operator.
const Verb* verb_of(Loading& loading, const Cursor& at) {
  const Verb* found = nullptr;
  for (const auto& verb : verbs()) {
    const auto member = at.find(verb.key);
    if (!member) continue;
    if (found && !belong_together(found->key, verb.key)) {
      loading.mistake(member->mistake_at_key("a step does one thing, and this one does two: '" +
                                                 std::string(found->key) + "' and '" +
                                                 std::string(verb.key) + "'",
                                             "make two steps of it"));
      return nullptr;
    }
    found = &verb;
  }
  if (!found) {
    loading.mistake(at.mistake("this step does nothing", "it needs one of " + all_verbs()));
    return nullptr;
  }
  for (const auto& member : at.children()) {
    const auto key = member.key();
    if (key == found->key || key == "role" || contains(found->with, key)) continue;
    loading.mistake(member.mistake_at_key(
        "'" + std::string(key) + "' has no meaning beside '" + std::string(found->key) + "'",
        "remove it"));
  }
  return found;
}

const Role* role_of(Loading& loading, const Cursor& at, const Verb& verb, const Roles& roles) {
  const auto named = at.find("role");
  if (!verb.has_role) {
    if (named)
      loading.mistake(named->mistake_at_key(
          "'role' has no meaning beside '" + std::string(verb.key) + "'", "remove it"));
    return nullptr;
  }
  if (!named) {
    loading.mistake(at.find(verb.key)->mistake_at_key("who does this?", "add 'role: NAME'"));
    return nullptr;
  }
  std::vector<std::string_view> names;
  for (const auto& role : roles) {
    if (role->name == named->text()) return role.get();
    names.push_back(role->name);
  }
  const auto near = text::nearest(named->text(), names, 1);
  loading.mistake(
      named->mistake("there is no role '" + std::string(named->text()) + "'",
                     near.empty() ? "add it under 'roles'" : "did you mean '" + near[0] + "'?"));
  return nullptr;
}

std::string_view name_of(Role::Kind kind) {
  switch (kind) {
    case Role::Kind::udp:
      return "a udp role";
    case Role::Kind::tcp:
      return "a tcp role";
    case Role::Kind::device:
      return "a device";
    case Role::Kind::controller:
      return "a controller";
    case Role::Kind::account:
      return "an account";
    case Role::Kind::agent:
      return "an agent";
  }
  return "";
}

void gather_roles(const std::vector<Step>& steps, std::set<const Role*>& roles) {
  for (const auto& step : steps) {
    if (step.role) roles.insert(step.role);
    for (const auto& branch : step.branches) gather_roles(branch, roles);
  }
}

class StepLoader {
 public:
  StepLoader(Loading& loading, const Cursor& at, const Roles& roles)
      : loading_(loading), at_(at), roles_(roles) {}

  Step load(Need& need) {
    step_.place = at_.place();
    const auto* verb = verb_of(loading_, at_);
    if (!verb) return std::move(step_);
    step_.kind = verb->kind;
    step_.role = role_of(loading_, at_, *verb, roles_);
    if (verb->has_role && !step_.role) return std::move(step_);
    load_judged();
    load_within();
    load_kind(need);
    step_.text = words(*verb);
    ++need.steps;
    need.time += time_;
    return std::move(step_);
  }

 private:
  void load_kind(Need& need) {
    switch (step_.kind) {
      case Step::Kind::exchange:
        return load_exchange();
      case Step::Kind::forbid:
        return load_forbid();
      case Step::Kind::barrier:
        time_ = step_.within;
        return check_barrier("barrier");
      case Step::Kind::wait:
        step_.within = duration(loading_, *at_.find("wait")).value_or(0s);
        time_ = step_.within;
        return;
      case Step::Kind::loop:
        return load_loop(need);
      case Step::Kind::parallel:
        return load_parallel(need);
      case Step::Kind::start:
      case Step::Kind::stop:
        time_ = kStopTime;
        return only({Role::Kind::device, Role::Kind::agent},
                    step_.kind == Step::Kind::start ? "start" : "stop");
      case Step::Kind::change_id:
        step_.new_id = loading_.text(*at_.find("change-id"));
        step_.within = time_ = kDialogTime;
        return only({Role::Kind::device}, "change-id");
      case Step::Kind::connect:
        return load_connect();
      case Step::Kind::close:
        return load_close();
      case Step::Kind::move:
        if (at_.find("move")->text() == "port") step_.move = Step::Move::port;
        return only({Role::Kind::udp, Role::Kind::tcp}, "move");
      case Step::Kind::log_in:
      case Step::Kind::enter_code:
      case Step::Kind::log_out:
      case Step::Kind::refresh:
      case Step::Kind::add_peer:
      case Step::Kind::session:
      case Step::Kind::operate:
        return load_person_act();
      case Step::Kind::note:
        step_.note = loading_.text(*at_.find("note"));
        return;
    }
  }

  void only(std::initializer_list<Role::Kind> kinds, std::string_view key) {
    if (std::ranges::find(kinds, step_.role->kind) != kinds.end()) return;
    std::string who;
    for (const auto kind : kinds) who += (who.empty() ? "" : " or ") + std::string(name_of(kind));
    loading_.mistake(at_.find(key)->mistake_at_key(
        "'" + std::string(key) + "' is not for " + std::string(name_of(step_.role->kind)),
        "it needs " + who));
  }

  void load_person_act() {
    time_ = kListTime;
    load_act(loading_, at_, step_);
    if (step_.kind == Step::Kind::operate) return load_answer();
    for (const auto& verb : verbs()) {
      if (verb.kind != step_.kind || !verb.has_role) continue;
      only({verb.kind == Step::Kind::session ? Role::Kind::agent : Role::Kind::account}, verb.key);
    }
  }

  // What a hook answers.
  void load_answer() {
    const auto expected = at_.find("expect");
    if (!expected) {
      for (const char* key : {"within", "checks"})
        if (const auto member = at_.find(key))
          loading_.mistake(member->mistake_at_key(
              "'" + std::string(key) + "' has no meaning without 'expect'", "remove it"));
      return;
    }
    step_.expected = loading_.patterns(*expected);
    time_ += step_.within;
    const auto* form = find_hook_form(step_.hook);
    if (!form) return;  // the schema has told
    for (const auto& pattern : step_.expected) {
      if (is_observation(pattern.field, form->answer)) continue;
      loading_.mistake(expected->mistake_at_key(
          "the hook '" + step_.hook + "' answers no '" + pattern.field->name() + "'",
          form->answer.empty() ? "it may answer anything; remove this"
                               : "it answers '" + std::string(form->answer) + "'"));
    }
  }

  void load_judged() {
    const auto checks = at_.find("checks");
    if (!checks) return;
    if (checks->is_text()) step_.judged.push_back({std::string(checks->text()), checks->place()});
    for (const auto& id : checks->children())
      step_.judged.push_back({std::string(id.text()), id.place()});
    if (at_.find("optional"))
      loading_.mistake(checks->mistake_at_key("what is optional judges nothing",
                                              "remove 'optional' or 'checks'"));
  }

  void load_within() {
    step_.within = kPatience;
    if (const auto within = at_.find("within"))
      step_.within = duration(loading_, *within).value_or(kPatience);
  }

  void load_exchange() {
    const auto sent = at_.find("send");
    if (sent) {
      only({Role::Kind::udp, Role::Kind::tcp}, "send");
      step_.sent = loading_.sent(*sent);
      if (step_.sent) check_member(step_.sent->field, *sent);
    }
    if (at_.find("drain")) {
      step_.drain = true;
      only({Role::Kind::udp}, "drain");
    }
    if (const auto expected = at_.find("expect")) {
      step_.expected = load_patterns(*expected);
      time_ = step_.within;
    }
    if (const auto forbidden = at_.find("forbidden")) step_.forbidden = load_patterns(*forbidden);
    check_raw();
    step_.optional = at_.find("optional").has_value();
    if (step_.role->kind == Role::Kind::tcp) time_ += kConnectTime;
  }

  void load_forbid() {
    only({Role::Kind::udp, Role::Kind::tcp}, "forbid");
    step_.forbidden = load_patterns(*at_.find("forbid"));
    check_raw();
    step_.by_barrier = at_.find("until").has_value();
    if (step_.by_barrier)
      check_barrier("until");
    else if (!at_.find("within"))
      loading_.mistake(at_.find("forbid")->mistake_at_key(
          "until when?", "add 'until: barrier', or 'within' with a time"));
    time_ = step_.within;
  }

  // A cheap question with a known answer: rendezvous servers have one on each of their paths.
  void check_barrier(std::string_view key) {
    only({Role::Kind::udp, Role::Kind::tcp}, key);
    if (step_.role->kind == Role::Kind::tcp && step_.role->port != Role::Port::rendezvous)
      loading_.mistake(at_.find(key)->mistake_at_key(
          "there is no barrier on this port", "use 'forbid' with 'within', or another role"));
  }

  std::vector<Pattern> load_patterns(const Cursor& at) {
    auto patterns = loading_.patterns(at);
    for (const auto& pattern : patterns) check_member(pattern.field, at);
    return patterns;
  }

  // Bytes that were read as such are no frames any more.
  void check_raw() {
    bool raw = false, frames = false;
    for (const auto* patterns : {&step_.expected, &step_.forbidden})
      for (const auto& pattern : *patterns) {
        const bool is_raw = is_observation(pattern.field, "raw");
        raw = raw || is_raw;
        frames = frames || (!is_raw && !is_observation(pattern.field, "closed"));
      }
    if (raw && frames)
      loading_.mistake(
          at_.mistake("raw bytes and messages in one step", "expect either the one or the other"));
  }

  // What a role cannot send or see.
  void check_member(const FieldDescriptor* member, const Cursor& at) {
    const auto kind = step_.role->kind;
    const bool speaks = kind == Role::Kind::udp || kind == Role::Kind::tcp;
    bool fits = speaks;
    if (is_observation(member, "state")) fits = kind == Role::Kind::device;
    if (is_observation(member, "result")) fits = kind == Role::Kind::controller;
    if (is_observation(member, "account")) fits = kind == Role::Kind::account;
    if (is_observation(member, "agent")) fits = kind == Role::Kind::agent;
    if (is_observation(member, "raw") || is_observation(member, "closed") || is_session(member))
      fits = kind == Role::Kind::tcp;
    const bool is_answer = std::ranges::any_of(
        hook_forms(), [&](const HookForm& form) { return is_observation(member, form.answer); });
    if (is_answer) fits = false;
    if (fits) return;
    std::string mend = "a device has 'state', a controller 'result'";
    if (kind == Role::Kind::account) mend = "an account has 'account'";
    if (kind == Role::Kind::agent) mend = "an agent has 'agent'";
    if (kind == Role::Kind::udp) mend = "a datagram's bytes are its 'payload'";
    if (kind == Role::Kind::tcp) mend = "'state' is of devices, 'result' of controllers";
    if (is_answer) mend = "it is what a hook answers: expect it beside 'operator'";
    loading_.mistake(at.mistake_at_key(
        "'" + member->name() + "' has no meaning for " + std::string(name_of(kind)),
        std::move(mend)));
  }

  void load_loop(Need& need) {
    const auto loop = *at_.find("loop");
    step_.times = loop.find("times")->json().to_number<int>();
    if (const auto counter = loop.find("as"))
      if (loading_.define(*counter, std::string(counter->text()))) step_.counter = counter->text();
    Need once;
    step_.branches.push_back(load_steps(loading_, *loop.find("steps"), roles_, once));
    time_ = std::min<net::Duration>(once.time, 25h) * step_.times;
    need.steps += std::min(once.steps, kVeryMany / step_.times) * step_.times;
  }

  void load_parallel(Need& need) {
    std::set<const Role*> others;
    for (const auto& branch : at_.find("parallel")->children()) {
      Need one;
      step_.branches.push_back(load_steps(loading_, branch, roles_, one));
      std::set<const Role*> mine;
      gather_roles(step_.branches.back(), mine);
      for (const auto* role : mine)
        if (!others.insert(role).second)
          loading_.mistake(branch.mistake("'" + role->name + "' acts in two branches at once",
                                          "give its steps to one branch, or use two roles"));
      time_ = std::max(time_, one.time);
      need.steps += one.steps;
    }
  }

  void load_connect() {
    const auto connect = *at_.find("connect");
    if (!connect.is_map()) {
      time_ = kConnectTime;
      return only({Role::Kind::tcp}, "connect");
    }
    only({Role::Kind::controller}, "connect");
    step_.callee = loading_.text(*connect.find("to"));
    if (const auto password = connect.find("password")) {
      step_.logs_in = true;
      step_.password = password->text();
    }
    step_.force_relay = connect.find("force-relay").has_value();
    if (const auto token = connect.find("token")) step_.token = loading_.text(*token);
  }

  void load_close() {
    only({Role::Kind::tcp}, "close");
    const auto how = at_.find("close")->text();
    if (how == "half") step_.close = Step::Close::half;
    if (how == "reset") step_.close = Step::Close::reset;
  }

  std::string words(const Verb& verb) const {
    std::string text = step_.role ? step_.role->name + " " : std::string();
    if (step_.kind == Step::Kind::operate)
      text += "operator uses " + step_.hook;
    else if (step_.kind != Step::Kind::exchange)
      return text + std::string(verb.key);
    if (step_.sent) text += "sends " + step_.sent->field->name();
    if (step_.expected.empty()) return text;
    text += step_.sent || !step_.hook.empty() ? " and expects " : "expects ";
    for (std::size_t i = 0; i < step_.expected.size(); ++i)
      text += (i == 0 ? "" : " or ") + step_.expected[i].field->name();
    return text;
  }

  Loading& loading_;
  const Cursor& at_;
  const Roles& roles_;
  Step step_;
  net::Duration time_{};
};

}  // namespace

std::vector<Step> load_steps(Loading& loading, const Cursor& at, const Roles& roles, Need& need) {
  std::vector<Step> steps;
  for (const auto& one : at.children()) {
    steps.push_back(StepLoader(loading, one, roles).load(need));
    need.steps = std::min(need.steps, kVeryMany);
    need.time = std::min<net::Duration>(need.time, 1000h);
  }
  return steps;
}

}  // namespace deskcheck::scenario
