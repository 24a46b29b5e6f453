#include "conformance/target/target_file.hpp"

#include "conformance/target/control.hpp"
#include "conformance/target/hooks.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kKey = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";  // wire.md 8.3

std::optional<std::string> environment(const std::string& name) {
  if (name == "THE_KEY") return kKey;
  if (name == "THE_PASSWORD") return "secret";
  if (name == "THE_TOTP_SECRET") return "JBSWY3DPEHPK3PXP";
  return std::nullopt;
}

boost::system::result<TargetProfile, document::Mistakes> parse(const std::string& text) {
  static const Registry registry = Registry::built_in();
  return parse_target(text, "t.yaml", registry, environment);
}

std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> lines;
  const auto profile = parse(text);
  if (!profile)
    for (const auto& mistake : profile.error()) lines.push_back(to_string(mistake));
  return lines;
}

TEST(TargetFile, AHostIsEnough) {
  const auto profile = parse("target: {host: 127.0.0.1}\n").value();
  const auto target = resolve_target(profile);
  EXPECT_EQ(target.name, "127.0.0.1");
  EXPECT_EQ(target.rendezvous.port, 21116);
  EXPECT_EQ(target.nat.port, 21115);
  EXPECT_EQ(target.relay.port, 21117);
  EXPECT_EQ(target.websocket.port, 21118);
  EXPECT_EQ(target.relay_websocket.port, 21119);
  EXPECT_EQ(target.api, "");
  EXPECT_FALSE(target.claims("rendezvous.secure-tcp")) << "not of everybody's level";
  EXPECT_EQ(target.licence_key, "");
  EXPECT_EQ(target.relay_licence_key, std::nullopt);
  EXPECT_FALSE(target.relay_servers);
  EXPECT_TRUE(target.without.empty());
}

TEST(TargetFile, EveryKeyHasItsEffect) {
  const auto profile =
      parse(
          "target: {name: mine, version: 2.10, host: 127.0.0.1, relay-host: 127.0.0.9,\n"
          "         key-env: THE_KEY, relay-licence-key: ''}\n"
          "ports: {rendezvous: 1000, nat: 2000, relay: 3000, websocket: 80,\n"
          "        relay-websocket: 81}\n"
          "api: http://127.0.0.1:21114/\n"
          "trusts-address-headers: true\n"
          "with: ['rendezvous.*-registration']\n"
          "without: [relay.tcp]\n"
          "relay-servers: [r.example:21117]\n"
          "limits: {registrations-per-address: 5, address-pause: 2m, registrations-per-id: 6,\n"
          "         id-pause: 9, ids-per-address: 7}\n"
          "source-addresses: 10.78.0.0/16\n"
          "baseline: known.yaml\n")
          .value();
  EXPECT_EQ(profile.version, "2.10");
  EXPECT_EQ(profile.baseline, "known.yaml");
  EXPECT_EQ(profile.sources->to_string(), "10.78.0.0/16");
  const auto target = resolve_target(profile);
  EXPECT_EQ(target.name, "mine");
  EXPECT_EQ(to_string(target.rendezvous), "127.0.0.1:1000");
  EXPECT_EQ(to_string(target.nat), "127.0.0.1:2000");
  EXPECT_EQ(to_string(target.relay), "127.0.0.9:3000");
  EXPECT_EQ(to_string(target.websocket), "127.0.0.1:80");
  EXPECT_EQ(to_string(target.relay_websocket), "127.0.0.9:81");
  EXPECT_EQ(target.api, "http://127.0.0.1:21114");
  EXPECT_EQ(target.trusts_address_headers, true);
  EXPECT_TRUE(target.claims("rendezvous.ws-registration"));
  EXPECT_FALSE(target.claims("rendezvous.secure-tcp"));
  EXPECT_EQ(wire::to_text(*target.key), kKey);
  EXPECT_EQ(target.licence_key, kKey);
  EXPECT_EQ(target.relay_licence_key, "");
  EXPECT_THAT(*target.relay_servers, ElementsAre("r.example:21117"));
  EXPECT_THAT(target.without, ElementsAre("relay.tcp"));
  EXPECT_EQ(target.limits.registrations_per_address, 5);
  EXPECT_EQ(target.limits.address_pause, 2min);
  EXPECT_EQ(target.limits.registrations_per_id, 6);
  EXPECT_EQ(target.limits.id_pause, 9s);
  EXPECT_EQ(target.limits.ids_per_address, 7);
}

TEST(TargetFile, WhatIsNotClaimedDoesNotApply) {
  const auto profile = parse(
      "target: {host: h}\ncapabilities: ['relay.*', rendezvous.udp]\nwithout: [relay.limits]\n");
  ASSERT_FALSE(profile);
  const auto claimed =
      parse("target: {host: h}\ncapabilities: ['relay.*', rendezvous.udp]\n").value();
  EXPECT_THAT(claimed.without, Contains("rendezvous.tcp-signalling"));
  EXPECT_THAT(claimed.without, Not(Contains("relay.tcp")));
  EXPECT_THAT(claimed.without, Not(Contains("rendezvous.udp")));
  EXPECT_THAT(claimed.without, Not(Contains("framing")));
  EXPECT_THAT(claimed.claimed, Contains("relay.websocket"));
  const auto more =
      parse("target: {host: h}\ncapabilities: [rendezvous.udp]\nwith: [rendezvous.id-change]\n")
          .value();
  EXPECT_THAT(more.claimed, ElementsAre("rendezvous.id-change", "rendezvous.udp"));
  EXPECT_THAT(more.without, Not(Contains("rendezvous.id-change")));
  EXPECT_THAT(mistakes("target: {host: h}\nwith: [relay.tcp]\nwithout: [relay.tcp]\n"),
              ElementsAre(HasSubstr("t.yaml:3:1: 'relay.tcp' is claimed as well")));
}

TEST(TargetFile, MistakesOfForm) {
  EXPECT_THAT(mistakes("ports: {relay: 5}\n"), ElementsAre(HasSubstr("'target' is missing")));
  EXPECT_THAT(mistakes("target: {hots: h}\n"),
              Contains(HasSubstr("t.yaml:1:10: unknown key 'hots'; did you mean 'host'?")));
  EXPECT_THAT(
      mistakes("target: {host: \"h:21116\", relay-host: \"http://r\"}\n"),
      ElementsAre(HasSubstr("t.yaml:1:16: 'h:21116' has a port in it; give h alone, and 21116 "
                            "as 'rendezvous' below 'ports'"),
                  HasSubstr("'http://r' is a URL; give r alone")));
  EXPECT_THAT(mistakes("target: {host: h}\nports: {rendezvous: 1}\n"),
              ElementsAre(HasSubstr("2:8: no port is left below 1")));
  EXPECT_THAT(mistakes("target: {host: h}\nports: {rendezvous: 65535, nat: 1}\n"),
              ElementsAre(HasSubstr("no port is left above 65535 for the relay"),
                          HasSubstr("no port is left above 65535 for WebSockets"),
                          HasSubstr("no port is left above 65535 for the relay's WebSockets")));
  EXPECT_THAT(mistakes("target: {host: h}\nports: {rendezvous: 1, nat: 2}\n"), ElementsAre());
  EXPECT_THAT(mistakes("target: {host: h}\nports: {relay: 70000}\n"),
              ElementsAre(HasSubstr("t.yaml:2:16: 'relay'")));
}

TEST(TargetFile, MistakesOfMeaning) {
  EXPECT_THAT(
      mistakes("target: {host: h, key: hello, licence-key-env: NOT_SET}\n"
               "capabilities: [relay.tpc]\n"
               "limits: {id-pause: soon}\n"
               "source-addresses: here\n"),
      ElementsAre(HasSubstr("t.yaml:1:24: this is no public key"),
                  HasSubstr("t.yaml:1:48: the environment variable NOT_SET is not set"),
                  HasSubstr("t.yaml:3:20: 'soon' is no time; write it as 61s or 2m"),
                  HasSubstr("t.yaml:2:16: no capability is called 'relay.tpc', did you mean "
                            "relay.tcp?"),
                  HasSubstr("t.yaml:4:19: 'here' is no IPv4 network")));
  EXPECT_THAT(mistakes("target: {host: h, key: '', key-env: THE_KEY}\n"),
              ElementsAre(HasSubstr("'key' and 'key-env' say the same")));
}

TEST(TargetFile, ApisHaveUrls) {
  EXPECT_THAT(mistakes("target: {host: h}\napi: ftp://h\n"),
              ElementsAre(HasSubstr("t.yaml:2:6: 'ftp://h' is no URL of an API")));
}

TEST(TargetFile, CertificatesAreForApisOverHttps) {
  const auto target = parse("target: {host: h}\napi: https://h:8443/\napi-ca: ca.pem\n");
  EXPECT_EQ(target->api, "https://h:8443");
  EXPECT_EQ(target->api_ca, "ca.pem");
  EXPECT_THAT(mistakes("target: {host: h}\napi: http://h\napi-ca: ca.pem\n"),
              ElementsAre(HasSubstr("t.yaml:3:9: certificates are for an API over HTTPS")));
}

TEST(TargetFile, PasswordsOfAccountsComeFromTheEnvironment) {
  const auto target = parse(
      "target: {host: h}\n"
      "accounts:\n"
      "  user: {user: alice, password-env: THE_PASSWORD}\n");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->accounts.at("user").user, "alice");
  EXPECT_EQ(target->accounts.at("user").password, "secret");
  EXPECT_THAT(mistakes("target: {host: h}\naccounts: {user: {user: a, password: b}}\n"),
              Contains(HasSubstr("password")));
  EXPECT_THAT(mistakes("target: {host: h}\naccounts: {root: {user: a, password-env: X}}\n"),
              Contains(HasSubstr("root")));
}

TEST(TargetFile, ControlSaysHowTheOwnerDoesThings) {
  const std::string account = "accounts: {admin: {user: root, password-env: THE_PASSWORD}}\n";
  const auto target = parse(
      "target: {host: h}\n" + account +
      "control:\n"
      "  disconnect: {http: {path: '/d/${device}', body: {ids: '${connections}'}}}\n"
      "  read-device: {http: {method: GET, path: /x, answer: /data/0, members: {user: /owner}}}\n");
  ASSERT_TRUE(target);
  const auto& disconnect = target->control->hooks.at("disconnect").calls.front();
  EXPECT_EQ(disconnect.method, "POST");
  EXPECT_EQ(disconnect.path, "/d/${device}");
  EXPECT_EQ(disconnect.body, boost::json::parse(R"({"ids":"${connections}"})"));
  EXPECT_EQ(disconnect.as, "admin");
  const auto& read = target->control->hooks.at("read-device").calls.front();
  EXPECT_EQ(read.method, "GET");
  EXPECT_EQ(read.answer, "/data/0");
  EXPECT_EQ(read.members.at("user"), "/owner");
  EXPECT_TRUE(read.body.is_null());
  EXPECT_THAT(mistakes("target: {host: h}\n" + account + "control: {dance: {http: {path: /x}}}\n"),
              Contains(HasSubstr("dance")));
  EXPECT_THAT(mistakes("target: {host: h}\n" + account + "control: {disconnect: {}}\n"),
              Contains(HasSubstr("http")));
  EXPECT_THAT(
      mistakes("target: {host: h}\n" + account + "control: {disconnect: {http: {path: x}}}\n"),
      ElementsAre(HasSubstr("t.yaml:3:37: 'x' begins with no slash; write it as /a/b")));
  EXPECT_THAT(
      mistakes("target: {host: h}\ncontrol: {disconnect: {http: {path: /x}}}\n"),
      ElementsAre(HasSubstr("t.yaml:2:24: nobody can ask this: there is no account 'admin'")));
}

const std::string kAdmin =
    "target: {host: h}\naccounts: {admin: {user: root, password-env: THE_PASSWORD}}\n";

TEST(TargetFile, HooksAreQuestionsAndCommandsOneAfterTheOther) {
  const auto target = parse(kAdmin +
                            "control:\n"
                            "  login:\n"
                            "    http: {path: /login, body: {u: '${user}', p: '${password}'}}\n"
                            "    expect: {/code: 0}\n"
                            "    take: {token: /data/token}\n"
                            "    headers: {api-token: '${token}'}\n"
                            "    logout:\n"
                            "      http: {path: '/logout/${user}', body: {t: '${token}'}}\n"
                            "      expect: {/code: 0}\n"
                            "  put-strategy:\n"
                            "    - http: {method: GET, path: '/s?n=${strategy}'}\n"
                            "      take: {guid: '/data/[name=${strategy}]/guid'}\n"
                            "    - unless: guid\n"
                            "      exec: [./make.sh, '${strategy}', 7]\n"
                            "      seconds: 30\n"
                            "    - if: guid\n"
                            "      http: {path: '/s/${guid}'}\n");
  ASSERT_TRUE(target) << to_string(target.error().front());
  const auto& control = *target->control;
  EXPECT_EQ(control.folder, "");
  ASSERT_TRUE(control.login && control.login->call);
  EXPECT_EQ(control.login->call->take.at("token"), "/data/token");
  EXPECT_EQ(control.login->call->expect.at("/code"), boost::json::value(0));
  EXPECT_EQ(control.login->headers.at("api-token"), "${token}");
  ASSERT_TRUE(control.login->logout);
  EXPECT_EQ(control.login->logout->path, "/logout/${user}");
  EXPECT_EQ(control.login->logout->expect.at("/code"), boost::json::value(0));
  const auto& calls = control.hooks.at("put-strategy").calls;
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].take.at("guid"), "/data/[name=${strategy}]/guid");
  EXPECT_EQ(calls[1].unless, "guid");
  EXPECT_THAT(calls[1].exec, ElementsAre("./make.sh", "${strategy}", "7"));
  EXPECT_EQ(calls[1].limit, 30s);
  EXPECT_EQ(calls[2].only_if, "guid");
  EXPECT_EQ(calls[2].path, "/s/${guid}");
}

TEST(TargetFile, CommandsRunBesideTheFile) {
  const Registry registry = Registry::built_in();
  const auto target = parse_target("target: {host: h}\ncontrol: {force-sysinfo: {exec: [./x]}}\n",
                                   "servers/mine/t.yaml", registry, nullptr);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->control->folder, "servers/mine");
}

TEST(TargetFile, MistakesOfHooks) {
  const auto wrong = [](const std::string& hook) {
    return mistakes(kAdmin + "control:\n  disconnect: " + hook + "\n");
  };
  EXPECT_THAT(wrong("{http: {path: '/d/${devise}'}}"),
              ElementsAre(HasSubstr("t.yaml:4:29: nothing is called 'devise' here; there is: "
                                    "connections, device")));
  EXPECT_THAT(wrong("{exec: [./x, '${a}']}"),
              ElementsAre(HasSubstr("t.yaml:4:28: nothing is called 'a'")));
  EXPECT_THAT(wrong("{seconds: 5}"),
              ElementsAre(HasSubstr("4:15: this is neither a question nor a command; write either "
                                    "'http' or 'exec'")));
  EXPECT_THAT(wrong("{http: {path: /x}, exec: [./x]}"),
              ElementsAre(HasSubstr("this is a question and a command")));
  EXPECT_THAT(wrong("{http: {path: /x}, seconds: 5}"),
              ElementsAre(HasSubstr("4:34: only a command has a time of its own")));
  EXPECT_THAT(wrong("[[{exec: [./x]}]]"),
              ElementsAre(HasSubstr("4:16: a call cannot be a list of calls")));
  EXPECT_THAT(wrong("{exec: [./x], if: guid}"),
              ElementsAre(HasSubstr("4:33: nothing is called 'guid'")));
  EXPECT_THAT(wrong("{exec: [./x], take: {a: b}}"),
              ElementsAre(HasSubstr("4:39: 'b' begins with no slash")));
  EXPECT_THAT(wrong("{exec: []}"), ElementsAre(HasSubstr("4:22: 'exec'")));
  EXPECT_THAT(mistakes(kAdmin + "control: {login: {http: {path: /l}}}\n"),
              ElementsAre(HasSubstr("t.yaml:3:11: 'login': the key 'headers' is missing")));
  EXPECT_THAT(mistakes(kAdmin + "control: {login: {headers: {x: '${token}'}}}\n"),
              ElementsAre(HasSubstr("nothing is called 'token' here; there is: password, user")));
  const auto logout = [](const std::string& login, const std::string& call) {
    return mistakes(kAdmin + "control: {login: {" + login + "headers: {x: y}, logout: " + call +
                    "}}\n");
  };
  EXPECT_THAT(logout("", "{http: {path: /l}}"),
              ElementsAre(HasSubstr("t.yaml:3:36: nobody signs in, so nobody can sign out; take it "
                                    "out")));
  EXPECT_THAT(
      logout("http: {path: /l}, take: {t: /t}, ", "{http: {path: '/l/${token}'}}"),
      ElementsAre(HasSubstr("nothing is called 'token' here; there is: password, t, user")));
  EXPECT_THAT(logout("http: {path: /l}, ", "{expect: {/code: 0}}"),
              ElementsAre(HasSubstr("'logout': the key 'http' is missing")));
  EXPECT_THAT(wrong("{http: {path: '/d?n=a b'}}"),
              ElementsAre(HasSubstr("4:29: '/d?n=a b' has a space in it, or what is no character; "
                                    "write %20 for a space")));
  EXPECT_THAT(wrong(R"({http: {path: "/d\r\nX: 1"}})"), ElementsAre(HasSubstr("has a space")));
  EXPECT_THAT(wrong("{http: {path: '/d/${device}'}}"), IsEmpty());
  EXPECT_THAT(mistakes(kAdmin + "control: {login: {headers: {'X: a': b}}}\n"),
              ElementsAre(HasSubstr("'X: a' is no name of a header; write it as X-Api-Key")));
}

TEST(TargetFile, TheSchemaKnowsTheHooksOfTheSuite) {
  const auto schema = boost::json::parse(target_schema());
  std::set<std::string> names;
  for (const auto& one : schema.at_pointer("/properties/control/properties").as_object())
    if (one.key() != "login") names.insert(one.key());
  EXPECT_EQ(names, hook_names());
}

// The page has a row for each, with what it is told: "| `remove-user` | user | ...".
TEST(TargetFile, ThePageOfHooksNamesAllOfThem) {
  std::ifstream page(DESKCHECK_HOOKS_PAGE);
  ASSERT_TRUE(page) << DESKCHECK_HOOKS_PAGE;
  std::map<std::string, std::set<std::string>> told;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const auto end = line.find('`', 3), next = line.find('|', end + 3);
    auto& names = told[line.substr(3, end - 3)];
    std::istringstream arguments(line.substr(end + 4, next - end - 4));
    for (std::string name; arguments >> name;) {
      if (name.ends_with(',')) name.pop_back();
      if (name != "none") names.insert(name);
    }
  }
  for (const auto& name : hook_names()) {
    ASSERT_TRUE(told.contains(name)) << name;
    EXPECT_EQ(told.at(name), hook_arguments(name)) << name;
  }
  EXPECT_EQ(told.size(), hook_names().size());
}

TEST(TargetFile, SecondFactorTokenAndDownload) {
  const auto profile = parse(
      "target: {host: 127.0.0.1}\n"
      "script-token-env: THE_PASSWORD\n"
      "download: /downloads/a.exe\n"
      "accounts:\n"
      "  totp: {user: bob, password-env: THE_PASSWORD, totp-secret-env: THE_TOTP_SECRET}\n");
  ASSERT_TRUE(profile);
  const auto target = resolve_target(*profile);
  EXPECT_EQ(target.script_token, "secret");
  EXPECT_EQ(target.download, "/downloads/a.exe");
  EXPECT_EQ(target.accounts.at("totp").totp_secret, "JBSWY3DPEHPK3PXP");
  EXPECT_THAT(mistakes("target: {host: h}\ndownload: a.exe\n"),
              ElementsAre(HasSubstr("t.yaml:2:11: 'a.exe' begins with no slash")));
  EXPECT_THAT(mistakes("target: {host: h}\nscript-token-env: NOT_SET\n"),
              ElementsAre(HasSubstr("2:19: the environment variable NOT_SET is not set")));
  EXPECT_THAT(mistakes("target: {host: h}\naccounts: {totp: {user: b, password-env: "
                       "THE_PASSWORD}}\n"),
              ElementsAre(HasSubstr("say 'totp-secret-env' as well")));
  EXPECT_THAT(mistakes("target: {host: h}\naccounts: {totp: {user: b, password-env: "
                       "THE_PASSWORD, totp-secret-env: THE_KEY}}\n"),
              ElementsAre(HasSubstr("no secret of a second factor")));
}

TEST(TargetFile, MailboxAndTheAccountThatGetsMail) {
  const auto profile = parse(
      "target: {host: 127.0.0.1}\n"
      "mailbox: 127.0.0.1:2525\n"
      "accounts:\n"
      "  email: {user: dave, password-env: THE_PASSWORD, address: dave@example.com}\n");
  ASSERT_TRUE(profile);
  const auto target = resolve_target(*profile);
  ASSERT_TRUE(target.mailbox);
  EXPECT_EQ(to_string(*target.mailbox), "127.0.0.1:2525");
  EXPECT_EQ(target.accounts.at("email").email, "dave@example.com");
  EXPECT_EQ(to_string(*parse("target: {host: h}\nmailbox: '[::1]:25'\n")->mailbox), "[::1]:25");
  for (const char* place : {"here", "127.0.0.1", "127.0.0.1:0", "mail.example.org:25", ":25"})
    EXPECT_THAT(mistakes("target: {host: h}\nmailbox: '" + std::string(place) + "'\n"),
                ElementsAre(HasSubstr("is no place at which mails could be taken")))
        << place;
  EXPECT_THAT(mistakes("target: {host: h}\naccounts: {email: {user: d, password-env: "
                       "THE_PASSWORD}}\n"),
              ElementsAre(HasSubstr("say its 'address' as well")));
}

TEST(TargetFile, SchemaIsJson) { EXPECT_TRUE(boost::json::parse(target_schema()).is_object()); }

}  // namespace
}  // namespace deskcheck::conformance
