#include "reference-server/identity/vouched.hpp"

#include "reference-server/identity/accounts.hpp"

#include <algorithm>

namespace deskcheck::server::identity {

namespace {

constexpr std::size_t kLongestText = 256;  // bytes

// Without the spaces around it, which nobody sees; empty if it cannot be the name of an account.
std::string as_name(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(' ') - first + 1);
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (text.size() > kLongestText || std::ranges::any_of(text, is_control)) return {};
  return std::string(text);
}

std::string name_of(const Vouched& person) {
  for (const auto* text : {&person.preferred_username, &person.email})
    if (auto name = as_name(*text); !name.empty()) return name;
  return as_name(person.subject);
}

}  // namespace

std::variant<AccountRecord, NotAdmitted> admit(ApiStore& store,
                                               const IdentityProviderRecord& provider,
                                               const Vouched& person, const WrongOidc& wrong) {
  const auto known = store.identities().find_identity(provider.issuer, person.subject);
  if (!known) return NotAdmitted::storage_fails;
  const auto name = *known ? (*known)->account : name_of(person);
  const auto owner = store.find_account(name);
  if (!owner) return NotAdmitted::storage_fails;
  if (*known || (*owner && wrong.oidc_accounts_go_by_name)) {
    if (!*owner) return NotAdmitted::unknown;
    if ((*owner)->disabled) return NotAdmitted::disabled;
    return **owner;
  }
  if (!provider.makes_accounts || name.empty()) return NotAdmitted::unknown;
  if (*owner || name == kGuest) return NotAdmitted::name_taken;
  AccountRecord account;
  account.name = name;
  account.display_name = as_name(person.display_name);
  account.email = as_name(person.email);
  IdentityRecord identity;
  identity.issuer = provider.issuer;
  identity.subject = person.subject;
  identity.account = name;
  identity.provider = provider.name;
  if (!store.put_account(account, identity)) return NotAdmitted::storage_fails;
  return account;
}

}  // namespace deskcheck::server::identity
