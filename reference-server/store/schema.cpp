#include "reference-server/store/schema.hpp"

#include <stdexcept>

namespace deskcheck::server {

namespace {

constexpr int kApplication = 0x44534B43;  // "DSKC"

// One step per version, for ever: databases of every former version are out there.
constexpr const char* kSteps[] = {
    "CREATE TABLE peer ("
    " id TEXT NOT NULL PRIMARY KEY,"
    " uuid BLOB NOT NULL,"
    " pk BLOB NOT NULL,"
    " address TEXT NOT NULL"
    ") WITHOUT ROWID",

    "CREATE TABLE account ("
    " name TEXT NOT NULL PRIMARY KEY,"
    " password_hash TEXT NOT NULL,"
    " administrator INTEGER NOT NULL,"
    " disabled INTEGER NOT NULL,"
    " display_name TEXT NOT NULL,"
    " email TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE token ("
    " number INTEGER PRIMARY KEY,"
    " hash BLOB NOT NULL UNIQUE,"
    " account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " issued INTEGER NOT NULL,"
    " expires INTEGER NOT NULL"
    ");"
    "CREATE INDEX token_account ON token (account, number);"
    "CREATE TABLE device_report ("
    " id TEXT NOT NULL PRIMARY KEY,"
    " uuid TEXT NOT NULL,"
    " sysinfo TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE setting ("
    " name TEXT NOT NULL PRIMARY KEY,"
    " value TEXT NOT NULL"
    ") WITHOUT ROWID",
};

}  // namespace

sqlite::Database prepared(sqlite::Database database) {
  return prepared(std::move(database), static_cast<int>(std::size(kSteps)));
}

// WAL: readers do not wait for writers. FULL: a commit is on the disk when it returns. Another
// process that looks into the file for a moment must not make a registration fail. The system keeps
// the file in its memory anyway, so SQLite's own copy may be small: 256 KiB.
sqlite::Database prepared(sqlite::Database database, int version) {
  const auto done = database.run(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "PRAGMA cache_size = -256; PRAGMA foreign_keys = ON");
  if (!done)
    throw std::runtime_error("database " + database.file().string() + ": " +
                             done.error().message());
  sqlite::migrate(database, kApplication,
                  std::span(kSteps).first(static_cast<std::size_t>(version)));
  return database;
}

}  // namespace deskcheck::server
