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

    "CREATE TABLE legacy_book ("
    " owner TEXT NOT NULL PRIMARY KEY,"
    " account TEXT REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " text TEXT NOT NULL"
    ");"
    "CREATE INDEX legacy_book_account ON legacy_book (account);"
    "CREATE TABLE address_book ("
    " guid TEXT NOT NULL PRIMARY KEY,"
    " owner TEXT NOT NULL,"
    " account TEXT REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " personal INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " note TEXT NOT NULL,"
    " password TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE INDEX address_book_account ON address_book (account);"
    "CREATE UNIQUE INDEX address_book_personal ON address_book (owner) WHERE personal;"
    "CREATE UNIQUE INDEX address_book_name ON address_book (name) WHERE NOT personal;"
    "CREATE TABLE address_book_share ("
    " book TEXT NOT NULL REFERENCES address_book (guid) ON DELETE CASCADE,"
    " account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " rule INTEGER NOT NULL CHECK (rule BETWEEN 1 AND 3),"
    " PRIMARY KEY (book, account)"
    ") WITHOUT ROWID;"
    "CREATE INDEX address_book_share_account ON address_book_share (account);"
    "CREATE TABLE address_book_peer ("
    " number INTEGER PRIMARY KEY,"
    " book TEXT NOT NULL REFERENCES address_book (guid) ON DELETE CASCADE,"
    " id TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " UNIQUE (book, id)"
    ");"
    "CREATE INDEX address_book_peer_order ON address_book_peer (book, number);"
    "CREATE TABLE address_book_tag ("
    " number INTEGER PRIMARY KEY,"
    " book TEXT NOT NULL REFERENCES address_book (guid) ON DELETE CASCADE,"
    " name TEXT NOT NULL,"
    " color INTEGER NOT NULL,"
    " UNIQUE (book, name)"
    ");"
    "CREATE INDEX address_book_tag_order ON address_book_tag (book, number)",

    "CREATE TABLE client ("
    " number INTEGER PRIMARY KEY,"
    " account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " device TEXT NOT NULL,"
    " uuid TEXT NOT NULL,"
    " UNIQUE (account, device, uuid)"
    ");"
    "CREATE INDEX client_account ON client (account, number);"
    "CREATE INDEX client_device ON client (device, number)",

    "CREATE TABLE audit_conn ("
    " number INTEGER PRIMARY KEY,"
    " guid TEXT NOT NULL UNIQUE,"
    " device TEXT NOT NULL,"
    " uuid TEXT NOT NULL,"
    " conn_id INTEGER NOT NULL,"
    " session INTEGER NOT NULL,"
    " authorised INTEGER NOT NULL,"
    " opened INTEGER NOT NULL,"
    " closed INTEGER NOT NULL,"
    " ip TEXT NOT NULL,"
    " reference TEXT NOT NULL,"
    " peer_id TEXT NOT NULL,"
    " peer_name TEXT NOT NULL,"
    " type INTEGER NOT NULL,"
    " primary_auth INTEGER NOT NULL,"
    " two_factor INTEGER NOT NULL,"
    " controller TEXT NOT NULL,"
    " note TEXT NOT NULL"
    ");"
    "CREATE INDEX audit_conn_open ON audit_conn (device, conn_id) WHERE closed = 0;"
    "CREATE INDEX audit_conn_session ON audit_conn (device, session);"
    "CREATE TABLE audit_event ("
    " number INTEGER PRIMARY KEY,"
    " kind INTEGER NOT NULL,"
    " text TEXT NOT NULL"
    ");"
    "CREATE INDEX audit_event_kind ON audit_event (kind, number);"
    "CREATE TABLE audit_nonce ("
    " number INTEGER PRIMARY KEY,"
    " nonce TEXT NOT NULL UNIQUE"
    ")",

    "ALTER TABLE audit_event ADD COLUMN device TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE audit_event ADD COLUMN at INTEGER NOT NULL DEFAULT 0;"
    "UPDATE audit_event SET device = coalesce(json_extract(text, '$.id'), '');"
    "CREATE INDEX audit_event_device ON audit_event (kind, device, number);"
    "ALTER TABLE account ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE account ADD COLUMN email_code INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE script_token ("
    " name TEXT NOT NULL PRIMARY KEY,"
    " hash BLOB NOT NULL UNIQUE,"
    " issued INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE device_card ("
    " id TEXT NOT NULL PRIMARY KEY,"
    " owner TEXT REFERENCES account (name) ON DELETE SET NULL ON UPDATE CASCADE,"
    " note TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE INDEX device_card_owner ON device_card (owner);"
    "CREATE TABLE device_group ("
    " name TEXT NOT NULL PRIMARY KEY"
    ") WITHOUT ROWID;"
    "CREATE TABLE device_group_device ("
    " device_group TEXT NOT NULL REFERENCES device_group (name) ON DELETE CASCADE,"
    " device TEXT NOT NULL,"
    " PRIMARY KEY (device_group, device)"
    ") WITHOUT ROWID;"
    "CREATE INDEX device_group_device_device ON device_group_device (device);"
    "CREATE TABLE device_group_member ("
    " device_group TEXT NOT NULL REFERENCES device_group (name) ON DELETE CASCADE,"
    " account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " PRIMARY KEY (device_group, account)"
    ") WITHOUT ROWID;"
    "CREATE INDEX device_group_member_account ON device_group_member (account);"
    "CREATE TABLE strategy ("
    " name TEXT NOT NULL PRIMARY KEY,"
    " config_options TEXT NOT NULL,"
    " extra TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE strategy_of_device ("
    " device TEXT NOT NULL PRIMARY KEY,"
    " strategy TEXT NOT NULL REFERENCES strategy (name) ON DELETE CASCADE"
    ") WITHOUT ROWID;"
    "CREATE INDEX strategy_of_device_strategy ON strategy_of_device (strategy);"
    "CREATE TABLE strategy_of_device_group ("
    " device_group TEXT NOT NULL PRIMARY KEY REFERENCES device_group (name) ON DELETE CASCADE,"
    " strategy TEXT NOT NULL REFERENCES strategy (name) ON DELETE CASCADE"
    ") WITHOUT ROWID;"
    "CREATE INDEX strategy_of_device_group_strategy ON strategy_of_device_group (strategy);"
    "CREATE TABLE strategy_of_user ("
    " account TEXT NOT NULL PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE"
    " ON UPDATE CASCADE,"
    " strategy TEXT NOT NULL REFERENCES strategy (name) ON DELETE CASCADE"
    ") WITHOUT ROWID;"
    "CREATE INDEX strategy_of_user_strategy ON strategy_of_user (strategy);"
    "CREATE TABLE strategy_push ("
    " device TEXT NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " config_options TEXT NOT NULL,"
    " extra TEXT NOT NULL,"
    " modified_at INTEGER NOT NULL"
    ") WITHOUT ROWID",

    ("ALTER TABLE device_card ADD COLUMN username TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE device_card ADD COLUMN device_name TEXT NOT NULL DEFAULT ''"),

    "CREATE TABLE identity_provider ("
    " number INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " issuer TEXT NOT NULL,"
    " client_id TEXT NOT NULL,"
    " client_secret TEXT NOT NULL,"
    " icon TEXT NOT NULL,"
    " scopes TEXT NOT NULL,"
    " makes_accounts INTEGER NOT NULL"
    ");"
    "CREATE TABLE identity ("
    " issuer TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE ON UPDATE CASCADE,"
    " provider TEXT NOT NULL,"
    " PRIMARY KEY (issuer, subject)"
    ") WITHOUT ROWID;"
    "CREATE INDEX identity_account ON identity (account)",
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
