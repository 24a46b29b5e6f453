#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/schema.hpp"
#include "reference-server/store/sqlite_api_store.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::ElementsAre;

ConnRecord conn(const std::string& guid, std::int32_t number, std::uint64_t session) {
  ConnRecord record;
  record.guid = guid;
  record.device = "1";
  record.uuid = "dQ==";
  record.conn_id = number;
  record.session = session;
  record.authorised = session != 0;
  record.opened = 5'000'000'000;
  record.ip = "10.0.0.1";
  return record;
}

AuditChange changing(const ConnRecord& record, const std::string& nonce = "") {
  AuditChange change;
  change.conn = record;
  change.nonce = nonce;
  return change;
}

void keeps_audits(AuditStore& store) {
  constexpr int kKeep = 3;
  const auto big = conn("b", 2, 0xFFFFFFFFFFFFFFFF);
  EXPECT_TRUE(store.change(changing(conn("a", 1, 0), "n1"), kKeep));
  EXPECT_TRUE(store.change(changing(big), kKeep));
  EXPECT_TRUE(store.knows("n1").value());
  EXPECT_FALSE(store.knows("n2").value());
  EXPECT_EQ(store.find_open("1", "dQ==", 1).value(), conn("a", 1, 0));
  EXPECT_FALSE(store.find_open("1", "dg==", 1).value());
  EXPECT_EQ(store.find_session("1", 0xFFFFFFFFFFFFFFFF, std::nullopt).value(), big);
  EXPECT_EQ(store.find_session("1", 0xFFFFFFFFFFFFFFFF, 0).value(), big);
  EXPECT_FALSE(store.find_session("1", 0xFFFFFFFFFFFFFFFF, 1).value());
  EXPECT_FALSE(store.find_session("1", 0, std::nullopt).value());
  auto closed = conn("a", 1, 0);
  closed.closed = 5'000'000'001;
  closed.note = "n";
  EXPECT_TRUE(store.change(changing(closed), kKeep));
  EXPECT_FALSE(store.find_open("1", "dQ==", 1).value());
  EXPECT_EQ(store.find_conn("a").value(), closed);
  EXPECT_THAT(store.conns("", 9).value(), ElementsAre(big, closed));
  EXPECT_EQ(store.conns("1", 1).value(), std::vector{big});
  EXPECT_TRUE(store.conns("2", 9).value().empty());
  for (const char* guid : {"c", "d"}) EXPECT_TRUE(store.change(changing(conn(guid, 3, 0)), kKeep));
  EXPECT_EQ(store.conns("", 9).value().size(), 3u);
  EXPECT_FALSE(store.find_conn("a").value()) << "the oldest goes";

  for (const char* text : {"1", "2", "3", "4"}) {
    AuditChange change;
    EventRecord event;
    event.device = text;
    event.at = 5'000'000'000;
    event.text = std::string(text) + "!";
    change.event.emplace(AuditEvent::alarm, event);
    change.nonce = text;
    EXPECT_TRUE(store.change(change, kKeep));
  }
  const auto alarms = store.events(AuditEvent::alarm, "", 9).value();
  ASSERT_EQ(alarms.size(), 3u);
  EXPECT_EQ(alarms[0].text + alarms[2].text, "4!2!");
  EXPECT_EQ(alarms[0].at, 5'000'000'000);
  EXPECT_EQ(store.events(AuditEvent::alarm, "3", 9).value(), std::vector{alarms[1]});
  EXPECT_TRUE(store.events(AuditEvent::file, "", 9).value().empty());
  EXPECT_FALSE(store.knows("n1").value());
}

TEST(AuditStore, KeepsThingsInMemory) {
  MemoryApiStore store;
  keeps_audits(store.audits());
}

TEST(AuditStore, KeepsThingsInAFile) {
  std::string name = (std::filesystem::temp_directory_path() / "audit_store.XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  {
    auto older = prepared(sqlite::Database(folder / "db"), 5);
    ASSERT_TRUE(older.run(
        R"(INSERT INTO audit_event (kind, text) VALUES (0, '{"id":"of old"}'), (0, '{}'))"));
  }
  EXPECT_EQ(SqliteApiStore(folder / "db").audits().events(AuditEvent::file, "of old", 9)->size(),
            1u);
  ASSERT_TRUE(sqlite::Database(folder / "db").run("DELETE FROM audit_event"));
  {
    SqliteApiStore store(folder / "db");
    keeps_audits(store.audits());
    AuditChange twice = changing(conn("z", 9, 0), "4");
    EXPECT_FALSE(store.audits().change(twice, 3)) << "that nonce is stored";
    EXPECT_FALSE(store.audits().find_conn("z").value()) << "all or nothing";
  }
  SqliteApiStore again(folder / "db");
  EXPECT_TRUE(again.audits().knows("4").value());
  EXPECT_EQ(again.audits().conns("", 9).value().size(), 3u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace deskcheck::server
