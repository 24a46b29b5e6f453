#include "client-sim/scenario/matcher.hpp"
#include "client-sim/scenario/scenario.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/wire/address.hpp"
#include "proto/wire/identity.hpp"

#include <gmock/gmock.h>

namespace deskcheck::scenario {
namespace {

using testing::HasSubstr;

// What `expected` says of the message, as the only step of a scenario.
struct Look {
  bool holds = false;
  std::string why, words;
  Variables captured;
};

const wire::KeyPair& server_keys() {
  static const auto keys = wire::key_pair_from_seed(wire::Bytes32{1, 2, 3});
  return keys;
}

Look look(const std::string& expected, const hbb::RendezvousMessage& message) {
  const auto scenario = load(
      "title: t\nroles: {pc: udp}\nvariables: {who: me, n: '7'}\nsteps:\n- {role: pc, expect: " +
          expected + "}\n",
      "s.yaml");
  EXPECT_TRUE(scenario) << render(scenario.error());
  if (!scenario) return {};
  const Variables variables{{"who", "me"}, {"n", "7"}};
  Knowledge knowledge;
  knowledge.variables = &variables;
  knowledge.signer = server_keys().public_key;
  Look result;
  const auto& pattern = scenario->steps[0].expected[0];
  result.holds = matches(pattern, message, knowledge);
  result.why = knowledge.why;
  result.words = describe(pattern, variables);
  result.captured = knowledge.captured;
  return result;
}

hbb::RendezvousMessage response() {
  hbb::RendezvousMessage message;
  auto& answer = *message.mutable_punch_hole_response();
  answer.set_socket_addr(wire::encode_address(net::endpoint("10.0.0.7", 99), 12345));
  answer.set_relay_server("relay.test:21117");
  answer.set_nat_type(hbb::SYMMETRIC);
  answer.set_feedback(7);
  answer.set_pk(wire::sign_identity("me", std::string(32, 'k'), server_keys()));
  return message;
}

bool holds(const std::string& field) {
  return look("{punch_hole_response: {" + field + "}}", response()).holds;
}

TEST(Matchers, Values) {
  EXPECT_TRUE(holds("relay_server: 'relay.test:21117', feedback: 7, nat_type: SYMMETRIC"));
  EXPECT_TRUE(holds("feedback: '${n}', nat_type: 2"));
  EXPECT_FALSE(holds("feedback: 8"));
  EXPECT_FALSE(holds("nat_type: ASYMMETRIC"));
  EXPECT_TRUE(holds("relay_server: {equals: 'relay.test:21117'}"));
}

TEST(Matchers, Conditions) {
  EXPECT_TRUE(holds("feedback: {not: 8}"));
  EXPECT_FALSE(holds("feedback: {not: 7}"));
  EXPECT_TRUE(holds("feedback: {not: {range: [8, 9]}}"));
  EXPECT_TRUE(holds("feedback: {one-of: [1, 7]}"));
  EXPECT_FALSE(holds("feedback: {one-of: [1, 2]}"));
  EXPECT_TRUE(holds("feedback: {range: [7, 9]}"));
  EXPECT_TRUE(holds("feedback: {at-least: 7}"));
  EXPECT_FALSE(holds("feedback: {at-most: 6}"));
  EXPECT_TRUE(holds("relay_server: {regex: '^relay', length: 16}"));
  EXPECT_FALSE(holds("relay_server: {regex: '^relay', length: {at-most: 15}}"));
  EXPECT_TRUE(holds("relay_server: {any: true}"));
  EXPECT_TRUE(holds(""));
}

TEST(Matchers, Presence) {
  EXPECT_TRUE(holds("relay_server: {present: true}, other_failure: {absent: true}"));
  EXPECT_FALSE(holds("relay_server: {absent: true}"));
  EXPECT_FALSE(holds("other_failure: {present: true}"));
  EXPECT_TRUE(holds("is_local: {absent: true}"));  // the other member of the union is set
}

TEST(Matchers, Addresses) {
  EXPECT_TRUE(holds("socket_addr: {address: '10.0.0.7:99'}"));
  EXPECT_FALSE(holds("socket_addr: {address: '10.0.0.7:98'}"));
  EXPECT_FALSE(holds("socket_addr: {not: {address: '10.0.0.7:99'}}"));
  EXPECT_THAT(
      look("{punch_hole_response: {socket_addr: {address: '10.0.0.8:99'}}}", response()).why,
      HasSubstr("socket_addr is the address 10.0.0.7:99"));
}

TEST(Matchers, SignedIdentities) {
  EXPECT_TRUE(holds("pk: {signed-identity: {}}"));
  EXPECT_TRUE(
      holds("pk: {signed-identity: {id: '${who}', key: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk}}"));
  EXPECT_FALSE(holds("pk: {signed-identity: {id: you}}"));
  EXPECT_FALSE(holds("pk: {signed-identity: {key: other}}"));
  EXPECT_FALSE(holds("socket_addr: {signed-identity: {}}"));
  EXPECT_THAT(look("{punch_hole_response: {pk: {signed-identity: {id: you}}}}", response()).why,
              HasSubstr("pk is signed for another id"));
}

TEST(Matchers, Lists) {
  hbb::RendezvousMessage message;
  message.mutable_online_request()->add_peers("a");
  message.mutable_online_request()->add_peers("b");
  const auto holds_for = [&](const std::string& peers) {
    return look("{online_request: {peers: " + peers + "}}", message).holds;
  };
  EXPECT_TRUE(holds_for("[a, b]"));
  EXPECT_FALSE(holds_for("[a]"));
  EXPECT_FALSE(holds_for("[b, a]"));
  EXPECT_TRUE(holds_for("{contains: b, length: 2}"));
  EXPECT_FALSE(holds_for("{contains: c}"));
  EXPECT_FALSE(holds_for("{absent: true}"));
}

TEST(Matchers, NestedMessages) {
  hbb::RendezvousMessage message;
  message.mutable_test_nat_response()->set_port(5);
  EXPECT_TRUE(look("{test_nat_response: {cu: {absent: true}}}", message).holds);
  message.mutable_test_nat_response()->mutable_cu()->set_serial(3);
  EXPECT_TRUE(look("{test_nat_response: {cu: {serial: 3, present: true}}}", message).holds);
  EXPECT_EQ(look("{test_nat_response: {cu: {serial: 4}}}", message).why, "serial is 3");
}

TEST(Matchers, BytesInEveryForm) {
  hbb::RendezvousMessage message;
  message.mutable_register_pk()->set_pk("abab");
  for (const char* form : {"abab", "{text: ab, times: 2}", "{hex: '61 62:61 62'}",
                           "{hex: '6162', times: 2}", "{base64: YWJhYg==}"})
    EXPECT_TRUE(look(std::string("{register_pk: {pk: ") + form + "}}", message).holds) << form;
}

TEST(Matchers, Captures) {
  const auto seen = look(
      "{punch_hole_response: {relay_server: {capture: relay}, nat_type: {capture: nat}, feedback: "
      "{capture: number, range: [1, 9]}}}",
      response());
  EXPECT_EQ(seen.captured,
            (Variables{{"relay", "relay.test:21117"}, {"nat", "SYMMETRIC"}, {"number", "7"}}));
}

TEST(Matchers, InWords) {
  EXPECT_EQ(
      look("{punch_hole_response: {feedback: {range: [1, 9]}, relay_server: {not: '', regex: x}, "
           "pk: "
           "{signed-identity: {id: '${who}'}}, nat_type: {one-of: [SYMMETRIC, ASYMMETRIC]}}}",
           response())
          .words,
      "{feedback: 1 to 9, relay_server: not empty and /x/, pk: an identity signed by the server "
      "for 'me', nat_type: SYMMETRIC or ASYMMETRIC}");
}

TEST(Regexes, EvilOnesEnd) {
  const auto regex = Regex::parse("^(a+)+$");
  ASSERT_TRUE(regex);
  EXPECT_FALSE(regex->matches(std::string(5000, 'a') + "!"));
}

}  // namespace
}  // namespace deskcheck::scenario
