#include "client-sim/scenario/loading.hpp"
#include "client-sim/scenario/schema.hpp"
#include "proto/text/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace deskcheck::scenario {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kLongest = 24h;
constexpr std::int64_t kMostSteps = 100'000;

bool is_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '/' ||
           c == '.';
  });
}

// "docs/scenarios/foreign-uuid.yaml" is scenario/foreign-uuid.
std::string id_from(std::string_view file) {
  file = file.substr(file.find_last_of('/') + 1);
  file = file.substr(0, file.find_last_of('.'));
  std::string id = "scenario/";
  for (const char c : file) id += is_id({&c, 1}) ? c : '-';
  return id;
}

void take_transport(const Cursor& options, Role& role) {
  const auto transport = options.find("transport");
  if (!transport) return;
  role.transport = transport->text() == "websocket" ? sim::Transport::websocket
                   : transport->text() == "tcp"     ? sim::Transport::tcp
                                                    : sim::Transport::udp;
}

std::unique_ptr<Role> load_role(Loading& loading, const Cursor& at) {
  auto role = std::make_unique<Role>();
  role->name = at.key();
  const auto kind = [&](std::string_view name) {
    if (name == "tcp" || name == "websocket") role->kind = Role::Kind::tcp;
    if (name == "websocket") role->transport = sim::Transport::websocket;
    if (name == "device") role->kind = Role::Kind::device;
    if (name == "controller") role->kind = Role::Kind::controller;
    if (name == "account") role->kind = Role::Kind::account;
    if (name == "agent") role->kind = Role::Kind::agent;
  };
  kind(at.text());
  for (const auto& member : at.children()) kind(member.key());
  if (role->kind == Role::Kind::device) role->transport = sim::Transport::udp;
  role->secure = at.find("secure").has_value();
  const auto websocket = at.find("websocket");
  if (const auto port = websocket ? websocket : at.find("tcp")) {
    if (port->text() == "nat") role->port = Role::Port::nat;
    if (port->text() == "relay") role->port = Role::Port::relay;
  }
  if (const auto other = at.find("at")) role->at = other->text();
  if (const auto device = at.find("device")) {
    const auto flag = [&](const char* name) {
      const auto value = device->find(name);
      return value && value->json().is_bool() && value->json().get_bool();
    };
    take_transport(*device, *role);
    if (const auto password = device->find("password")) role->password = password->text();
    role->relay_only = flag("relay-only");
    role->firewalled = flag("firewalled");
  }
  if (const auto controller = at.find("controller")) take_transport(*controller, *role);
  for (const char* kind_of_person : {"account", "agent"})
    if (const auto person = at.find(kind_of_person)) load_person(loading, *person, *role);
  if (!role->of.empty()) role->at = role->of;
  return role;
}

void check_role(Loading& loading, const Cursor& at, const Roles& before) {
  if (!is_name(at.key()) || at.key() == "target")
    loading.mistake(at.mistake_at_key("'" + std::string(at.key()) + "' is no name for a role",
                                      "use letters, digits, '-' and '_', and not 'target'"));
  if (at.is_map()) {
    const auto kinds = at.children().size() - (at.find("at") ? 1 : 0) - (at.find("secure") ? 1 : 0);
    if (kinds != 1)
      loading.mistake(
          at.mistake_at_key("a role is one thing",
                            "choose one of udp, tcp, websocket, device, controller, account "
                            "and agent"));
  }
  if (const auto secure = at.find("secure"); secure && !at.find("tcp"))
    loading.mistake(secure->mistake_at_key(
        "only connections over TCP are made secure by the server", "write it beside 'tcp'"));
  auto other = at.find("at");
  for (const char* kind : {"account", "agent"})
    if (const auto person = at.find(kind); person && !other) other = person->find("of");
  if (!other) return;
  const auto known =
      std::ranges::any_of(before, [&](const auto& role) { return role->name == other->text(); });
  if (!known)
    loading.mistake(other->mistake("there is no role '" + std::string(other->text()) + "' before",
                                   "name a role that stands above this one"));
}

Roles load_roles(Loading& loading, const Cursor& at) {
  Roles roles;
  for (const auto& member : at.children()) {
    check_role(loading, member, roles);
    roles.push_back(load_role(loading, member));
    if (roles.back()->kind == Role::Kind::account)
      loading.define_built_in(roles.back()->name + ".token");
    for (const char* fact : {".id", ".uuid", ".pk", ".address", ".ip", ".port"})
      loading.define_built_in(roles.back()->name + fact);
  }
  for (const char* fact : {"key", "relay-key", "rendezvous", "nat", "relay"})
    loading.define_built_in(std::string("target.") + fact);
  return roles;
}

std::vector<Definition> load_variables(Loading& loading, const Cursor& at) {
  std::vector<Definition> variables;
  for (const auto& member : at.children()) {
    Definition definition;
    definition.name = member.key();
    loading.define(member, definition.name);
    definition.text = member.text();
    if (const auto fresh = member.find("new"))
      definition.kind = fresh->text() == "id"         ? Definition::Kind::id
                        : fresh->text() == "uuid"     ? Definition::Kind::uuid
                        : fresh->text() == "password" ? Definition::Kind::password
                                                      : Definition::Kind::key;
    variables.push_back(std::move(definition));
  }
  return variables;
}

void gather(const std::vector<Step>& steps, Scenario& scenario) {
  for (const auto& step : steps) {
    for (const auto& judged : step.judged)
      if (std::ranges::find(scenario.requirements, judged.id, &Judged::id) ==
          scenario.requirements.end())
        scenario.requirements.push_back(judged);
    scenario.needs_signer = scenario.needs_signer ||
                            std::ranges::any_of(step.expected, needs_signer) ||
                            std::ranges::any_of(step.forbidden, needs_signer);
    for (const auto& branch : step.branches) gather(branch, scenario);
  }
}

void check_size(Loading& loading, const Cursor& steps, const Need& need) {
  if (need.steps > kMostSteps)
    loading.mistake(steps.mistake_at_key(
        "more than " + std::to_string(kMostSteps) + " steps, turns of loops counted",
        "let the loops turn less often"));
  if (need.time > kLongest)
    loading.mistake(steps.mistake_at_key("all steps together can take more than a day",
                                         "wait less, or turn less often"));
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

std::optional<net::Duration> duration(Loading& loading, const Cursor& at) {
  const auto text = at.text();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr std::int64_t kMost = 86'400'000;
  if (error == std::errc() && count >= 0 && count <= kMost) {
    std::optional<net::Duration> time;
    if (unit == "ms") time = std::chrono::milliseconds(count);
    if (unit == "s") time = std::chrono::seconds(count);
    if (unit == "m") time = std::chrono::minutes(count);
    if (unit == "h") time = std::chrono::hours(std::min<std::int64_t>(count, 25));
    if (time && *time <= kLongest) return time;
  }
  loading.mistake(at.mistake("'" + at.written() + "' is no time",
                             "write it as 500ms, 2s, 3m or 1h, at most 24h"));
  return std::nullopt;
}

bool Loading::define(const Cursor& at, const std::string& name) {
  if (!is_name(name)) {
    mistake(
        at.mistake("'" + name + "' is no name for a variable", "use letters, digits, '-' and '_'"));
    return false;
  }
  defined_.insert(name);
  return true;
}

void Loading::check_variables() {
  const std::vector<std::string_view> names(defined_.begin(), defined_.end());
  for (const auto& use : uses_) {
    if (defined_.contains(use.name)) continue;
    const auto near = text::nearest(use.name, names, 1);
    mistake(use.at.mistake("nothing defines ${" + use.name + "}",
                           near.empty() ? "define it under 'variables', or capture it"
                                        : "did you mean ${" + near[0] + "}?"));
  }
}

boost::system::result<Scenario, document::Mistakes> load(std::string_view text, std::string name) {
  const auto document = document::parse(text, name);
  if (!document) return document::Mistakes{document.error()};
  if (auto mistakes = schema().check(*document); !mistakes.empty()) return mistakes;

  Loading loading;
  const auto root = document->root();
  Scenario scenario;
  scenario.id = id_from(name);
  scenario.file = std::move(name);
  scenario.title = root.find("title")->text();
  if (const auto id = root.find("id")) {
    scenario.id = id->text();
    if (!is_id(scenario.id))
      loading.mistake(id->mistake("'" + scenario.id + "' is no id",
                                  "use letters, digits, '-', '_', '.' and '/'"));
  }
  if (const auto server = root.find("server"))
    scenario.requires_login = server->find("require-login").has_value();
  scenario.roles = load_roles(loading, *root.find("roles"));
  if (const auto variables = root.find("variables"))
    scenario.variables = load_variables(loading, *variables);
  Need need;
  const auto steps = *root.find("steps");
  scenario.steps = load_steps(loading, steps, scenario.roles, need);
  check_size(loading, steps, need);
  loading.check_variables();
  scenario.longest = need.time;
  gather(scenario.steps, scenario);
  if (loading.mistakes.empty()) return scenario;
  std::ranges::sort(loading.mistakes, {}, [](const document::Mistake& mistake) {
    return std::tuple(mistake.place.line, mistake.place.column, mistake.what);
  });
  constexpr std::size_t kMostMistakes = 20;
  if (loading.mistakes.size() > kMostMistakes) loading.mistakes.resize(kMostMistakes);
  return std::move(loading.mistakes);
}

}  // namespace deskcheck::scenario
