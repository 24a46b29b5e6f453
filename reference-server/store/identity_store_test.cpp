#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/schema.hpp"
#include "reference-server/store/sqlite_api_store.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server {
namespace {

class IdentityStoreTest : public ::testing::Test {
 protected:
  IdentityStoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "identity_store.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~IdentityStoreTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file() const { return folder_ / "db"; }

 private:
  std::filesystem::path folder_;
};

AccountRecord account_named(const std::string& name) {
  AccountRecord record;
  record.name = name;
  return record;
}

IdentityProviderRecord provider_named(const std::string& name) {
  IdentityProviderRecord record;
  record.name = name;
  record.issuer = "https://idp.example";
  record.client_id = "desk";
  record.client_secret = "s3";
  record.icon = "<svg/>";
  record.scopes = "openid";
  record.makes_accounts = false;
  return record;
}

IdentityRecord identity_of_account(const std::string& account, const std::string& subject) {
  IdentityRecord record;
  record.issuer = "https://idp.example";
  record.subject = subject;
  record.account = account;
  record.provider = "Corp";
  return record;
}

void keeps_providers(IdentityStore& store) {
  EXPECT_TRUE(store.providers().value().empty());
  EXPECT_TRUE(store.put_provider(provider_named("z")));
  EXPECT_TRUE(store.put_provider(provider_named("a")));
  auto changed = provider_named("z");
  changed.makes_accounts = true;
  changed.icon = "";
  EXPECT_TRUE(store.put_provider(changed));
  EXPECT_EQ(store.providers().value(),
            (std::vector<IdentityProviderRecord>{changed, provider_named("a")}));
  EXPECT_EQ(store.find_provider("a").value(), provider_named("a"));
  EXPECT_FALSE(store.find_provider("A").value());
  EXPECT_TRUE(store.remove_provider("z"));
  EXPECT_EQ(store.providers().value().size(), 1u);
}

void keeps_identities(ApiStore& store) {
  auto& identities = store.identities();
  const auto one = identity_of_account("alice", "1");
  EXPECT_TRUE(store.put_account(account_named("alice"), one));
  EXPECT_TRUE(store.put_account(account_named("bob")));
  EXPECT_TRUE(identities.put_identity(identity_of_account("bob", "2")));
  EXPECT_TRUE(identities.put_identity(identity_of_account("alice", "3")));
  EXPECT_EQ(identities.find_identity(one.issuer, "1").value(), one);
  EXPECT_FALSE(identities.find_identity("https://other.example", "1").value());
  EXPECT_FALSE(identities.find_identity(one.issuer, "4").value());
  const auto all = identities.identities().value();
  EXPECT_EQ(all, (std::vector<IdentityRecord>{one, identity_of_account("alice", "3"),
                                              identity_of_account("bob", "2")}));
  EXPECT_TRUE(store.remove_account("alice"));
  EXPECT_FALSE(identities.find_identity(one.issuer, "1").value());
  EXPECT_EQ(identities.identities().value().size(), 1u);
}

TEST_F(IdentityStoreTest, MemoryKeepsProvidersAndIdentities) {
  MemoryApiStore store;
  keeps_providers(store.identities());
  keeps_identities(store);
}

TEST_F(IdentityStoreTest, SqliteKeepsProvidersAndIdentities) {
  {
    SqliteApiStore store(file());
    keeps_providers(store.identities());
    keeps_identities(store);
  }
  SqliteApiStore again(file());
  EXPECT_EQ(again.identities().providers().value().size(), 1u);
  EXPECT_EQ(again.identities().identities().value().size(), 1u);
}

TEST_F(IdentityStoreTest, AnIdentityIsOfAnAccount) {
  SqliteApiStore store(file());
  EXPECT_FALSE(store.identities().put_identity(identity_of_account("nobody", "1")));
  // Both or none.
  EXPECT_FALSE(store.put_account(account_named("carol"), identity_of_account("nobody", "1")));
  EXPECT_FALSE(store.find_account("carol").value());
}

TEST_F(IdentityStoreTest, OlderDatabasesGetIt) {
  {
    auto older = prepared(sqlite::Database(file()), 7);
    ASSERT_TRUE(
        older.run("INSERT INTO account VALUES ('alice', '$argon2id$', 1, 0, '', '', '', 0)"));
  }
  SqliteApiStore store(file());
  EXPECT_TRUE(store.find_account("alice").value());
  keeps_providers(store.identities());
  EXPECT_TRUE(store.identities().put_identity(identity_of_account("alice", "1")));
  EXPECT_EQ(store.identities().identities().value().size(), 1u);
}

}  // namespace
}  // namespace deskcheck::server
