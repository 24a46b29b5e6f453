// Answers of hooks as servers write them, and what scenarios see of them.
#include "client-sim/scenario/answers.hpp"

#include <gmock/gmock.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace deskcheck::scenario {
namespace {

namespace json = boost::json;

Observation observed(const char* member, const char* answer) {
  const auto seen = observed_answer(member, json::parse(answer));
  EXPECT_TRUE(seen) << (seen ? "" : seen.error().text);
  return seen ? *seen : Observation();
}

TEST(Answers, ADevice) {
  const auto seen = observed("device", R"({"online":true,"connections":[7,8],"user":"ann",
      "note":null,"more":{"x":1},"sysinfo":{"hostname":"PC","memory":7.5,"cpus":{"n":2}}})");
  const auto& device = seen.device();
  EXPECT_TRUE(device.online());
  ASSERT_EQ(device.connections_size(), 2);
  EXPECT_EQ(device.connections(1), 8);
  EXPECT_EQ(device.user(), "ann");
  EXPECT_EQ(device.note(), "");
  ASSERT_EQ(device.sysinfo_size(), 3);
  EXPECT_EQ(device.sysinfo(0).name() + "=" + device.sysinfo(0).value(), "hostname=PC");
  EXPECT_EQ(device.sysinfo(2).value(), R"({"n":2})");
}

TEST(Answers, RecordsWithNumbersAsServersWriteThem) {
  const auto seen = observed("audits", R"([{"conn_id":"12","session_id":18446744073709551615,
      "ended":true,"peer_id":987654321,"info":{"a":[1]}},{"conn_id":3.0,"is_file":1}])");
  ASSERT_EQ(seen.audits().records_size(), 2);
  const auto& record = seen.audits().records(0);
  EXPECT_EQ(record.conn_id(), 12);
  EXPECT_EQ(record.session_id(), 18446744073709551615U);
  EXPECT_EQ(record.ended(), 1);
  EXPECT_EQ(record.peer_id(), "987654321");
  EXPECT_EQ(record.info(), R"({"a":[1]})");
  EXPECT_EQ(seen.audits().records(1).conn_id(), 3);
  EXPECT_TRUE(seen.audits().records(1).is_file());
}

TEST(Answers, ListsTextsAndBytes) {
  EXPECT_EQ(observed("recordings", R"([{"file":"a","size":5,"complete":true}])")
                .recordings()
                .files(0)
                .size(),
            5);
  EXPECT_TRUE(observed("audits", "[]").has_audits());
  EXPECT_EQ(observed("secret", R"("ABC")").secret(), "ABC");
  EXPECT_TRUE(observed("recording", "null").has_recording());
}

TEST(Answers, WhatIsNone) {
  EXPECT_EQ(observed_answer("device", json::parse("[]")).error().text, "no object");
  EXPECT_EQ(observed_answer("audits", json::parse("{}")).error().text, "no list");
  EXPECT_EQ(observed_answer("secret", json::parse("null")).error().text, "no text");
  EXPECT_EQ(observed_answer("recording", json::parse("[]")).error().text, "no text");
}

// A pattern as a file writes it.
Pattern pattern(const std::string& hook, const std::string& expected) {
  const auto scenario = load("title: t\nroles: {a: udp}\nsteps: [{operator: {" + hook +
                                 ": {device: x}}, expect: " + expected + "}]\n",
                             "s.yaml");
  EXPECT_TRUE(scenario) << render(scenario.error());
  return scenario->steps[0].expected[0];
}

TEST(Answers, WhatAServerDoesNotShow) {
  const auto device = pattern("read-device", "{device: {online: true, user: a}}");
  EXPECT_EQ(not_shown(device, json::parse(R"({"online":true,"user":""})")), "");
  EXPECT_EQ(not_shown(device, json::parse(R"({"online":true})")), "user");
  const auto audits =
      pattern("read-connection-audits",
              "{audits: {records: {contains: {conn_id: 1, note: {not: ''}}, length: 2}}}");
  EXPECT_EQ(not_shown(audits, json::parse("[]")), "");
  EXPECT_EQ(not_shown(audits, json::parse(R"([{"conn_id":1},{"note":"x"}])")), "");
  EXPECT_EQ(not_shown(audits, json::parse(R"([{"conn_id":1}])")), "note");
}

}  // namespace
}  // namespace deskcheck::scenario
