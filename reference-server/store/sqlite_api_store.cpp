#include "reference-server/store/sqlite_api_store.hpp"

#include "reference-server/store/rows.hpp"
#include "reference-server/store/schema.hpp"

namespace deskcheck::server {

namespace {

using sqlite::first_row;
using sqlite::run;

ClientRecord client_of(sqlite::Statement& row) {
  ClientRecord client;
  client.account = row.column(0);
  client.device = row.column(1);
  client.uuid = row.column(2);
  return client;
}

constexpr const char* kAccount =
    "SELECT name, password_hash, administrator, disabled, display_name, email, totp_secret, "
    "email_code FROM account ";

AccountRecord account_of(sqlite::Statement& row) {
  AccountRecord account;
  account.name = row.column(0);
  account.password_hash = row.column(1);
  account.administrator = row.number(2) != 0;
  account.disabled = row.number(3) != 0;
  account.display_name = row.column(4);
  account.email = row.column(5);
  account.totp_secret = row.column(6);
  account.email_code = row.number(7) != 0;
  return account;
}

ScriptTokenRecord script_token_of(sqlite::Statement& row) {
  ScriptTokenRecord token;
  token.name = row.column(0);
  token.hash = row.column(1);
  token.issued = row.number(2);
  return token;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

SqliteApiStore::SqliteApiStore(sqlite::Database database)
    : database_(prepared(std::move(database))),
      find_account_(database_, std::string(kAccount) + "WHERE name = ?1"),
      put_account_(database_,
                   "INSERT INTO account "
                   "(name, password_hash, administrator, disabled, display_name, email, "
                   "totp_secret, email_code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT "
                   "(name) DO UPDATE SET "
                   "password_hash = ?2, administrator = ?3, disabled = ?4, display_name = ?5, "
                   "email = ?6, totp_secret = ?7, email_code = ?8"),
      remove_account_(database_, "DELETE FROM account WHERE name = ?1"),
      accounts_(database_, std::string(kAccount) + "ORDER BY name"),
      find_token_(database_, "SELECT account, issued, expires FROM token WHERE hash = ?1"),
      put_token_(database_,
                 "INSERT INTO token (hash, account, issued, expires) VALUES (?1, ?2, ?3, ?4)"),
      trim_tokens_(database_,
                   "DELETE FROM token WHERE account = ?1 AND number <= (SELECT number FROM token "
                   "WHERE account = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)"),
      remove_token_(database_, "DELETE FROM token WHERE hash = ?1"),
      remove_tokens_of_(database_, "DELETE FROM token WHERE account = ?1"),
      find_script_token_(database_, "SELECT name, hash, issued FROM script_token WHERE hash = ?1"),
      put_script_token_(database_,
                        "INSERT INTO script_token (name, hash, issued) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (name) DO UPDATE SET hash = ?2, issued = ?3"),
      remove_script_token_(database_, "DELETE FROM script_token WHERE name = ?1"),
      script_tokens_(database_, "SELECT name, hash, issued FROM script_token ORDER BY name"),
      put_client_(database_,
                  "INSERT OR REPLACE INTO client (account, device, uuid) VALUES (?1, ?2, ?3)"),
      trim_clients_(database_,
                    "DELETE FROM client WHERE account = ?1 AND number <= (SELECT number FROM "
                    "client WHERE account = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)"),
      clients_of_(database_,
                  "SELECT account, device, uuid FROM client WHERE account = ?1 "
                  "ORDER BY number DESC"),
      clients_at_(database_,
                  "SELECT account, device, uuid FROM client WHERE device = ?1 "
                  "ORDER BY number DESC"),
      find_report_(database_, "SELECT uuid, sysinfo FROM device_report WHERE id = ?1"),
      put_report_(database_,
                  "INSERT INTO device_report (id, uuid, sysinfo) VALUES (?1, ?2, ?3) "
                  "ON CONFLICT (id) DO UPDATE SET uuid = ?2, sysinfo = ?3"),
      reported_(database_, "SELECT id FROM device_report WHERE id > ?1 ORDER BY id LIMIT ?2"),
      find_setting_(database_, "SELECT value FROM setting WHERE name = ?1"),
      put_setting_(database_,
                   "INSERT INTO setting (name, value) VALUES (?1, ?2) "
                   "ON CONFLICT (name) DO UPDATE SET value = ?2"),
      books_(database_),
      audits_(database_),
      fleet_(database_),
      identities_(database_) {}

Result<std::optional<AccountRecord>> SqliteApiStore::find_account(std::string_view name) {
  find_account_.bind_text(1, name);
  return first_row<AccountRecord>(find_account_, account_of);
}

Result<void> SqliteApiStore::put_account(const AccountRecord& account) {
  put_account_.bind_text(1, account.name);
  put_account_.bind_text(2, account.password_hash);
  put_account_.bind_number(3, account.administrator ? 1 : 0);
  put_account_.bind_number(4, account.disabled ? 1 : 0);
  put_account_.bind_text(5, account.display_name);
  put_account_.bind_text(6, account.email);
  put_account_.bind_text(7, account.totp_secret);
  put_account_.bind_number(8, account.email_code ? 1 : 0);
  return run(put_account_);
}

Result<void> SqliteApiStore::put_account(const AccountRecord& account,
                                         const IdentityRecord& identity) {
  return sqlite::at_once(database_, [&]() -> Result<void> {
    if (const auto done = put_account(account); !done) return done;
    return identities_.put_identity(identity);
  });
}

Result<void> SqliteApiStore::remove_account(std::string_view name) {
  remove_account_.bind_text(1, name);
  return run(remove_account_);
}

Result<std::vector<AccountRecord>> SqliteApiStore::accounts() {
  return sqlite::all_rows<AccountRecord>(accounts_, account_of);
}

Result<std::optional<TokenRecord>> SqliteApiStore::find_token(std::string_view hash) {
  find_token_.bind_blob(1, hash);
  return first_row<TokenRecord>(find_token_, [&](sqlite::Statement& row) {
    TokenRecord token;
    token.hash = hash;
    token.account = row.column(0);
    token.issued = row.number(1);
    token.expires = row.number(2);
    return token;
  });
}

Result<void> SqliteApiStore::put_token(const TokenRecord& token, int keep) {
  put_token_.bind_blob(1, token.hash);
  put_token_.bind_text(2, token.account);
  put_token_.bind_number(3, token.issued);
  put_token_.bind_number(4, token.expires);
  auto done = run(put_token_);
  if (!done) return done;
  trim_tokens_.bind_text(1, token.account);
  trim_tokens_.bind_number(2, keep);
  return run(trim_tokens_);
}

Result<void> SqliteApiStore::remove_token(std::string_view hash) {
  remove_token_.bind_blob(1, hash);
  return run(remove_token_);
}

Result<void> SqliteApiStore::remove_tokens_of(std::string_view account) {
  remove_tokens_of_.bind_text(1, account);
  return run(remove_tokens_of_);
}

Result<std::optional<ScriptTokenRecord>> SqliteApiStore::find_script_token(std::string_view hash) {
  find_script_token_.bind_blob(1, hash);
  return first_row<ScriptTokenRecord>(find_script_token_, script_token_of);
}

Result<void> SqliteApiStore::put_script_token(const ScriptTokenRecord& token) {
  put_script_token_.bind_text(1, token.name);
  put_script_token_.bind_blob(2, token.hash);
  put_script_token_.bind_number(3, token.issued);
  return run(put_script_token_);
}

Result<void> SqliteApiStore::remove_script_token(std::string_view name) {
  remove_script_token_.bind_text(1, name);
  return run(remove_script_token_);
}

Result<std::vector<ScriptTokenRecord>> SqliteApiStore::script_tokens() {
  return sqlite::all_rows<ScriptTokenRecord>(script_tokens_, script_token_of);
}

Result<void> SqliteApiStore::put_client(const ClientRecord& client, int keep) {
  return sqlite::at_once(database_, [&]() -> Result<void> {
    put_client_.bind_text(1, client.account);
    put_client_.bind_text(2, client.device);
    put_client_.bind_text(3, client.uuid);
    if (const auto done = run(put_client_); !done) return done;
    trim_clients_.bind_text(1, client.account);
    trim_clients_.bind_number(2, keep);
    return run(trim_clients_);
  });
}

Result<std::vector<ClientRecord>> SqliteApiStore::clients_of(std::string_view account) {
  clients_of_.bind_text(1, account);
  return sqlite::all_rows<ClientRecord>(clients_of_, client_of);
}

Result<std::vector<ClientRecord>> SqliteApiStore::clients_at(std::string_view device) {
  clients_at_.bind_text(1, device);
  return sqlite::all_rows<ClientRecord>(clients_at_, client_of);
}

Result<std::optional<DeviceReport>> SqliteApiStore::find_report(std::string_view id) {
  find_report_.bind_text(1, id);
  return first_row<DeviceReport>(find_report_, [&](sqlite::Statement& row) {
    DeviceReport report;
    report.id = id;
    report.uuid = row.column(0);
    report.sysinfo = row.column(1);
    return report;
  });
}

Result<void> SqliteApiStore::put_report(const DeviceReport& report) {
  put_report_.bind_text(1, report.id);
  put_report_.bind_text(2, report.uuid);
  put_report_.bind_text(3, report.sysinfo);
  return run(put_report_);
}

Result<int> SqliteApiStore::count_reports() {
  return database_.number("SELECT count(*) FROM device_report");
}

Result<std::vector<std::string>> SqliteApiStore::reported(std::string_view after, int most) {
  reported_.bind_text(1, after);
  reported_.bind_number(2, most);
  return sqlite::all_rows<std::string>(reported_,
                                       [](sqlite::Statement& row) { return row.column(0); });
}

Result<std::optional<std::string>> SqliteApiStore::find_setting(std::string_view name) {
  find_setting_.bind_text(1, name);
  return first_row<std::string>(find_setting_,
                                [](sqlite::Statement& row) { return row.column(0); });
}

Result<void> SqliteApiStore::put_setting(std::string_view name, std::string_view value) {
  put_setting_.bind_text(1, name);
  put_setting_.bind_text(2, value);
  return run(put_setting_);
}

}  // namespace deskcheck::server
