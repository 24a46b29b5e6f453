#include "reference-server/store/memory_identity_store.hpp"

#include <algorithm>
#include <tuple>

namespace deskcheck::server {

template <class T>
using Result = boost::system::result<T>;

Result<std::optional<IdentityProviderRecord>> MemoryIdentityStore::find_provider(
    std::string_view name) {
  for (const auto& provider : providers_)
    if (provider.name == name) return std::optional(provider);
  return std::optional<IdentityProviderRecord>();
}

Result<void> MemoryIdentityStore::put_provider(const IdentityProviderRecord& provider) {
  for (auto& known : providers_)
    if (known.name == provider.name) {
      known = provider;
      return {};
    }
  providers_.push_back(provider);
  return {};
}

Result<void> MemoryIdentityStore::remove_provider(std::string_view name) {
  std::erase_if(providers_, [&](const auto& provider) { return provider.name == name; });
  return {};
}

Result<std::optional<IdentityRecord>> MemoryIdentityStore::find_identity(std::string_view issuer,
                                                                         std::string_view subject) {
  const auto found = identities_.find({std::string(issuer), std::string(subject)});
  if (found == identities_.end()) return std::optional<IdentityRecord>();
  return std::optional(found->second);
}

Result<void> MemoryIdentityStore::put_identity(const IdentityRecord& identity) {
  identities_.insert_or_assign({identity.issuer, identity.subject}, identity);
  return {};
}

Result<std::vector<IdentityRecord>> MemoryIdentityStore::identities() {
  std::vector<IdentityRecord> all;
  for (const auto& [key, identity] : identities_) all.push_back(identity);
  std::ranges::sort(all, [](const IdentityRecord& a, const IdentityRecord& b) {
    return std::tie(a.account, a.issuer, a.subject) < std::tie(b.account, b.issuer, b.subject);
  });
  return all;
}

void MemoryIdentityStore::forget(std::string_view account) {
  std::erase_if(identities_, [&](const auto& one) { return one.second.account == account; });
}

}  // namespace deskcheck::server
