// The AuditStore in an SQLite file, on the connection of its owner.
#pragma once

#include "reference-server/store/audit_store.hpp"
#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

class SqliteAuditStore final : public AuditStore {
 public:
  // Of the newest version; outlives the store.
  explicit SqliteAuditStore(sqlite::Database& database);

  Result<bool> knows(std::string_view nonce) override;
  Result<std::optional<ConnRecord>> find_open(std::string_view device, std::string_view uuid,
                                              std::int32_t conn_id) override;
  Result<std::optional<ConnRecord>> find_session(std::string_view device, std::uint64_t session,
                                                 std::optional<std::int64_t> type) override;
  Result<std::optional<ConnRecord>> find_conn(std::string_view guid) override;
  Result<void> change(const AuditChange& change, int keep) override;
  Result<std::vector<ConnRecord>> conns(std::string_view device, int most) override;
  Result<std::vector<EventRecord>> events(AuditEvent kind, std::string_view device,
                                          int most) override;

 private:
  Result<void> write_conn(const ConnRecord& conn, int keep);
  Result<void> write(const AuditChange& change, int keep);

  sqlite::Database& database_;
  sqlite::Statement find_nonce_, put_nonce_, trim_nonces_;
  sqlite::Statement find_open_, find_session_, find_conn_, put_conn_, trim_conns_, conns_,
      conns_of_;
  sqlite::Statement put_event_, trim_events_, events_, events_of_;
};

}  // namespace deskcheck::server
