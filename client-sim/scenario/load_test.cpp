// Every mistake that can be found without a server, with its place.
#include "client-sim/scenario/scenario.hpp"

#include "client-sim/scenario/hooks.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace deskcheck::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> mistakes_of(std::string_view text) {
  std::vector<std::string> lines;
  const auto scenario = load(text, "s.yaml");
  if (scenario) return lines;
  for (const auto& mistake : scenario.error()) lines.push_back(to_string(mistake));
  return lines;
}

// The steps of a scenario with some roles.
std::string with_steps(const std::string& steps) {
  return "title: t\n"
         "roles: {pc: udp, caller: tcp, leg: {tcp: relay}, dev: device, con: controller}\n"
         "steps:\n" +
         steps;
}

std::vector<std::string> in_steps(const std::string& steps) {
  return mistakes_of(with_steps(steps));
}

TEST(Load, WhatIsRight) {
  const auto scenario =
      load(with_steps("- role: pc\n"
                      "  send: {register_peer: {id: '${pc.id}', serial: 3}}\n"
                      "  expect: {register_peer_response: {request_pk: true}}\n"
                      "  within: 300ms\n"
                      "  checks: [RDV-REGPEER-02, RDV-REGPEER-01]\n"
                      "- wait: 2s\n"
                      "- loop: {times: 3, as: i, steps: [{note: 'turn ${i}'}, {wait: 1s}]}\n"),
           "folder/first steps.yaml");
  ASSERT_TRUE(scenario) << render(scenario.error());
  EXPECT_EQ(scenario->id, "scenario/first-steps");
  EXPECT_EQ(scenario->roles.size(), 5U);
  ASSERT_EQ(scenario->steps.size(), 3U);
  EXPECT_EQ(scenario->steps[0].text, "pc sends register_peer and expects register_peer_response");
  EXPECT_EQ(scenario->longest, std::chrono::milliseconds(5300));
  ASSERT_EQ(scenario->requirements.size(), 2U);
  EXPECT_EQ(scenario->requirements[0].id, "RDV-REGPEER-02");
  EXPECT_EQ(scenario->requirements[0].place, (document::Place{8, 12}));
}

TEST(Load, NamesOfMessagesAndFields) {
  EXPECT_THAT(
      in_steps("- {role: pc, send: {registr_peer: {}}}\n"),
      ElementsAre("s.yaml:4:21: unknown key 'registr_peer'; did you mean 'register_peer'?"));
  EXPECT_THAT(in_steps("- role: pc\n  expect: {register_pk_response: {reslut: OK}}\n"),
              ElementsAre("s.yaml:5:35: unknown key 'reslut'; did you mean 'result'?"));
  EXPECT_THAT(
      in_steps("- role: pc\n  expect: {register_pk_response: {result: UUID_MISMACH}}\n"),
      ElementsAre(
          "s.yaml:5:43: 'UUID_MISMACH' is no value for result; did you mean 'UUID_MISMATCH'?"));
  EXPECT_THAT(in_steps("- {role: pc, send: {register_peer: {serial: 3000000000}}}\n"),
              ElementsAre(HasSubstr("3000000000 does not fit into serial; it holds -2147483648")));
  EXPECT_THAT(in_steps("- {role: pc, send: {register_peer: {id: 123}}}\n"),
              ElementsAre(HasSubstr("'id' must be a text or a mapping, not a number")));
}

TEST(Load, AccountsAndAgents) {
  const std::string roles = "title: t\nroles: {pc: device, me: {account: {of: pc}}, it: agent}\n";
  const auto in = [&](const std::string& step) {
    return mistakes_of(roles + "steps: [" + step + "]");
  };
  EXPECT_THAT(in("{role: me, login: {user: a, password: '${me.token}'}}"), testing::IsEmpty());
  EXPECT_THAT(in("{role: it, login: true}"),
              ElementsAre(HasSubstr("'login' is not for an agent; it needs an account")));
  EXPECT_THAT(in("{role: me, session: begin}"),
              ElementsAre(HasSubstr("'session' is not for an account; it needs an agent")));
  EXPECT_THAT(in("{role: me, expect: {state: {}}}"),
              ElementsAre(HasSubstr("'state' has no meaning for an account")));
  EXPECT_THAT(in("{operator: {put-strategy: {strategy: s, options: {a: '${nobody}'}}}}"),
              ElementsAre(HasSubstr("nothing defines ${nobody}")));
  EXPECT_THAT(mistakes_of("title: t\nroles: {me: {account: {of: pc, release: '1.2.3'}}}\n"
                          "steps: [{note: n}]\n"),
              ElementsAre(HasSubstr("there is no role 'pc' before"),
                          HasSubstr("'1.2.3' is no release of the client; write one of 1.3.8, ")));
}

TEST(Load, Roles) {
  EXPECT_THAT(in_steps("- {role: caler, send: {register_peer: {}}}\n"),
              ElementsAre("s.yaml:4:10: there is no role 'caler'; did you mean 'caller'?"));
  EXPECT_THAT(in_steps("- {send: {register_peer: {}}}\n"),
              ElementsAre("s.yaml:4:4: who does this?; add 'role: NAME'"));
  EXPECT_THAT(
      in_steps("- {role: pc, start: true}\n"),
      ElementsAre(HasSubstr("'start' is not for a udp role; it needs a device or an agent")));
  EXPECT_THAT(in_steps("- {role: dev, send: {register_peer: {}}}\n"),
              testing::Contains(HasSubstr("'send' is not for a device")));
  EXPECT_THAT(in_steps("- {role: pc, expect: {state: {registered: true}}}\n"),
              ElementsAre(HasSubstr("'state' has no meaning for a udp role")));
  EXPECT_THAT(
      mistakes_of("title: t\nroles: {a: {tcp: relay, at: b}, b: udp}\nsteps: [{wait: 1s}]\n"),
      ElementsAre(HasSubstr("there is no role 'b' before")));
  EXPECT_THAT(
      mistakes_of("title: t\nroles: {a: {tcp: relay, udp: rendezvous}}\nsteps: [{wait: 1s}]\n"),
      ElementsAre(HasSubstr("a role is one thing")));
}

TEST(Load, ConnectionsOfEachKind) {
  const auto scenario = load(
      "title: t\n"
      "roles:\n"
      "  web: websocket\n"
      "  leg: {websocket: relay, at: web}\n"
      "  safe: {tcp: rendezvous, secure: true}\n"
      "  pc: {device: {transport: websocket}}\n"
      "  plain: device\n"
      "  con: {controller: {transport: websocket}}\n"
      "steps:\n- {role: con, connect: {to: '1', token: t}}\n",
      "s.yaml");
  ASSERT_TRUE(scenario) << render(scenario.error());
  const auto& roles = scenario->roles;
  EXPECT_EQ(roles[0]->kind, Role::Kind::tcp);
  EXPECT_EQ(roles[0]->transport, sim::Transport::websocket);
  EXPECT_EQ(roles[1]->port, Role::Port::relay);
  EXPECT_TRUE(roles[2]->secure);
  EXPECT_EQ(roles[3]->transport, sim::Transport::websocket);
  EXPECT_EQ(roles[4]->transport, sim::Transport::udp);
  EXPECT_EQ(roles[5]->transport, sim::Transport::websocket);
  EXPECT_EQ(scenario->steps[0].token.written(), "t");
  EXPECT_THAT(mistakes_of("title: t\nroles: {a: {websocket: relay, secure: true}}\n"
                          "steps: [{note: n}]\n"),
              ElementsAre(HasSubstr("only connections over TCP are made secure")));
}

TEST(Load, Verbs) {
  EXPECT_THAT(in_steps("- {role: pc}\n"), ElementsAre(HasSubstr("this step does nothing")));
  EXPECT_THAT(in_steps("- {wait: 1s, note: x}\n"),
              ElementsAre(HasSubstr("a step does one thing, and this one does two")));
  EXPECT_THAT(in_steps("- {wait: 1s, within: 2s}\n"),
              ElementsAre(HasSubstr("'within' has no meaning beside 'wait'")));
  EXPECT_THAT(in_steps("- {role: pc, forbid: {anything: true}}\n"),
              ElementsAre(HasSubstr("until when?")));
  EXPECT_THAT(in_steps("- {role: pc, change-id: other}\n"),
              ElementsAre(HasSubstr("'change-id' is not for a udp role")));
  EXPECT_THAT(in_steps("- {role: leg, barrier: true}\n"),
              ElementsAre(HasSubstr("there is no barrier on this port")));
  EXPECT_THAT(in_steps("- {role: pc, expect: {anything: true}, optional: true, checks: A}\n"),
              ElementsAre(HasSubstr("what is optional judges nothing")));
}

TEST(Load, RawBytesStandAlone) {
  EXPECT_THAT(in_steps("- {role: leg, expect: {raw: a}, forbidden: {payload: b}}\n"),
              ElementsAre(HasSubstr("raw bytes and messages in one step")));
  EXPECT_THAT(in_steps("- {role: leg, expect: {raw: a}, forbidden: {closed: true}}\n"),
              ElementsAre());
}

TEST(Load, Times) {
  EXPECT_THAT(in_steps("- wait: 5\n"), ElementsAre(HasSubstr("'wait' must be a text")));
  EXPECT_THAT(in_steps("- wait: 5 s\n"), ElementsAre(HasSubstr("'5 s' is no time")));
  EXPECT_THAT(in_steps("- wait: 25h\n"), ElementsAre(HasSubstr("at most 24h")));
  EXPECT_THAT(in_steps("- {loop: {times: 100, steps: [{wait: 1h}]}}\n"),
              ElementsAre(HasSubstr("can take more than a day")));
}

TEST(Load, LoopsEnd) {
  EXPECT_THAT(in_steps("- {loop: {times: 10001, steps: [{note: x}]}}\n"),
              ElementsAre(HasSubstr("'times' must be at most 10000")));
  EXPECT_THAT(
      in_steps("- {loop: {times: 10000, steps: [{loop: {times: 10000, steps: [{loop: {times: "
               "10000, steps: [{note: x}]}}]}}]}}\n"),
      ElementsAre(HasSubstr("more than 100000 steps")));
}

TEST(Load, Variables) {
  EXPECT_THAT(in_steps("- note: 'at ${pc.adress}'\n"),
              ElementsAre("s.yaml:4:9: nothing defines ${pc.adress}; did you mean ${pc.address}?"));
  EXPECT_THAT(in_steps("- note: 'at ${pc'\n"), ElementsAre(HasSubstr("a '${' without its '}'")));
  EXPECT_THAT(in_steps("- {role: pc, expect: {payload: {capture: a b}}}\n"),
              ElementsAre(HasSubstr("'a b' is no name for a variable")));
}

TEST(Load, Matchers) {
  const auto in_payload = [](const std::string& matcher) {
    return in_steps("- {role: pc, expect: {payload: " + matcher + "}}\n");
  };
  EXPECT_THAT(in_payload("{hex: 0g}"), ElementsAre(HasSubstr("'0g' is not hexadecimal")));
  EXPECT_THAT(in_payload("{base64: '='}"), ElementsAre(HasSubstr("is not base64")));
  EXPECT_THAT(in_payload("{address: here}"), ElementsAre(HasSubstr("'here' is no address")));
  EXPECT_THAT(in_payload("{regex: '(a'}"), ElementsAre(HasSubstr("this is no regular expression")));
  EXPECT_THAT(in_payload("{length: {range: [5, 1]}}"),
              ElementsAre(HasSubstr("nothing lies within this range")));
  EXPECT_THAT(in_payload("{times: 5}"), ElementsAre(HasSubstr("'times' without what it repeats")));
  EXPECT_THAT(in_payload("{text: aaaaaaaaaaaaaaaaaaaaaaaaa, times: 1000000}"),
              ElementsAre(HasSubstr("more than 16 MiB")));
}

TEST(Load, ARoleActsInOneBranchOnly) {
  EXPECT_THAT(in_steps("- parallel:\n"
                       "  - [{role: pc, expect: {anything: true}}]\n"
                       "  - [{loop: {times: 2, steps: [{role: pc, expect: {anything: true}}]}}]\n"),
              ElementsAre(HasSubstr("'pc' acts in two branches at once")));
}

TEST(Load, AllMistakesAtOnceInTheOrderOfTheFile) {
  EXPECT_THAT(in_steps("- wait: 5 s\n- {role: cp, barrier: true}\n- note: '${x}'\n").size(), 3U);
}

TEST(Load, TheSchemaIsForEditorsToo) {
  const auto text = schema_text();
  for (const char* word : {"register_pk_response", "signed-identity", "UUID_MISMATCH", "draft-07"})
    EXPECT_THAT(text, HasSubstr(word));
}

TEST(Load, AnyBytes) {
  for (const char* text : {"", "[]", "x", "title: t", "title: t\nroles: {}\nsteps: []\n", "\xFF"})
    EXPECT_FALSE(mistakes_of(text).empty()) << text;
}

// --- the owner of the target

std::vector<std::string> of_operator(const std::string& step) { return in_steps("- " + step); }

TEST(LoadOperator, EveryHookWithItsArguments) {
  for (const auto& form : hook_forms()) {
    std::string arguments;
    for (const auto& argument : form.arguments) {
      using Kind = HookArgument::Kind;
      const char* value = argument.kind == Kind::text      ? "x"
                          : argument.kind == Kind::number  ? "1"
                          : argument.kind == Kind::options ? "{a: 'Y'}"
                          : argument.kind == Kind::texts   ? "[x]"
                                                           : "[1]";
      if (!argument.may_be_missing)
        arguments += (arguments.empty() ? "" : ", ") + std::string(argument.name) + ": " + value;
    }
    const auto name = std::string(form.name);
    EXPECT_THAT(of_operator("{operator: {" + name + ": {" + arguments + "}}}"), ElementsAre());
    EXPECT_EQ(of_operator("{operator: {" + name + ": {strange: x}}}").size(),
              form.arguments.size() + 1 -
                  static_cast<std::size_t>(
                      std::ranges::count_if(form.arguments, &HookArgument::may_be_missing)));
  }
}

TEST(LoadOperator, MistakesAreToldWithWhatIsNear) {
  EXPECT_THAT(of_operator("{operator: {remove-usr: {user: a}}}"),
              ElementsAre(HasSubstr("unknown key 'remove-usr'; did you mean 'remove-user'?")));
  EXPECT_THAT(of_operator("{operator: {remove-user: {usr: a}}}"),
              testing::Contains(HasSubstr("unknown key 'usr'; did you mean 'user'?")));
  EXPECT_THAT(
      of_operator("{operator: {read-device: {device: a}}, expect: {device: {onlin: true}}}"),
      ElementsAre(HasSubstr("unknown key 'onlin'; did you mean 'online'?")));
}

TEST(LoadOperator, AnswersAreThoseOfTheHook) {
  EXPECT_THAT(of_operator("{operator: {read-device: {device: a}}, expect: {device: {online: "
                          "true}}, within: 9s, checks: RDV-REGPEER-01}"),
              ElementsAre());
  EXPECT_THAT(of_operator("{operator: {read-device: {device: a}}, expect: {audits: {}}}"),
              ElementsAre(HasSubstr("the hook 'read-device' answers no 'audits'; it answers "
                                    "'device'")));
  EXPECT_THAT(of_operator("{operator: {remove-user: {user: a}}, expect: {secret: a}}"),
              ElementsAre(HasSubstr("it may answer anything; remove this")));
  EXPECT_THAT(of_operator("{operator: {remove-user: {user: a}}, within: 2s}"),
              ElementsAre(HasSubstr("'within' has no meaning without 'expect'")));
  EXPECT_THAT(of_operator("{role: pc, expect: {device: {online: true}}}"),
              ElementsAre(HasSubstr("'device' has no meaning for a udp role")));
}

TEST(LoadOperator, WhatMayBeMissingIsEmpty) {
  const auto scenario =
      load(with_steps("- {operator: {put-user: {user: a, password: b}}}\n"), "s.yaml");
  ASSERT_TRUE(scenario) << render(scenario.error());
  EXPECT_EQ(scenario->steps[0].arguments.at("email"), "");
}

}  // namespace
}  // namespace deskcheck::scenario
