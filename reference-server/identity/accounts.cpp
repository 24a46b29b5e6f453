#include "reference-server/identity/accounts.hpp"

#include "proto/wire/sodium.hpp"
#include "reference-server/calendar.hpp"
#include "reference-server/identity/password.hpp"
#include "reference-server/identity/totp_enrolment.hpp"

#include <algorithm>

namespace deskcheck::server::identity {

namespace {

constexpr std::size_t kLongestName = 256;       // bytes
constexpr std::size_t kLongestPassword = 1024;  // bytes
constexpr int kTokensOfAnAccount = 1000;

}  // namespace

std::string new_token(net::Random& random) {
  const auto bytes = random.bytes(32);
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(32, kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), wire::octets(std::string_view(bytes)), bytes.size(),
                    kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

std::string token_hash(std::string_view token) {
  wire::ready_sodium();
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(wire::octets(hash), hash.size(), wire::octets(token), token.size(), nullptr,
                     0);
  return hash;
}

Accounts::Accounts(const Options& options, ApiStore& store, net::Random random)
    : options_(options), store_(store), random_(random), limits_(options.limits) {
  for (const auto& fixture : options.accounts) create(fixture);
}

void Accounts::create(const AccountFixture& fixture) {
  const auto failed = [&](const boost::system::error_code& error) {
    return AccountError("account " + fixture.name + " cannot be stored: " + error.message());
  };
  const auto known = store_.find_account(fixture.name);
  if (!known) throw failed(known.error());
  AccountRecord account;
  account.name = fixture.name;
  account.administrator = fixture.administrator;
  account.disabled = fixture.disabled;
  account.display_name = fixture.display_name;
  account.email = fixture.email;
  account.totp_secret = fixture.totp_secret;
  // What its owner has enrolled since stays.
  if (*known && account.totp_secret.empty()) account.totp_secret = (*known)->totp_secret;
  account.email_code = fixture.email_code;
  const bool same_password = *known && is_password((*known)->password_hash, fixture.password);
  account.password_hash = same_password
                              ? (*known)->password_hash
                              : hash_password(fixture.password, options_.password_cost, random_);
  if (*known && !same_password)
    if (const auto done = store_.remove_tokens_of(fixture.name); !done) throw failed(done.error());
  if (*known == account) return;
  if (const auto done = store_.put_account(account); !done) throw failed(done.error());
}

Changed Accounts::change(const AccountChange& change) {
  if (change.name.size() > kLongestName || change.password.value_or("").size() > kLongestPassword)
    return Changed::too_long;
  const auto known = store_.find_account(change.name);
  if (!known) return Changed::storage_fails;
  const bool has_password = change.password.has_value();
  if (has_password ? change.password->empty() : !*known) return Changed::needs_password;
  auto account = known->value_or(AccountRecord());
  account.name = change.name;
  account.display_name = change.display_name.value_or(account.display_name);
  account.email = change.email.value_or(account.email);
  account.administrator = change.administrator.value_or(account.administrator);
  account.disabled = change.disabled.value_or(account.disabled);
  account.email_code = change.email_code.value_or(account.email_code);
  if (account.email_code && account.email.empty()) return Changed::needs_email;
  if (has_password)
    account.password_hash = hash_password(*change.password, options_.password_cost, random_);
  if (*known && has_password && !store_.remove_tokens_of(change.name))
    return Changed::storage_fails;
  return store_.put_account(account) ? Changed::done : Changed::storage_fails;
}

std::string Accounts::new_totp_secret() { return make_totp_secret(random_); }

boost::system::result<bool> Accounts::is_script_token(std::string_view token) {
  const auto& fixed = options_.script_tokens;
  if (token.empty()) return false;
  if (std::find(fixed.begin(), fixed.end(), token) != fixed.end()) return true;
  const auto record = store_.find_script_token(token_hash(token));
  if (!record) return {boost::system::in_place_error, record.error()};
  return record->has_value();
}

boost::system::result<std::string> Accounts::new_script_token(const std::string& name,
                                                              net::Time now) {
  auto token = new_token(random_);
  ScriptTokenRecord record;
  record.name = name;
  record.hash = token_hash(token);
  record.issued = unix_time(options_, now);
  if (const auto done = store_.put_script_token(record); !done) return done.error();
  return token;
}

// The same work whether the account exists or not.
bool Accounts::is_password_of(const std::optional<AccountRecord>& account,
                              const std::string& password) {
  if (account) return is_password(account->password_hash, password);
  if (nobodys_hash_.empty())
    nobodys_hash_ = hash_password(random_.bytes(16), options_.password_cost, random_);
  (void)is_password(nobodys_hash_, password);
  return false;
}

std::variant<SignedIn, Refusal> Accounts::sign_in(const std::string& name,
                                                  const std::string& password, const Address& from,
                                                  net::Time now) {
  const auto checked = check(name, password, from, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  return complete(std::get<AccountRecord>(checked), now);
}

std::variant<AccountRecord, Refusal> Accounts::check(const std::string& name,
                                                     const std::string& password,
                                                     const Address& from, net::Time now) {
  if (name.size() > kLongestName || password.size() > kLongestPassword) return Refusal::wrong;
  if (!limits_.allow(name, from, now)) return Refusal::too_many;
  const auto account = store_.find_account(name);
  if (!account) return Refusal::storage_fails;
  const auto& wrong = options_.faults.policies;
  if (!is_password_of(*account, password) && !(wrong.wrong_password_accepted && *account)) {
    limits_.failed(name, from, now);
    return Refusal::wrong;
  }
  limits_.succeeded(name, from);
  // Only who knows the password hears of this.
  if ((*account)->disabled && !wrong.disabled_accounts_are_served) return Refusal::disabled;
  return **account;
}

std::variant<SignedIn, Refusal> Accounts::complete(const AccountRecord& account, net::Time now) {
  if (account.disabled && !options_.faults.policies.disabled_accounts_are_served)
    return Refusal::disabled;
  SignedIn done;
  done.account = account;
  done.token = new_token(random_);
  TokenRecord record;
  record.hash = token_hash(done.token);
  record.account = account.name;
  record.issued = unix_time(options_, now);
  record.expires = record.issued + options_.token_lifetime.count();
  if (!store_.put_token(record, kTokensOfAnAccount)) return Refusal::storage_fails;
  return done;
}

boost::system::result<std::optional<AccountRecord>> Accounts::who(std::string_view token,
                                                                  net::Time now) {
  const auto& wrong = options_.faults.policies;
  AccountRecord guest;
  guest.name = kGuest;
  guest.administrator =
      std::ranges::find(options_.operator_tokens, token) != options_.operator_tokens.end();
  const std::optional<AccountRecord> nobody;
  if (token.empty()) return nobody;
  const bool fixed = std::ranges::find(options_.tokens, token) != options_.tokens.end();
  if (guest.administrator || fixed || wrong.any_token_is_valid)
    return std::optional<AccountRecord>(guest);
  const auto record = store_.find_token(token_hash(token));
  if (!record) return record.error();
  if (!*record) return nobody;
  if (unix_time(options_, now) >= (*record)->expires && !wrong.expired_tokens_are_valid) {
    (void)store_.remove_token((*record)->hash);
    return nobody;
  }
  auto account = store_.find_account((*record)->account);
  if (account && *account && (*account)->disabled && !wrong.disabled_accounts_are_served)
    return nobody;
  return account;
}

boost::system::result<void> Accounts::sign_out(std::string_view token) {
  if (options_.faults.policies.tokens_survive_logout) return {};
  return store_.remove_token(token_hash(token));
}

boost::system::result<bool> Accounts::expire(std::string_view token, net::Time now) {
  const auto known = store_.find_token(token_hash(token));
  if (!known) return {boost::system::in_place_error, known.error()};
  if (!*known) return false;
  TokenRecord record = **known;
  record.expires = unix_time(options_, now);
  // Whoever comes between the two finds what he would find after them.
  auto done = store_.remove_token(record.hash);
  if (done) done = store_.put_token(record, kTokensOfAnAccount);
  if (!done) return {boost::system::in_place_error, done.error()};
  return true;
}

}  // namespace deskcheck::server::identity
