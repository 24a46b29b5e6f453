// An ApiStore that lives as long as its owner.
#pragma once

#include "reference-server/store/api_store.hpp"
#include "reference-server/store/memory_audit_store.hpp"
#include "reference-server/store/memory_book_store.hpp"
#include "reference-server/store/memory_fleet_store.hpp"
#include "reference-server/store/memory_identity_store.hpp"

#include <map>

namespace deskcheck::server {

class MemoryApiStore final : public ApiStore {
 public:
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
  Result<int> count_reports() override { return static_cast<int>(reports_.size()); }
  Result<std::vector<std::string>> reported(std::string_view after, int most) override;
  Result<std::optional<std::string>> find_setting(std::string_view name) override;
  Result<void> put_setting(std::string_view name, std::string_view value) override;
  BookStore& books() override { return books_; }
  AuditStore& audits() override { return audits_; }
  FleetStore& fleet() override { return fleet_; }
  IdentityStore& identities() override { return identities_; }

 private:
  template <class T>
  using Map = std::map<std::string, T, std::less<>>;

  Map<AccountRecord> accounts_;
  Map<TokenRecord> tokens_;                           // by hash
  Map<std::map<std::uint64_t, std::string>> issued_;  // hashes of an account, in their order
  std::uint64_t last_issued_ = 0;
  Map<ScriptTokenRecord> script_tokens_;  // by name
  std::deque<ClientRecord> clients_;      // the last one first
  Map<DeviceReport> reports_;
  Map<std::string> settings_;
  MemoryBookStore books_;
  MemoryAuditStore audits_;
  MemoryFleetStore fleet_;
  MemoryIdentityStore identities_;
};

}  // namespace deskcheck::server
