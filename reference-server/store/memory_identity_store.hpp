// The IdentityStore in memory.
#pragma once

#include "reference-server/store/identity_store.hpp"

#include <map>

namespace deskcheck::server {

class MemoryIdentityStore final : public IdentityStore {
 public:
  Result<std::vector<IdentityProviderRecord>> providers() override { return providers_; }
  Result<std::optional<IdentityProviderRecord>> find_provider(std::string_view name) override;
  Result<void> put_provider(const IdentityProviderRecord& provider) override;
  Result<void> remove_provider(std::string_view name) override;
  Result<std::optional<IdentityRecord>> find_identity(std::string_view issuer,
                                                      std::string_view subject) override;
  Result<void> put_identity(const IdentityRecord& identity) override;
  Result<std::vector<IdentityRecord>> identities() override;
  // An account that is removed.
  void forget(std::string_view account);

 private:
  std::vector<IdentityProviderRecord> providers_;
  std::map<std::pair<std::string, std::string>, IdentityRecord> identities_;  // issuer, subject
};

}  // namespace deskcheck::server
