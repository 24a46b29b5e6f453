#include "proto/api/audit.hpp"

#include <gtest/gtest.h>

namespace deskcheck::http_api {
namespace {

using Kind = ConnAudit::Kind;

TEST(ConnAudit, HasFourKinds) {
  const auto kind = [](const std::string& more) {
    const auto audit = parse_conn_audit(R"({"id":"1","session_id":18446744073709551615)" + more);
    EXPECT_TRUE(!audit || audit->session_id == 0xFFFFFFFFFFFFFFFF);
    return audit ? static_cast<int>(audit->kind) : -1;
  };
  const std::string conn = R"(,"uuid":"dQ==","conn_id":7)";
  EXPECT_EQ(kind(conn + R"(,"action":"new","ip":"::1"})"), static_cast<int>(Kind::opened));
  EXPECT_EQ(kind(conn + R"(,"peer":["9","a"],"type":4})"), static_cast<int>(Kind::authorised));
  EXPECT_EQ(kind(conn + R"(,"action":"close"})"), static_cast<int>(Kind::closed));
  EXPECT_EQ(kind(R"(,"note":"x"})"), static_cast<int>(Kind::note));
  EXPECT_EQ(kind(conn + R"(,"action":"other"})"), -1);
  EXPECT_EQ(kind(conn + "}"), -1);
  EXPECT_EQ(kind("}"), -1);
  EXPECT_EQ(kind(R"(,"conn_id":7,"action":"new"})"), -1) << "whose?";
  EXPECT_EQ(kind(R"(,"uuid":"dQ==","conn_id":4294967296,"action":"new"})"), -1);
}

TEST(EventAudit, HasJsonInItsInfo) {
  const std::string begin = R"({"id":"1","uuid":"dQ==","typ":1,"info":)";
  EXPECT_TRUE(parse_alarm_audit(begin + R"("{}"})"));
  for (const char* bad : {"{}}", "\"\"}", "\"[]\"}", "5}"})
    EXPECT_FALSE(parse_alarm_audit(begin + bad)) << bad;
  EXPECT_FALSE(parse_file_audit(begin + R"("{}"})"));
  EXPECT_TRUE(
      parse_file_audit(R"({"id":"1","uuid":"u","peer_id":"","type":0,"path":"","info":"{}"})"));
}

TEST(AuditNote, IsTwoTexts) {
  EXPECT_EQ(parse_audit_note(R"({"guid":"g","note":"n"})")->note, "n");
  EXPECT_FALSE(parse_audit_note(R"({"guid":"g"})"));
  EXPECT_EQ(parse_session_id("18446744073709551615"), 18446744073709551615U);
  for (const char* bad : {"", "-1", "18446744073709551616", "1 ", "0x1"})
    EXPECT_FALSE(parse_session_id(bad)) << bad;
}

}  // namespace
}  // namespace deskcheck::http_api
