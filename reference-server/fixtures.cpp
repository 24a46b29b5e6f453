#include "reference-server/fixtures.hpp"

#include "fixtures.schema.json.hpp"
#include "proto/document/schema.hpp"
#include "reference-server/admin/strategy_options.hpp"
#include "reference-server/identity/totp.hpp"
#include "reference-server/oidc/web_url.hpp"

#include <set>

namespace deskcheck::server {

namespace {

using document::Cursor;

std::string text_of(const Cursor& map, std::string_view key) {
  const auto found = map.find(key);
  return found ? std::string(found->text()) : std::string();
}

bool flag_of(const Cursor& map, std::string_view key) {
  const auto found = map.find(key);
  return found && found->json().as_bool();
}

std::vector<Cursor> list_of(const Cursor& map, std::string_view key) {
  const auto found = map.find(key);
  return found ? found->children() : std::vector<Cursor>();
}

std::vector<std::string> texts_of(const Cursor& map, std::string_view key) {
  std::vector<std::string> texts;
  for (const auto& one : list_of(map, key)) texts.emplace_back(one.text());
  return texts;
}

AccountFixture account_of(const Cursor& map) {
  AccountFixture account;
  account.name = text_of(map, "name");
  account.administrator = flag_of(map, "administrator");
  account.disabled = flag_of(map, "disabled");
  account.display_name = text_of(map, "display-name");
  account.email = text_of(map, "email");
  account.email_code = flag_of(map, "email-code");
  account.devices = texts_of(map, "devices");
  return account;
}

// Accounts of former files may be in the database, so whether one exists is not known here.
BookFixture book_of(const Cursor& map) {
  BookFixture book;
  book.name = text_of(map, "name");
  book.owner = text_of(map, "owner");
  book.note = text_of(map, "note");
  book.password = text_of(map, "password");
  int rule = 0;
  for (const char* key : {"readers", "writers", "controllers"}) {
    ++rule;
    for (const auto& account : texts_of(map, key)) book.rules[account] = rule;
  }
  return book;
}

DeviceGroupFixture device_group_of(const Cursor& map) {
  DeviceGroupFixture group;
  group.name = text_of(map, "name");
  group.devices = texts_of(map, "devices");
  group.members = texts_of(map, "members");
  return group;
}

StrategyFixture strategy_of(const Cursor& map, document::Mistakes& mistakes) {
  StrategyFixture strategy;
  strategy.name = text_of(map, "name");
  for (const auto& option : map.find("options")->children()) {
    const std::string key(option.key()), value(option.text());
    strategy.options[key] = value;
    if (const auto wrong = admin::mistake_of_option(key, value); !wrong.empty())
      mistakes.push_back(option.mistake("the option " + key + wrong));
  }
  strategy.devices = texts_of(map, "devices");
  strategy.device_groups = texts_of(map, "device-groups");
  strategy.users = texts_of(map, "users");
  return strategy;
}

// Adds a mistake for each name in the list that is there twice.
void check_names(const Cursor& root, std::string_view list, const std::string& what,
                 document::Mistakes& mistakes) {
  std::set<std::string> names;
  for (const auto& one : list_of(root, list))
    if (!names.insert(text_of(one, "name")).second)
      mistakes.push_back(one.find("name")->mistake("there are two " + what + " of this name",
                                                   "give one of them another name"));
}

std::string totp_secret_of(const Cursor& variable, const EnvironmentVariable& environment,
                           document::Mistakes& mistakes) {
  const auto secret = environment(std::string(variable.text()));
  if (secret && identity::secret_bytes(*secret)) return *secret;
  mistakes.push_back(variable.mistake(
      "the environment variable " + variable.written() + " holds no secret in base32", "set it"));
  return {};
}

IdentityProviderFixture provider_of(const Cursor& map, const EnvironmentVariable& environment,
                                    document::Mistakes& mistakes) {
  IdentityProviderFixture provider;
  provider.name = text_of(map, "name");
  provider.issuer = text_of(map, "issuer");
  provider.client_id = text_of(map, "client-id");
  provider.icon = text_of(map, "icon");
  if (map.find("scopes")) provider.scopes = text_of(map, "scopes");
  if (!oidc::is_base_url(provider.issuer))
    mistakes.push_back(map.find("issuer")->mistake("the issuer is no URL without ? and #",
                                                   "write https://HOST or https://HOST/PATH"));
  if (!oidc::asks_for_identity(provider.scopes))
    mistakes.push_back(map.find("scopes")->mistake("the scopes have no openid", "add it"));
  if (map.find("makes-accounts")) provider.makes_accounts = flag_of(map, "makes-accounts");
  const auto variable = map.find("client-secret-env");
  if (!variable) return provider;
  provider.client_secret = environment(std::string(variable->text())).value_or("");
  if (provider.client_secret.empty())
    mistakes.push_back(variable->mistake(
        "the environment variable " + variable->written() + " holds no secret", "set it"));
  return provider;
}

}  // namespace

boost::system::result<Fixtures, document::Mistakes> parse_fixtures(
    std::string_view text, const std::string& name, const EnvironmentVariable& environment) {
  static const document::Schema schema(kSchema);
  const auto document = document::parse(text, name);
  if (!document) return document::Mistakes{document.error()};
  auto mistakes = schema.check(*document);
  if (!mistakes.empty()) return mistakes;
  Fixtures fixtures;
  const auto& root = document->root();
  check_names(root, "accounts", "accounts", mistakes);
  check_names(root, "address-books", "address books", mistakes);
  check_names(root, "device-groups", "device groups", mistakes);
  check_names(root, "strategies", "strategies", mistakes);
  check_names(root, "identity-providers", "identity providers", mistakes);
  for (const auto& one : list_of(root, "identity-providers"))
    fixtures.identity_providers.push_back(provider_of(one, environment, mistakes));
  for (const auto& one : list_of(root, "strategies"))
    fixtures.strategies.push_back(strategy_of(one, mistakes));
  for (const auto& one : list_of(root, "address-books")) fixtures.books.push_back(book_of(one));
  for (const auto& one : list_of(root, "device-groups"))
    fixtures.device_groups.push_back(device_group_of(one));
  for (const auto& one : list_of(root, "accounts")) {
    auto account = account_of(one);
    const auto variable = *one.find("password-env");
    const auto password = environment(std::string(variable.text()));
    if (!password || password->empty())
      mistakes.push_back(variable.mistake(
          "the environment variable " + variable.written() + " holds no password", "set it"));
    else
      account.password = *password;
    if (const auto secret = one.find("totp-secret-env"))
      account.totp_secret = totp_secret_of(*secret, environment, mistakes);
    fixtures.accounts.push_back(std::move(account));
  }
  if (!mistakes.empty()) return mistakes;
  return fixtures;
}

}  // namespace deskcheck::server
