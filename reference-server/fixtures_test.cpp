#include "reference-server/fixtures.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

boost::system::result<Fixtures, document::Mistakes> parse(const std::string& text) {
  return parse_fixtures(text, "f.yaml", [](const std::string& name) -> std::optional<std::string> {
    if (name == "SECRET") return "s3cret";
    if (name == "EMPTY") return "";
    if (name == "TOTP") return "JBSW Y3DP EHPK 3PXP";
    return std::nullopt;
  });
}

std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> lines;
  if (const auto parsed = parse(text); !parsed)
    for (const auto& mistake : parsed.error()) lines.push_back(to_string(mistake));
  return lines;
}

TEST(Fixtures, NameAccounts) {
  const auto fixtures = parse(
      "accounts:\n"
      "  - {name: alice, password-env: SECRET, administrator: true, display-name: Alice A.,\n"
      "     email: alice@example.org, email-code: true}\n"
      "  - {name: bob, password-env: SECRET, disabled: true}\n");
  ASSERT_TRUE(fixtures);
  ASSERT_EQ(fixtures->accounts.size(), 2u);
  const auto& alice = fixtures->accounts[0];
  EXPECT_EQ(alice.name + " " + alice.password + " " + alice.display_name + " " + alice.email,
            "alice s3cret Alice A. alice@example.org");
  EXPECT_TRUE(alice.administrator && alice.email_code && !alice.disabled);
  EXPECT_TRUE(!fixtures->accounts[1].administrator && fixtures->accounts[1].disabled);
  EXPECT_TRUE(parse("{}")->accounts.empty());
}

TEST(Fixtures, NameSecretsOfSecondFactors) {
  const auto fixtures =
      parse("accounts: [{name: alice, password-env: SECRET, totp-secret-env: TOTP}]");
  ASSERT_TRUE(fixtures);
  EXPECT_EQ(fixtures->accounts[0].totp_secret, "JBSW Y3DP EHPK 3PXP");
  for (const std::string variable : {"EMPTY", "NONE"})
    EXPECT_THAT(mistakes("accounts: [{name: alice, password-env: SECRET, totp-secret-env: " +
                         variable + "}]"),
                ElementsAre(HasSubstr("holds no secret in base32; set it")))
        << variable;
}

TEST(Fixtures, NameBooksAndGroups) {
  const auto fixtures = parse(
      "accounts: [{name: alice, password-env: SECRET, devices: ['123456789', kiosk]}]\n"
      "address-books:\n"
      "  - {name: Team, owner: alice, note: n, password: p, readers: [bob], writers: [carol],\n"
      "     controllers: [dave]}\n"
      "device-groups: [{name: Branch, devices: ['1'], members: [bob]}]\n");
  ASSERT_TRUE(fixtures);
  EXPECT_THAT(fixtures->accounts[0].devices, ElementsAre("123456789", "kiosk"));
  const auto& book = fixtures->books.at(0);
  EXPECT_EQ(book.name + book.owner + book.note + book.password, "Teamalicenp");
  EXPECT_EQ(book.rules, (std::map<std::string, int>{{"bob", 1}, {"carol", 2}, {"dave", 3}}));
  const auto& group = fixtures->device_groups.at(0);
  EXPECT_EQ(group.name + group.devices.at(0) + group.members.at(0), "Branch1bob");
  EXPECT_THAT(mistakes("address-books: [{name: a, owner: x}, {name: a, owner: x}]\n"),
              ElementsAre(HasSubstr("there are two address books of this name")));
  EXPECT_THAT(mistakes("device-groups: [{name: a}, {name: a}]\n"),
              ElementsAre(HasSubstr("there are two device groups of this name")));
  EXPECT_THAT(mistakes("address-books: [{name: a}]\n").front(), HasSubstr("owner"));
}

TEST(Fixtures, NameIdentityProviders) {
  const auto fixtures = parse(
      "identity-providers:\n"
      "  - {name: Corp, issuer: 'https://idp.example/r', client-id: c, client-secret-env: SECRET,\n"
      "     icon: <svg/>, scopes: openid email, makes-accounts: false}\n"
      "  - {name: Other, issuer: 'http://10.0.0.1:80', client-id: c}\n");
  ASSERT_TRUE(fixtures);
  const auto& corp = fixtures->identity_providers.at(0);
  EXPECT_EQ(corp.name + corp.issuer + corp.client_id + corp.client_secret + corp.icon + corp.scopes,
            "Corphttps://idp.example/rcs3cret<svg/>openid email");
  EXPECT_FALSE(corp.makes_accounts);
  const auto& other = fixtures->identity_providers.at(1);
  EXPECT_EQ(other.client_secret + other.scopes, "openid profile email");
  EXPECT_TRUE(other.makes_accounts);
  const auto one = [](const std::string& more) {
    return mistakes("identity-providers: [{name: a, client-id: c, " + more + "}]\n");
  };
  EXPECT_THAT(one("issuer: 'https://h', client-secret-env: NONE"),
              ElementsAre(HasSubstr("holds no secret; set it")));
  for (const auto* issuer : {"h", "https://", "ftp://h", "'https://h?x'", "'https://u@h'"})
    EXPECT_THAT(one("issuer: " + std::string(issuer)), ElementsAre(HasSubstr("issuer"))) << issuer;
  EXPECT_EQ(one("issuer: 'https://h', scopes: email").size(), 1u);
}

TEST(Fixtures, NameStrategies) {
  const auto fixtures = parse(
      "strategies: [{name: s, options: {enable-audio: 'N'}, devices: ['1'], device-groups: [g],\n"
      "  users: [alice]}]\n");
  ASSERT_TRUE(fixtures);
  const auto& strategy = fixtures->strategies.at(0);
  EXPECT_EQ(strategy.name + strategy.options.at("enable-audio"), "sN");
  EXPECT_EQ(strategy.devices.at(0) + strategy.device_groups.at(0) + strategy.users.at(0),
            "1galice");
  EXPECT_THAT(mistakes("strategies: [{name: s, options: {lang: de}}]\n"),
              ElementsAre(HasSubstr("f.yaml:1:40: the option lang has no effect in a strategy")));
  EXPECT_FALSE(mistakes("strategies: [{name: s, options: {enable-audio: true}}]\n").empty());
  EXPECT_THAT(mistakes("strategies: [{name: s, options: {}}, {name: s, options: {}}]\n"),
              ElementsAre(HasSubstr("there are two strategies of this name")));
}

TEST(Fixtures, MistakesAreToldWithTheirPlace) {
  EXPECT_THAT(mistakes("accounts:\n  - {name: a, password-env: MISSING}\n"),
              ElementsAre(HasSubstr("f.yaml:2:29: the environment variable MISSING holds no")));
  EXPECT_THAT(mistakes("accounts:\n  - {name: a, password-env: EMPTY}\n"),
              ElementsAre(HasSubstr("EMPTY holds no password")));
  EXPECT_THAT(mistakes("accounts:\n  - {name: a, password: x}\n").front(), HasSubstr("password"));
  EXPECT_THAT(mistakes("accounts:\n"
                       "  - {name: a, password-env: SECRET}\n"
                       "  - {name: a, password-env: SECRET}\n"),
              ElementsAre(HasSubstr("f.yaml:3:12: there are two accounts of this name")));
  EXPECT_THAT(mistakes("accounts: 5\n"), ElementsAre(HasSubstr("f.yaml:1:11")));
}

}  // namespace
}  // namespace deskcheck::server
