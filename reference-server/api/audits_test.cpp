// Audits and their notes.
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kSession = "13835058055282163713";  // needs all 64 bits

class AuditsTest : public ApiDesk {
 protected:
  AuditsTest() {
    options.limits.api_body = 1'000'000;
    add_account("bob", "b0b");
  }
  std::string report(const std::string& kind, const std::string& body) {
    return said("POST", "/api/audit/" + kind, body);
  }
  std::string opened(int conn, const std::string& more = "") {
    return report("conn", R"({"action":"new","ip":"10.0.0.9","id":"1","uuid":"dQ==","conn_id":)" +
                              std::to_string(conn) + R"(,"session_id":0)" + more + "}");
  }
  std::string authorised(int conn, const std::string& more = "") {
    return report("conn", R"({"peer":["9","Alice"],"type":0,"id":"1","uuid":"dQ==","conn_id":)" +
                              std::to_string(conn) + R"(,"session_id":)" + kSession + more + "}");
  }
  std::string closed(int conn) {
    return report("conn", R"({"action":"close","id":"1","uuid":"dQ==","session_id":0,"conn_id":)" +
                              std::to_string(conn) + "}");
  }
  std::string active(const std::string& token, const std::string& session = kSession,
                     const std::string& type = "0") {
    return said("GET", "/api/audit/conn/active?id=1&session_id=" + session + "&conn_type=" + type,
                "", token);
  }
  std::string note(const std::string& guid, const std::string& text, const std::string& token) {
    return said("PUT", "/api/audit", R"({"guid":")" + guid + R"(","note":")" + text + "\"}", token);
  }
  std::vector<ConnRecord> conns() { return api().audits().connections("", 100).value(); }
};

TEST_F(AuditsTest, ReportsOfAConnectionAreOneRecord) {
  EXPECT_EQ(opened(7, R"(,"conn_audit_ref":"r","nonce":"a")"), "200 ");
  EXPECT_EQ(opened(7, R"(,"conn_audit_ref":"r","nonce":"a")"), "200 ");
  EXPECT_EQ(authorised(7, R"(,"primary_auth":3,"two_factor":1)"), "200 ");
  EXPECT_EQ(report("conn", std::string(R"({"id":"1","note":"x","session_id":)") + kSession + "}"),
            "200 ");
  EXPECT_EQ(closed(7), "200 ");
  ASSERT_EQ(conns().size(), 1u);
  const auto conn = conns()[0];
  EXPECT_EQ(conn.ip + conn.reference + conn.peer_id + conn.peer_name + conn.note,
            "10.0.0.9r9Alicex");
  EXPECT_EQ(std::to_string(conn.session), kSession);
  EXPECT_EQ(conn.primary_auth * 10 + conn.two_factor, 31);
  EXPECT_TRUE(conn.authorised && conn.closed != 0);
  restart();
  EXPECT_EQ(conns().at(0), conn);
}

TEST_F(AuditsTest, NumbersOfConnectionsComeAgain) {
  opened(1);
  opened(1);
  closed(1);
  EXPECT_EQ(closed(1), "200 ") << "nothing is open";
  ASSERT_EQ(conns().size(), 2u);
  for (const auto& conn : conns()) EXPECT_TRUE(conn.closed != 0 && !conn.authorised);
  EXPECT_EQ(authorised(2), "200 ") << "what opened it was lost";
  EXPECT_EQ(conns().size(), 3u);
}

TEST_F(AuditsTest, RefusesWhatIsNoReport) {
  for (const char* bad :
       {"", "[]", "{}", R"({"id":"1","uuid":"dQ==","conn_id":1})",
        R"({"id":"1","uuid":"dQ==","conn_id":1,"session_id":-1,"action":"new"})",
        R"({"id":"1","uuid":"dQ==","conn_id":1,"session_id":1,"action":"other"})",
        R"({"id":"1","uuid":"dQ==","conn_id":1,"session_id":1,"type":0,"peer":"9"})"})
    EXPECT_THAT(report("conn", bad), StartsWith("400 {\"error\"")) << bad;
  EXPECT_THAT(report("conn", R"({"id":"1","session_id":5,"note":"x"})"), StartsWith("404 "));
  registered["1"] = "another";
  EXPECT_THAT(opened(1), StartsWith("403 "));
  EXPECT_THAT(report("alarm", R"({"id":"1","uuid":"dQ==","typ":0,"info":"{}"})"),
              StartsWith("403 "));
}

TEST_F(AuditsTest, FilesAndAlarmsAreKept) {
  const std::string file =
      R"({"id":"1","uuid":"dQ==","peer_id":"9","type":1,"path":"","is_file":true,"nonce":"n",)"
      R"("info":"{\"files\":[[\"\",5]],\"num\":20}"})";
  const std::string alarm = R"({"id":"1","uuid":"dQ==","typ":99,"info":"{\"ip\":\"x\"}"})";
  EXPECT_EQ(report("file", file), "200 ");
  EXPECT_EQ(report("file", file), "200 ");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(report("alarm", alarm), "200 ");
  const auto files = api().audits().events(AuditEvent::file, "1", 9).value();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].text, file);
  EXPECT_EQ(files[0].at, 3600);
  EXPECT_EQ(api().audits().events(AuditEvent::alarm, "", 9).value().size(), 3u);
  EXPECT_THAT(report("alarm", R"({"id":"1","uuid":"dQ==","typ":0,"info":{}})"), StartsWith("400 "));
  EXPECT_THAT(report("file", R"({"id":"1","uuid":"dQ==","info":"{}"})"), StartsWith("400 "));
  EXPECT_THAT(report("alarm", R"({"id":"1","uuid":"dQ==","typ":0,"info":"{}","x":")" +
                                  std::string(70'000, 'x') + "\"}"),
              StartsWith("413 "));
}

TEST_F(AuditsTest, ASessionHasAConnectionOfEachKind) {
  const auto alice = signed_in("alice", "s3cret");
  opened(7);
  authorised(7);
  const auto desktop = active(alice);
  opened(8);
  report("conn", std::string(R"({"peer":["9","Alice"],"type":1,"id":"1","uuid":"dQ==",)") +
                     R"("conn_id":8,"session_id":)" + kSession + "}");
  const auto files = active(alice, kSession, "1");
  EXPECT_THAT(files, MatchesRegex("200 \"[0-9a-f-]+\""));
  EXPECT_NE(files, desktop);
  EXPECT_EQ(active(alice), desktop);
}

TEST_F(AuditsTest, NotesAreForWhoControls) {
  const auto alice = signed_in("alice", "s3cret");
  const auto bob = signed_in("bob", "b0b");
  EXPECT_EQ(active(alice), "200 null") << "not reported yet";
  opened(7);
  EXPECT_EQ(active(alice), "200 null");
  authorised(7);
  EXPECT_EQ(active(alice, kSession, "1"), "200 null") << "another kind";
  const auto answer = active(alice);
  EXPECT_THAT(answer, MatchesRegex("200 \"[0-9a-f-]+\""));
  EXPECT_EQ(active(alice), answer);
  EXPECT_EQ(active(bob), "200 null") << "somebody else's";
  EXPECT_EQ(active(signed_in("root", "r00t")), answer);
  const auto guid = answer.substr(5, 36);
  EXPECT_THAT(note(guid, "b", bob), StartsWith("403 "));
  EXPECT_THAT(note("nothing", "b", bob), StartsWith("403 "));
  closed(7);
  EXPECT_EQ(active(alice), answer);
  EXPECT_EQ(note(guid, "a", alice), "200 ");
  EXPECT_EQ(conns()[0].note, "a");
  EXPECT_EQ(note(guid, "r", signed_in("root", "r00t")), "200 ");
  EXPECT_THAT(note(guid, "a", "bad"), StartsWith("401 "));
  EXPECT_THAT(active("bad"), StartsWith("401 "));
  EXPECT_THAT(active(alice, "x"), StartsWith("400 "));
  EXPECT_THAT(said("PUT", "/api/audit", "{}", alice), StartsWith("400 "));
}

}  // namespace
}  // namespace deskcheck::server::api
