// The ApiStore in an SQLite file: the same file as that of the devices, on a connection of its own.
// A put that succeeded survives the end of the process and of the machine; one that failed has
// changed nothing.
#pragma once

#include "reference-server/store/api_store.hpp"
#include "reference-server/store/sqlite.hpp"
#include "reference-server/store/sqlite_audit_store.hpp"
#include "reference-server/store/sqlite_book_store.hpp"
#include "reference-server/store/sqlite_fleet_store.hpp"
#include "reference-server/store/sqlite_identity_store.hpp"

namespace deskcheck::server {

class SqliteApiStore final : public ApiStore {
 public:
  // Opens or creates `file`, and brings it to the version of this program. Throws
  // std::runtime_error, whose one line names the file and the reason.
  explicit SqliteApiStore(const std::filesystem::path& file)
      : SqliteApiStore(sqlite::Database(file)) {}
  explicit SqliteApiStore(sqlite::Database database);
  SqliteApiStore(const SqliteApiStore&) = delete;
  SqliteApiStore& operator=(const SqliteApiStore&) = delete;

  Result<std::optional<AccountRecord>> find_account(std::string_view name) override;
  Result<void> put_account(const AccountRecord& account) override;
  Result<void> put_account(const AccountRecord& account, const IdentityRecord& identity) override;
  Result<void> remove_account(std::string_view name) override;
  Result<std::vector<AccountRecord>> accounts() override;
  Result<std::optional<TokenRecord>> find_token(std::string_view hash) override;
  Result<void> put_token(const TokenRecord& token, int keep) override;
  Result<void> remove_token(std::string_view hash) override;
  Result<void> remove_tokens_of(std::string_view account) override;
  Result<std::optional<ScriptTokenRecord>> find_script_token(std::string_view hash) override;
  Result<void> put_script_token(const ScriptTokenRecord& token) override;
  Result<void> remove_script_token(std::string_view name) override;
  Result<std::vector<ScriptTokenRecord>> script_tokens() override;
  Result<void> put_client(const ClientRecord& client, int keep) override;
  Result<std::vector<ClientRecord>> clients_of(std::string_view account) override;
  Result<std::vector<ClientRecord>> clients_at(std::string_view device) override;
  Result<std::optional<DeviceReport>> find_report(std::string_view id) override;
  Result<void> put_report(const DeviceReport& report) override;
  Result<int> count_reports() override;
  Result<std::vector<std::string>> reported(std::string_view after, int most) override;
  Result<std::optional<std::string>> find_setting(std::string_view name) override;
  Result<void> put_setting(std::string_view name, std::string_view value) override;
  BookStore& books() override { return books_; }
  AuditStore& audits() override { return audits_; }
  FleetStore& fleet() override { return fleet_; }
  IdentityStore& identities() override { return identities_; }
  sqlite::Database& database() { return database_; }

 private:
  sqlite::Database database_;
  sqlite::Statement find_account_, put_account_, remove_account_, accounts_;
  sqlite::Statement find_token_, put_token_, trim_tokens_, remove_token_, remove_tokens_of_;
  sqlite::Statement find_script_token_, put_script_token_, remove_script_token_, script_tokens_;
  sqlite::Statement put_client_, trim_clients_, clients_of_, clients_at_;
  sqlite::Statement find_report_, put_report_, reported_;
  sqlite::Statement find_setting_, put_setting_;
  SqliteBookStore books_;
  SqliteAuditStore audits_;
  SqliteFleetStore fleet_;
  SqliteIdentityStore identities_;
};

}  // namespace deskcheck::server
