// Where the HTTP API keeps accounts, the tokens of those who are signed in, and what devices have
// reported. What a put has acknowledged survives the end of the process.
#pragma once

#include "reference-server/store/audit_store.hpp"
#include "reference-server/store/book_store.hpp"
#include "reference-server/store/fleet_store.hpp"
#include "reference-server/store/identity_store.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::server {

struct AccountRecord {
  std::string name;           // compared byte for byte
  std::string password_hash;  // "$argon2id$...", never the password; empty: there is none
  bool administrator = false;
  bool disabled = false;
  std::string display_name, email;
  std::string totp_secret;  // base32; empty: none
  bool email_code = false;  // signing in takes a code that is sent to `email`, too

  AccountRecord() = default;
  bool operator==(const AccountRecord&) const = default;
};

// A token that was given to somebody who has signed in; the token itself is kept nowhere.
struct TokenRecord {
  std::string hash;  // 32 bytes
  std::string account;
  std::int64_t issued = 0;   // Unix time
  std::int64_t expires = 0;  // Unix time

  TokenRecord() = default;
  bool operator==(const TokenRecord&) const = default;
};

// A client from which an account has signed in.
struct ClientRecord {
  std::string account;
  std::string device;  // its id
  std::string uuid;    // base64, as sent

  ClientRecord() = default;
  bool operator==(const ClientRecord&) const = default;
};

struct DeviceReport {
  std::string id;
  std::string uuid;     // base64, as sent
  std::string sysinfo;  // a JSON object, as sent

  DeviceReport() = default;
  bool operator==(const DeviceReport&) const = default;
};

// A token of scripts that assign and deploy devices; the token itself is kept nowhere.
struct ScriptTokenRecord {
  std::string name;
  std::string hash;         // 32 bytes
  std::int64_t issued = 0;  // Unix time

  ScriptTokenRecord() = default;
  bool operator==(const ScriptTokenRecord&) const = default;
};

class ApiStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~ApiStore() = default;
  // Finding: nothing if it is not there, an error if the storage fails.
  virtual Result<std::optional<AccountRecord>> find_account(std::string_view name) = 0;
  virtual Result<void> put_account(const AccountRecord& account) = 0;
  // Both or none of them.
  virtual Result<void> put_account(const AccountRecord& account,
                                   const IdentityRecord& identity) = 0;
  // With all that is its own: tokens, clients, books, what is assigned to it.
  virtual Result<void> remove_account(std::string_view name) = 0;
  // By name.
  virtual Result<std::vector<AccountRecord>> accounts() = 0;

  virtual Result<std::optional<TokenRecord>> find_token(std::string_view hash) = 0;
  // Of the account's tokens only the `keep` that were issued last stay.
  virtual Result<void> put_token(const TokenRecord& token, int keep) = 0;
  virtual Result<void> remove_token(std::string_view hash) = 0;
  virtual Result<void> remove_tokens_of(std::string_view account) = 0;

  virtual Result<std::optional<ScriptTokenRecord>> find_script_token(std::string_view hash) = 0;
  // In place of the one of its name.
  virtual Result<void> put_script_token(const ScriptTokenRecord& token) = 0;
  virtual Result<void> remove_script_token(std::string_view name) = 0;
  virtual Result<std::vector<ScriptTokenRecord>> script_tokens() = 0;

  // Of the account's clients the `keep` from which it has signed in last stay.
  virtual Result<void> put_client(const ClientRecord& client, int keep) = 0;
  // Each once, the last one first.
  virtual Result<std::vector<ClientRecord>> clients_of(std::string_view account) = 0;
  virtual Result<std::vector<ClientRecord>> clients_at(std::string_view device) = 0;

  virtual Result<std::optional<DeviceReport>> find_report(std::string_view id) = 0;
  virtual Result<void> put_report(const DeviceReport& report) = 0;
  virtual Result<int> count_reports() = 0;
  // The first `most` ids that come after this one.
  virtual Result<std::vector<std::string>> reported(std::string_view after, int most) = 0;

  // Single values of the server.
  virtual Result<std::optional<std::string>> find_setting(std::string_view name) = 0;
  virtual Result<void> put_setting(std::string_view name, std::string_view value) = 0;

  virtual BookStore& books() = 0;
  virtual AuditStore& audits() = 0;
  virtual FleetStore& fleet() = 0;
  virtual IdentityStore& identities() = 0;
};

}  // namespace deskcheck::server
