#include "reference-server/store/memory_peer_store.hpp"
#include "reference-server/store/sqlite_peer_store.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

namespace deskcheck::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "store_test.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

bool operator==(const PeerRecord& a, const PeerRecord& b) {
  return a.id == b.id && a.uuid == b.uuid && a.pk == b.pk && a.address == b.address;
}

PeerRecord found(PeerStore& store, std::string_view id) {
  return store.find(id).value().value_or(PeerRecord{"nothing", "", "", ""});
}

// The one line with which `action` ends.
template <class Action>
std::string failure(Action action) {
  try {
    action();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "no failure";
}

void keeps_records(PeerStore& store) {
  using namespace std::string_literals;
  const PeerRecord plain{"123456789", "uuid", std::string(32, 'k'), "10.0.0.1"};
  const PeerRecord odd{"Ab\0c\xc3\xa4"s, "\0\xff"s, "\0"s, "2001:db8::1"};
  EXPECT_FALSE(store.find("123456789").value());
  EXPECT_TRUE(store.put(plain));
  EXPECT_TRUE(store.put(odd));
  EXPECT_TRUE(found(store, plain.id) == plain);
  EXPECT_TRUE(found(store, odd.id) == odd);
  EXPECT_FALSE(store.find("ab\0c\xc3\xa4"s).value()) << "ids are compared byte for byte";
  EXPECT_FALSE(store.find("12345678").value());
  const PeerRecord moved{"123456789", "uuid", std::string(32, 'n'), "10.0.0.2"};
  EXPECT_TRUE(store.put(moved));
  EXPECT_TRUE(found(store, plain.id) == moved);

  const PeerRecord renamed{"my-office", "uuid", std::string(32, 'n'), "10.0.0.2"};
  EXPECT_TRUE(store.rename("123456789", renamed));
  EXPECT_FALSE(store.find("123456789").value());
  EXPECT_TRUE(found(store, "my-office") == renamed);
  const PeerRecord taken{odd.id, "uuid", std::string(32, 'n'), "10.0.0.2"};
  EXPECT_TRUE(store.rename("my-office", taken));
  EXPECT_FALSE(store.find("my-office").value());
  EXPECT_TRUE(found(store, odd.id) == taken);
}

TEST(MemoryPeerStore, KeepsRecords) {
  MemoryPeerStore store;
  keeps_records(store);
}

TEST(SqlitePeerStore, KeepsRecords) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  keeps_records(store);
}

TEST(SqlitePeerStore, RenamesAllOrNothing) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  const PeerRecord record{"123456789", "uuid", "key", "10.0.0.1"};
  EXPECT_TRUE(store.put(record));
  EXPECT_TRUE(
      store.database().run("CREATE TRIGGER no BEFORE INSERT ON peer BEGIN "
                           "SELECT RAISE(ABORT, 'no'); END"));
  const PeerRecord renamed{"my-office", "uuid", "key", "10.0.0.1"};
  EXPECT_FALSE(store.rename("123456789", renamed));
  EXPECT_TRUE(found(store, "123456789") == record);
  EXPECT_FALSE(store.find("my-office").value());
  EXPECT_TRUE(store.database().run("DROP TRIGGER no"));
  EXPECT_TRUE(store.rename("123456789", renamed)) << "no transaction is left open";
}

TEST(SqlitePeerStore, StoresManyAtOnce) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  sqlite::Database reader(folder / "db");
  const auto stored = [&] { return reader.number("SELECT count(*) FROM peer").value(); };
  store.begin();
  for (const char* id : {"first", "second", "third"})
    EXPECT_TRUE(store.put({id, "uuid", "key", "10.0.0.1"}));
  EXPECT_EQ(stored(), 0);
  EXPECT_EQ(found(store, "third").uuid, "uuid");
  EXPECT_TRUE(store.commit());
  EXPECT_EQ(stored(), 3);

  store.begin();
  EXPECT_TRUE(store.commit()) << "nothing was put";
  EXPECT_TRUE(store.put({"fourth", "uuid", "key", "10.0.0.1"}));
  EXPECT_EQ(stored(), 4) << "at once";
}

TEST(SqlitePeerStore, StoresNothingOfABatchThatFails) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  EXPECT_TRUE(
      store.database().run("CREATE TRIGGER no BEFORE INSERT ON peer WHEN NEW.id = 'bad' BEGIN "
                           "SELECT RAISE(ROLLBACK, 'no'); END"));
  store.begin();
  EXPECT_TRUE(store.put({"first", "uuid", "key", "10.0.0.1"}));
  EXPECT_FALSE(store.put({"bad", "uuid", "key", "10.0.0.1"}));
  EXPECT_FALSE(store.commit());
  EXPECT_FALSE(store.find("first").value());
  EXPECT_TRUE(store.put({"second", "uuid", "key", "10.0.0.1"})) << "no transaction is left open";
}

TEST(SqlitePeerStore, KeepsThemOverRestarts) {
  Folder folder;
  const PeerRecord record{"123456789", "uuid", "pk", "10.0.0.1"};
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(SqlitePeerStore(folder / "db").put(record));
  SqlitePeerStore store(folder / "db");
  EXPECT_TRUE(found(store, record.id) == record);
}

TEST(SqlitePeerStore, WritesToTheDiskBeforeItReturns) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  EXPECT_EQ(store.database().number("PRAGMA synchronous").value(), 2);
  EXPECT_TRUE(std::filesystem::exists(folder / "db-wal"));
}

TEST(SqlitePeerStore, AFullDiskChangesNothing) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  ASSERT_TRUE(store.database().run("PRAGMA max_page_count = 16"));
  int stored = 0;
  boost::system::error_code error;
  while (!error && stored < 1000) {
    auto done = store.put({"device" + std::to_string(stored), "u", std::string(500, 'k'), "a"});
    if (done)
      ++stored;
    else
      error = done.error();
  }
  EXPECT_EQ(error.value(), SQLITE_FULL) << error.message();
  EXPECT_GT(stored, 0);
  EXPECT_FALSE(store.find("device" + std::to_string(stored)).value());
  EXPECT_EQ(found(store, "device" + std::to_string(stored - 1)).pk, std::string(500, 'k'));
  ASSERT_TRUE(store.database().run("PRAGMA max_page_count = 100"));
  EXPECT_TRUE(store.put({"device" + std::to_string(stored), "u", std::string(500, 'k'), "a"}));
}

TEST(SqlitePeerStore, ABusyDatabaseIsWaitedForAndThenAnError) {
  Folder folder;
  SqlitePeerStore store(folder / "db");
  sqlite::Database other(folder / "db");
  ASSERT_TRUE(store.database().run("PRAGMA busy_timeout = 50"));
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  EXPECT_EQ(store.put({"123456789", "u", "k", "a"}).error().value(), SQLITE_BUSY);
  ASSERT_TRUE(other.run("ROLLBACK"));
  EXPECT_TRUE(store.put({"123456789", "u", "k", "a"}));
}

TEST(SqlitePeerStore, SaysWhyAFileCannotBeOpened) {
  Folder folder;
  std::ofstream(folder / "text") << std::string(2000, 'x');
  std::filesystem::create_directory(folder / "folder");
  const auto open = [&](const char* name) {
    return failure([&] { SqlitePeerStore store(folder / name); });
  };
  EXPECT_THAT(open("missing/db"), AllOf(HasSubstr("missing/db: "), HasSubstr("No such file")));
  EXPECT_THAT(open("text/db"), HasSubstr("Not a directory"));
  EXPECT_THAT(open("folder"), AllOf(HasSubstr("folder: "), Not(HasSubstr("no failure"))));
  EXPECT_THAT(open("text"), HasSubstr("text: file is not a database"));
}

TEST(SqlitePeerStore, RefusesWhatItDoesNotUnderstand) {
  Folder folder;
  {
    SqlitePeerStore store(folder / "newer");
  }
  ASSERT_TRUE(sqlite::Database(folder / "newer").run("PRAGMA user_version = 99"));
  ASSERT_TRUE(sqlite::Database(folder / "foreign").run("CREATE TABLE peer (x)"));
  const auto open = [&](const char* name) {
    return failure([&] { SqlitePeerStore store(folder / name); });
  };
  EXPECT_THAT(open("newer"), HasSubstr("has version 99, which is newer than this program"));
  EXPECT_THAT(open("foreign"), HasSubstr("belongs to another program"));
}

// The schemas of all versions, as they were: what each release left on disks.
constexpr const char* kThen[] = {
    "CREATE TABLE t (a TEXT)",
    "ALTER TABLE t ADD COLUMN b INT NOT NULL DEFAULT 7",
    "CREATE TABLE u AS SELECT a || b AS c FROM t",
};

TEST(Migration, EveryVersionLeadsToTheNewest) {
  for (std::size_t version = 0; version < 3; ++version) {
    Folder folder;
    sqlite::Database database(folder / "db");
    sqlite::migrate(database, 5, std::span(kThen).first(version));
    if (version >= 1) {
      ASSERT_TRUE(database.run("INSERT INTO t (a) VALUES ('1')"));
    }
    sqlite::migrate(database, 5, kThen);
    EXPECT_EQ(database.number("PRAGMA user_version").value(), 3);
    EXPECT_EQ(database.number("SELECT count(*) FROM u").value(), version >= 1 ? 1 : 0);
    if (version >= 1) {
      EXPECT_EQ(database.number("SELECT c FROM u").value(), 17);
    }
  }
}

TEST(Migration, AFailingStepLeavesTheVersionBefore) {
  Folder folder;
  sqlite::Database database(folder / "db");
  const char* const steps[] = {kThen[0], "CREATE TABLE half (x); CREATE TABLE t (a)"};
  const auto text = failure([&] { sqlite::migrate(database, 5, steps); });
  EXPECT_THAT(text, HasSubstr("cannot be brought to version 2: table t already exists"));
  EXPECT_EQ(database.number("PRAGMA user_version").value(), 1);
  EXPECT_EQ(database.number("SELECT count(*) FROM sqlite_master").value(), 1);
  sqlite::migrate(database, 5, kThen);
  EXPECT_EQ(database.number("PRAGMA user_version").value(), 3);
}

}  // namespace
}  // namespace deskcheck::server
