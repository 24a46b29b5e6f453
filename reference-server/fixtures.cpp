#include "reference-server/fixtures.hpp"

#include "fixtures.schema.json.hpp"
#include "proto/document/schema.hpp"

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

AccountFixture account_of(const Cursor& map) {
  AccountFixture account;
  account.name = text_of(map, "name");
  account.administrator = flag_of(map, "administrator");
  account.disabled = flag_of(map, "disabled");
  account.display_name = text_of(map, "display-name");
  account.email = text_of(map, "email");
  return account;
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
  std::set<std::string> names;
  const auto accounts = document->root().find("accounts");
  for (const auto& one : accounts ? accounts->children() : std::vector<Cursor>()) {
    auto account = account_of(one);
    if (!names.insert(account.name).second)
      mistakes.push_back(one.find("name")->mistake("there are two accounts of this name",
                                                   "give one of them another name"));
    const auto variable = *one.find("password-env");
    const auto password = environment(std::string(variable.text()));
    if (!password || password->empty())
      mistakes.push_back(variable.mistake(
          "the environment variable " + variable.written() + " holds no password", "set it"));
    else
      account.password = *password;
    fixtures.accounts.push_back(std::move(account));
  }
  if (!mistakes.empty()) return mistakes;
  return fixtures;
}

}  // namespace deskcheck::server
