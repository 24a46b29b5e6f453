// Where the server keeps its identity providers, and whose accounts are opened by what they say.
#pragma once

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

struct IdentityProviderRecord {
  std::string name;    // compared byte for byte
  std::string issuer;  // a URL
  std::string client_id;
  std::string client_secret;  // as it is: it has to be sent
  std::string icon;           // SVG markup; empty: none
  std::string scopes;         // with spaces between
  bool makes_accounts = true;

  IdentityProviderRecord() = default;
  bool operator==(const IdentityProviderRecord&) const = default;
};

// Somebody whom a provider knows, and his account.
struct IdentityRecord {
  std::string issuer, subject;  // name him, together
  std::string account;
  std::string provider;  // the name of the provider through which he came first

  IdentityRecord() = default;
  bool operator==(const IdentityRecord&) const = default;
};

class IdentityStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~IdentityStore() = default;
  // In the order in which they were made.
  virtual Result<std::vector<IdentityProviderRecord>> providers() = 0;
  virtual Result<std::optional<IdentityProviderRecord>> find_provider(std::string_view name) = 0;
  // In the place of the one of its name.
  virtual Result<void> put_provider(const IdentityProviderRecord& provider) = 0;
  // Identities stay.
  virtual Result<void> remove_provider(std::string_view name) = 0;

  virtual Result<std::optional<IdentityRecord>> find_identity(std::string_view issuer,
                                                              std::string_view subject) = 0;
  // Of an account that exists. ApiStore::remove_account() removes them with it.
  virtual Result<void> put_identity(const IdentityRecord& identity) = 0;
  // By account.
  virtual Result<std::vector<IdentityRecord>> identities() = 0;
};

}  // namespace deskcheck::server
