// Roles and steps at the HTTP API: accounts, agents, the operator.
#include "client-sim/account/client_release.hpp"
#include "client-sim/scenario/hooks.hpp"
#include "client-sim/scenario/loading.hpp"
#include "proto/text/nearest.hpp"

namespace deskcheck::scenario {

namespace {

void check_release(Loading& loading, const Cursor& at) {
  if (sim::ClientRelease::parse(at.text())) return;
  std::string all;
  for (const auto name : sim::ClientRelease::names())
    all += (all.empty() ? "" : ", ") + std::string(name);
  loading.mistake(at.mistake("'" + std::string(at.text()) + "' is no release of the client",
                             "write one of " + all + ", in quotes"));
}

void load_credentials(Loading& loading, const Cursor& at, Step& step) {
  if (!at.is_map()) return;
  if (const auto user = at.find("user")) step.user = loading.text(*user);
  if (const auto password = at.find("password")) step.word = loading.text(*password);
}

void load_peer(Loading& loading, const Cursor& at, Step& step) {
  for (const auto& member : at.children()) {
    if (member.key() == "tags")
      for (const auto& tag : member.children()) step.tags.push_back(loading.text(tag));
    else
      step.peer.emplace_back(member.key(), loading.text(member));
  }
}

// Their texts are filled in when they are used; here it is seen that they can be.
void check_texts(Loading& loading, const Cursor& at) {
  if (at.is_text()) (void)loading.text(at);
  for (const auto& inner : at.children()) check_texts(loading, inner);
}

void load_hook(Loading& loading, const Cursor& at, Step& step) {
  step.hook = at.key();
  check_texts(loading, at);
  if (const auto* arguments = at.json().if_object()) step.arguments = *arguments;
  if (const auto* form = find_hook_form(step.hook))
    for (const auto& argument : form->arguments)
      if (argument.may_be_missing) step.arguments.emplace(argument.name, "");
}

}  // namespace

void load_person(Loading& loading, const Cursor& at, Role& role) {
  if (const auto lent = at.find("as")) role.lent = lent->text();
  if (const auto other = at.find("of")) role.of = other->text();
  if (const auto release = at.find("release")) {
    check_release(loading, *release);
    role.release = release->text();
  }
}

void load_act(Loading& loading, const Cursor& at, Step& step) {
  switch (step.kind) {
    case Step::Kind::log_in:
      return load_credentials(loading, *at.find("login"), step);
    case Step::Kind::enter_code: {
      const auto code = *at.find("code");
      const auto secret = code.find("totp");
      step.is_totp = secret.has_value();
      step.code = loading.text(secret ? *secret : code);
      return;
    }
    case Step::Kind::add_peer:
      return load_peer(loading, *at.find("add-peer"), step);
    case Step::Kind::session:
      step.begins = at.find("session")->text() == "begin";
      return;
    case Step::Kind::operate: {
      const auto hooks = at.find("operator")->children();
      if (hooks.empty()) return;  // the schema has told
      load_hook(loading, hooks[0], step);
      return;
    }
    default:
      return;
  }
}

}  // namespace deskcheck::scenario
