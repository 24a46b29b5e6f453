// The IdentityStore in an SQLite database, on the connection of the ApiStore.
#pragma once

#include "reference-server/store/identity_store.hpp"
#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

class SqliteIdentityStore final : public IdentityStore {
 public:
  // `database` has its tables, and outlives the store.
  explicit SqliteIdentityStore(sqlite::Database& database);

  Result<std::vector<IdentityProviderRecord>> providers() override;
  Result<std::optional<IdentityProviderRecord>> find_provider(std::string_view name) override;
  Result<void> put_provider(const IdentityProviderRecord& provider) override;
  Result<void> remove_provider(std::string_view name) override;
  Result<std::optional<IdentityRecord>> find_identity(std::string_view issuer,
                                                      std::string_view subject) override;
  Result<void> put_identity(const IdentityRecord& identity) override;
  Result<std::vector<IdentityRecord>> identities() override;

 private:
  sqlite::Statement providers_, find_provider_, put_provider_, remove_provider_;
  sqlite::Statement find_identity_, put_identity_, identities_;
};

}  // namespace deskcheck::server
