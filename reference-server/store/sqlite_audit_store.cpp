#include "reference-server/store/sqlite_audit_store.hpp"

#include "reference-server/store/rows.hpp"

namespace deskcheck::server {

namespace {

constexpr const char* kConn =
    "SELECT guid, device, uuid, conn_id, session, authorised, opened, closed, ip, reference, "
    "peer_id, peer_name, type, primary_auth, two_factor, controller, note FROM audit_conn ";

// SQLite has 64 bits with a sign: the number is another one, but there and back it is the same.
std::int64_t with_sign(std::uint64_t number) { return static_cast<std::int64_t>(number); }

ConnRecord conn_of(sqlite::Statement& row) {
  ConnRecord conn;
  conn.guid = row.column(0);
  conn.device = row.column(1);
  conn.uuid = row.column(2);
  conn.conn_id = static_cast<std::int32_t>(row.number(3));
  conn.session = static_cast<std::uint64_t>(row.number(4));
  conn.authorised = row.number(5) != 0;
  conn.opened = row.number(6);
  conn.closed = row.number(7);
  conn.ip = row.column(8);
  conn.reference = row.column(9);
  conn.peer_id = row.column(10);
  conn.peer_name = row.column(11);
  conn.type = row.number(12);
  conn.primary_auth = row.number(13);
  conn.two_factor = row.number(14);
  conn.controller = row.column(15);
  conn.note = row.column(16);
  return conn;
}

std::string conn_where(const char* condition) {
  return std::string(kConn) + condition + " ORDER BY number DESC LIMIT 1";
}

// Numbers only grow, so the oldest that stays has the number of the newest less what is kept.
std::string trimmed(const char* table, const char* condition = "") {
  return "DELETE FROM " + std::string(table) + " WHERE number <= last_insert_rowid() - ?1" +
         condition;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

SqliteAuditStore::SqliteAuditStore(sqlite::Database& database)
    : database_(database),
      find_nonce_(database, "SELECT 1 FROM audit_nonce WHERE nonce = ?1"),
      put_nonce_(database, "INSERT INTO audit_nonce (nonce) VALUES (?1)"),
      trim_nonces_(database, trimmed("audit_nonce")),
      find_open_(database,
                 conn_where("WHERE device = ?1 AND uuid = ?2 AND conn_id = ?3 AND closed = 0")),
      find_session_(database, conn_where("WHERE device = ?1 AND session = ?2 AND authorised AND "
                                         "(?3 OR type = ?4)")),
      find_conn_(database, conn_where("WHERE guid = ?1")),
      put_conn_(database,
                "INSERT INTO audit_conn (guid, device, uuid, conn_id, session, authorised, opened, "
                "closed, ip, reference, peer_id, peer_name, type, primary_auth, two_factor, "
                "controller, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                "?14, ?15, ?16, ?17) ON CONFLICT (guid) DO UPDATE SET session = ?5, "
                "authorised = ?6, closed = ?8, peer_id = ?11, peer_name = ?12, type = ?13, "
                "primary_auth = ?14, two_factor = ?15, controller = ?16, note = ?17"),
      trim_conns_(database,
                  "DELETE FROM audit_conn WHERE number <= (SELECT max(number) FROM audit_conn) - "
                  "?1"),
      conns_(database, std::string(kConn) + "ORDER BY number DESC LIMIT ?1"),
      conns_of_(database, std::string(kConn) + "WHERE device = ?2 ORDER BY number DESC LIMIT ?1"),
      put_event_(database,
                 "INSERT INTO audit_event (kind, device, at, text) VALUES (?1, ?2, ?3, ?4)"),
      trim_events_(database,
                   "DELETE FROM audit_event WHERE kind = ?2 AND number <= (SELECT number FROM "
                   "audit_event WHERE kind = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?1)"),
      events_(database,
              "SELECT device, at, text FROM audit_event WHERE kind = ?1 "
              "ORDER BY number DESC LIMIT ?2"),
      events_of_(database,
                 "SELECT device, at, text FROM audit_event WHERE kind = ?1 AND device = ?3 "
                 "ORDER BY number DESC LIMIT ?2") {}

Result<bool> SqliteAuditStore::knows(std::string_view nonce) {
  find_nonce_.bind_text(1, nonce);
  const auto row = sqlite::first_row<int>(find_nonce_, [](auto&) { return 1; });
  if (!row) return Result<bool>(boost::system::in_place_error, row.error());
  return row->has_value();
}

Result<std::optional<ConnRecord>> SqliteAuditStore::find_open(std::string_view device,
                                                              std::string_view uuid,
                                                              std::int32_t conn_id) {
  find_open_.bind_text(1, device);
  find_open_.bind_text(2, uuid);
  find_open_.bind_number(3, conn_id);
  return sqlite::first_row<ConnRecord>(find_open_, conn_of);
}

Result<std::optional<ConnRecord>> SqliteAuditStore::find_session(std::string_view device,
                                                                 std::uint64_t session,
                                                                 std::optional<std::int64_t> type) {
  find_session_.bind_text(1, device);
  find_session_.bind_number(2, with_sign(session));
  find_session_.bind_number(3, type ? 0 : 1);
  find_session_.bind_number(4, type.value_or(0));
  return sqlite::first_row<ConnRecord>(find_session_, conn_of);
}

Result<std::optional<ConnRecord>> SqliteAuditStore::find_conn(std::string_view guid) {
  find_conn_.bind_text(1, guid);
  return sqlite::first_row<ConnRecord>(find_conn_, conn_of);
}

Result<void> SqliteAuditStore::write_conn(const ConnRecord& conn, int keep) {
  auto& put = put_conn_;
  put.bind_text(1, conn.guid);
  put.bind_text(2, conn.device);
  put.bind_text(3, conn.uuid);
  put.bind_number(4, conn.conn_id);
  put.bind_number(5, with_sign(conn.session));
  put.bind_number(6, conn.authorised ? 1 : 0);
  put.bind_number(7, conn.opened);
  put.bind_number(8, conn.closed);
  put.bind_text(9, conn.ip);
  put.bind_text(10, conn.reference);
  put.bind_text(11, conn.peer_id);
  put.bind_text(12, conn.peer_name);
  put.bind_number(13, conn.type);
  put.bind_number(14, conn.primary_auth);
  put.bind_number(15, conn.two_factor);
  put.bind_text(16, conn.controller);
  put.bind_text(17, conn.note);
  if (const auto done = sqlite::run(put); !done) return done;
  trim_conns_.bind_number(1, keep);
  return sqlite::run(trim_conns_);
}

Result<void> SqliteAuditStore::write(const AuditChange& change, int keep) {
  if (!change.nonce.empty()) {
    put_nonce_.bind_text(1, change.nonce);
    if (const auto done = sqlite::run(put_nonce_); !done) return done;
    trim_nonces_.bind_number(1, keep);
    if (const auto done = sqlite::run(trim_nonces_); !done) return done;
  }
  if (change.event) {
    const int kind = static_cast<int>(change.event->first);
    put_event_.bind_number(1, kind);
    const auto& event = change.event->second;
    put_event_.bind_text(2, event.device);
    put_event_.bind_number(3, event.at);
    put_event_.bind_text(4, event.text);
    if (const auto done = sqlite::run(put_event_); !done) return done;
    trim_events_.bind_number(1, keep);
    trim_events_.bind_number(2, kind);
    if (const auto done = sqlite::run(trim_events_); !done) return done;
  }
  return change.conn ? write_conn(*change.conn, keep) : Result<void>();
}

Result<void> SqliteAuditStore::change(const AuditChange& change, int keep) {
  return sqlite::at_once(database_, [&] { return write(change, keep); });
}

Result<std::vector<ConnRecord>> SqliteAuditStore::conns(std::string_view device, int most) {
  auto& statement = device.empty() ? conns_ : conns_of_;
  statement.bind_number(1, most);
  if (!device.empty()) statement.bind_text(2, device);
  return sqlite::all_rows<ConnRecord>(statement, conn_of);
}

Result<std::vector<EventRecord>> SqliteAuditStore::events(AuditEvent kind, std::string_view device,
                                                          int most) {
  auto& statement = device.empty() ? events_ : events_of_;
  statement.bind_number(1, static_cast<int>(kind));
  statement.bind_number(2, most);
  if (!device.empty()) statement.bind_text(3, device);
  return sqlite::all_rows<EventRecord>(statement, [](sqlite::Statement& row) {
    EventRecord event;
    event.device = row.column(0);
    event.at = row.number(1);
    event.text = row.column(2);
    return event;
  });
}

}  // namespace deskcheck::server
