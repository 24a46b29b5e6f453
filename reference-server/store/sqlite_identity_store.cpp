#include "reference-server/store/sqlite_identity_store.hpp"

#include "reference-server/store/rows.hpp"

namespace deskcheck::server {

namespace {

constexpr const char* kProviders =
    "SELECT name, issuer, client_id, client_secret, icon, scopes, makes_accounts "
    "FROM identity_provider ";
constexpr const char* kIdentities = "SELECT issuer, subject, account, provider FROM identity ";

IdentityProviderRecord provider_of(sqlite::Statement& row) {
  IdentityProviderRecord provider;
  provider.name = row.column(0);
  provider.issuer = row.column(1);
  provider.client_id = row.column(2);
  provider.client_secret = row.column(3);
  provider.icon = row.column(4);
  provider.scopes = row.column(5);
  provider.makes_accounts = row.number(6) != 0;
  return provider;
}

IdentityRecord identity_of(sqlite::Statement& row) {
  IdentityRecord identity;
  identity.issuer = row.column(0);
  identity.subject = row.column(1);
  identity.account = row.column(2);
  identity.provider = row.column(3);
  return identity;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

SqliteIdentityStore::SqliteIdentityStore(sqlite::Database& database)
    : providers_(database, std::string(kProviders) + "ORDER BY number"),
      find_provider_(database, std::string(kProviders) + "WHERE name = ?1"),
      put_provider_(database,
                    "INSERT INTO identity_provider (name, issuer, client_id, client_secret, icon, "
                    "scopes, makes_accounts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                    "ON CONFLICT (name) DO UPDATE SET issuer = ?2, client_id = ?3, "
                    "client_secret = ?4, icon = ?5, scopes = ?6, makes_accounts = ?7"),
      remove_provider_(database, "DELETE FROM identity_provider WHERE name = ?1"),
      find_identity_(database, std::string(kIdentities) + "WHERE issuer = ?1 AND subject = ?2"),
      put_identity_(database,
                    "INSERT INTO identity (issuer, subject, account, provider) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (issuer, subject) "
                    "DO UPDATE SET account = ?3, provider = ?4"),
      identities_(database, std::string(kIdentities) + "ORDER BY account, issuer, subject") {}

Result<std::vector<IdentityProviderRecord>> SqliteIdentityStore::providers() {
  return sqlite::all_rows<IdentityProviderRecord>(providers_, provider_of);
}

Result<std::optional<IdentityProviderRecord>> SqliteIdentityStore::find_provider(
    std::string_view name) {
  find_provider_.bind_text(1, name);
  return sqlite::first_row<IdentityProviderRecord>(find_provider_, provider_of);
}

Result<void> SqliteIdentityStore::put_provider(const IdentityProviderRecord& provider) {
  put_provider_.bind_text(1, provider.name);
  put_provider_.bind_text(2, provider.issuer);
  put_provider_.bind_text(3, provider.client_id);
  put_provider_.bind_text(4, provider.client_secret);
  put_provider_.bind_text(5, provider.icon);
  put_provider_.bind_text(6, provider.scopes);
  put_provider_.bind_number(7, provider.makes_accounts ? 1 : 0);
  return sqlite::run(put_provider_);
}

Result<void> SqliteIdentityStore::remove_provider(std::string_view name) {
  remove_provider_.bind_text(1, name);
  return sqlite::run(remove_provider_);
}

Result<std::optional<IdentityRecord>> SqliteIdentityStore::find_identity(std::string_view issuer,
                                                                         std::string_view subject) {
  find_identity_.bind_text(1, issuer);
  find_identity_.bind_text(2, subject);
  return sqlite::first_row<IdentityRecord>(find_identity_, identity_of);
}

Result<void> SqliteIdentityStore::put_identity(const IdentityRecord& identity) {
  put_identity_.bind_text(1, identity.issuer);
  put_identity_.bind_text(2, identity.subject);
  put_identity_.bind_text(3, identity.account);
  put_identity_.bind_text(4, identity.provider);
  return sqlite::run(put_identity_);
}

Result<std::vector<IdentityRecord>> SqliteIdentityStore::identities() {
  return sqlite::all_rows<IdentityRecord>(identities_, identity_of);
}

}  // namespace deskcheck::server
