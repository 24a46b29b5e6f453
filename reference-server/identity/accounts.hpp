// Who may sign in, and who is signed in: accounts with passwords, tokens that expire and can be
// revoked. Sans-IO: time is handed in. A token is 32 random bytes; only its hash is kept. Nobody
// can learn from an answer, or from the time that it takes, whether an account exists.
#pragma once

#include "reference-server/identity/login_limits.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"

#include <stdexcept>
#include <variant>

namespace deskcheck::server::identity {

// One line: the account of the options that cannot be stored.
struct AccountError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct SignedIn {
  AccountRecord account;
  std::string token;  // base64url, 43 characters
};
enum class Refusal { wrong, too_many, disabled, storage_fails };

// What an administrator says of an account; what is nothing stays as it is.
struct AccountChange {
  std::string name;
  std::optional<std::string> password, display_name, email;
  std::optional<bool> administrator, disabled, email_code;

  AccountChange() = default;
};
enum class Changed { done, needs_password, needs_email, too_long, storage_fails };

class Accounts {
 public:
  using Address = boost::asio::ip::address;

  // Both outlive the accounts. Stores the accounts of the options; a changed password ends what
  // was signed in with the old one. Throws AccountError.
  Accounts(const Options& options, ApiStore& store, net::Random random);

  std::variant<SignedIn, Refusal> sign_in(const std::string& name, const std::string& password,
                                          const Address& from, net::Time now);
  // The same in two steps, between which something else may be asked for: whose password it is, and
  // a token for him.
  std::variant<AccountRecord, Refusal> check(const std::string& name, const std::string& password,
                                             const Address& from, net::Time now);
  std::variant<SignedIn, Refusal> complete(const AccountRecord& account, net::Time now);
  // Whose token this is; nothing for one that is not valid (any more). The tokens of the options
  // belong to nobody who has a password; all of them are kGuest's.
  boost::system::result<std::optional<AccountRecord>> who(std::string_view token, net::Time now);
  // The token is valid no more. Those of the options stay.
  boost::system::result<void> sign_out(std::string_view token);
  // The token is over as if its lifetime were; false if nobody is signed in with it.
  boost::system::result<bool> expire(std::string_view token, net::Time now);
  // Of a script that assigns or deploys devices.
  boost::system::result<bool> is_script_token(std::string_view token);

  // The administrator's side. A new account needs a password; a new password ends what was signed
  // in with the old one.
  Changed change(const AccountChange& change);
  std::string new_totp_secret();
  // A token of this name, in place of the one before.
  boost::system::result<std::string> new_script_token(const std::string& name, net::Time now);

 private:
  void create(const AccountFixture& fixture);
  bool is_password_of(const std::optional<AccountRecord>& account, const std::string& password);

  const Options& options_;
  ApiStore& store_;
  net::Random random_;
  LoginLimits limits_;
  std::string nobodys_hash_;  // of no password; made when it is needed first
};

constexpr const char* kGuest = "guest";
// 32 random bytes in base64url: 43 characters.
std::string new_token(net::Random& random);
// What is kept of a token: 32 bytes that tell nothing of it.
std::string token_hash(std::string_view token);

}  // namespace deskcheck::server::identity
