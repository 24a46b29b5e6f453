#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/schema.hpp"
#include "reference-server/store/sqlite_api_store.hpp"
#include "reference-server/store/sqlite_peer_store.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server {
namespace {

class ApiStoreTest : public ::testing::Test {
 protected:
  ApiStoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "api_store.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ApiStoreTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file() const { return folder_ / "db"; }

 private:
  std::filesystem::path folder_;
};

AccountRecord account(const std::string& name) {
  AccountRecord record;
  record.name = name;
  record.password_hash = "$argon2id$";
  record.administrator = true;
  record.display_name = "\xc3\x84";
  record.email = "a@example.org";
  record.totp_secret = "JBSWY3DP";
  record.email_code = true;
  return record;
}

TokenRecord token(const std::string& hash, const std::string& owner) {
  TokenRecord record;
  record.hash = hash;
  record.account = owner;
  record.issued = 5'000'000'000;
  record.expires = 6'000'000'000;
  return record;
}

void keeps_accounts_and_tokens(ApiStore& store) {
  EXPECT_FALSE(store.find_account("alice").value());
  EXPECT_TRUE(store.put_account(account("alice")));
  EXPECT_TRUE(store.put_account(account("bob")));
  EXPECT_EQ(store.find_account("alice").value(), account("alice"));
  EXPECT_FALSE(store.find_account("Alice").value());
  auto disabled = account("alice");
  disabled.disabled = true;
  disabled.administrator = false;
  EXPECT_TRUE(store.put_account(disabled));
  EXPECT_EQ(store.find_account("alice").value(), disabled);

  const std::string hash("\0\xff", 2);
  EXPECT_TRUE(store.put_token(token("b", "bob"), 3));
  EXPECT_TRUE(store.put_token(token(hash, "alice"), 3));
  EXPECT_EQ(store.find_token(hash).value(), token(hash, "alice"));
  EXPECT_TRUE(store.remove_token(hash));
  EXPECT_TRUE(store.remove_token(hash));
  EXPECT_FALSE(store.find_token(hash).value());
  for (const char* one : {"1", "2", "3", "4"}) EXPECT_TRUE(store.put_token(token(one, "alice"), 3));
  EXPECT_FALSE(store.find_token("1").value()) << "the oldest goes";
  EXPECT_TRUE(store.find_token("2").value());
  EXPECT_TRUE(store.remove_tokens_of("alice"));
  EXPECT_FALSE(store.find_token("4").value());
  EXPECT_TRUE(store.find_token("b").value());
}

ClientRecord client(const std::string& owner, const std::string& device) {
  ClientRecord record;
  record.account = owner;
  record.device = device;
  record.uuid = "dQ==";
  return record;
}

// Of the accounts alice and bob.
void keeps_clients(ApiStore& store) {
  for (const char* device : {"1", "2", "1", "3"})
    EXPECT_TRUE(store.put_client(client("alice", device), 2));
  EXPECT_TRUE(store.put_client(client("bob", "3"), 2));
  const auto list = [](const std::vector<ClientRecord>& clients) {
    std::string text;
    for (const auto& one : clients) text += one.account + one.device + " ";
    return text;
  };
  EXPECT_EQ(list(store.clients_of("alice").value()), "alice3 alice1 ");
  EXPECT_EQ(list(store.clients_at("3").value()), "bob3 alice3 ");
  EXPECT_EQ(list(store.clients_at("2").value()), "");
}

void keeps_reports_and_settings(ApiStore& store) {
  DeviceReport report;
  report.id = "123456789";
  report.uuid = "dXVpZA==";
  report.sysinfo = R"({"os":"linux"})";
  EXPECT_FALSE(store.find_report(report.id).value());
  EXPECT_TRUE(store.put_report(report));
  EXPECT_EQ(store.find_report(report.id).value(), report);
  report.sysinfo = "{}";
  EXPECT_TRUE(store.put_report(report));
  EXPECT_EQ(store.find_report(report.id).value(), report);
  EXPECT_EQ(store.count_reports().value(), 1);
  report.id = "987654321";
  EXPECT_TRUE(store.put_report(report));
  EXPECT_EQ(store.reported("", 9).value(), (std::vector<std::string>{"123456789", "987654321"}));
  EXPECT_EQ(store.reported("", 1).value(), std::vector<std::string>{"123456789"});
  EXPECT_EQ(store.reported("123456789", 9).value(), std::vector<std::string>{"987654321"});

  EXPECT_FALSE(store.find_setting("x").value());
  EXPECT_TRUE(store.put_setting("x", "1"));
  EXPECT_TRUE(store.put_setting("x", "2"));
  EXPECT_EQ(store.find_setting("x").value(), "2");
}

// Of the accounts alice and bob.
void keeps_script_tokens_and_forgets_accounts(ApiStore& store) {
  ScriptTokenRecord script;
  script.name = "deploy";
  script.hash = std::string("\0h", 2);
  script.issued = 5'000'000'000;
  EXPECT_TRUE(store.put_script_token(script));
  EXPECT_EQ(store.find_script_token(script.hash).value(), script);
  EXPECT_EQ(store.script_tokens().value(), std::vector{script});
  EXPECT_TRUE(store.remove_script_token("deploy"));
  EXPECT_FALSE(store.find_script_token(script.hash).value());

  BookRecord book;
  book.guid = "g";
  book.owner.key = "account carol";
  book.owner.account = "carol";
  book.personal = true;
  EXPECT_TRUE(store.put_account(account("carol")));
  EXPECT_TRUE(store.put_token(token("c", "carol"), 3));
  EXPECT_TRUE(store.put_client(client("carol", "3"), 2));
  EXPECT_TRUE(store.books().put_book(book));
  EXPECT_TRUE(store.books().put_legacy(book.owner, "{}"));
  EXPECT_EQ(store.accounts().value().size(), 3u);
  EXPECT_EQ(store.accounts().value()[2], account("carol"));
  EXPECT_TRUE(store.remove_account("carol"));
  EXPECT_TRUE(store.remove_account("carol"));
  EXPECT_FALSE(store.find_account("carol").value());
  EXPECT_FALSE(store.find_token("c").value());
  EXPECT_TRUE(store.clients_of("carol").value().empty());
  EXPECT_FALSE(store.books().find_book("g").value());
  EXPECT_FALSE(store.books().find_legacy(book.owner).value());
}

TEST_F(ApiStoreTest, KeepsThingsInMemory) {
  MemoryApiStore store;
  keeps_accounts_and_tokens(store);
  keeps_clients(store);
  keeps_reports_and_settings(store);
  keeps_script_tokens_and_forgets_accounts(store);
}

TEST_F(ApiStoreTest, KeepsThingsInAFile) {
  SqliteApiStore store(file());
  keeps_accounts_and_tokens(store);
  keeps_clients(store);
  keeps_reports_and_settings(store);
  keeps_script_tokens_and_forgets_accounts(store);
  SqliteApiStore again(file());
  EXPECT_TRUE(again.find_account("alice").value());
  EXPECT_TRUE(again.find_token("b").value());
  EXPECT_EQ(again.find_setting("x").value(), "2");
}

TEST_F(ApiStoreTest, SharesItsFileWithTheDevices) {
  {
    const auto older = prepared(sqlite::Database(file()), 1);
    sqlite::Database other(file());
    ASSERT_TRUE(other.run("INSERT INTO peer VALUES ('123456789', 'u', 'k', '10.0.0.1')"));
  }
  SqliteApiStore store(file());
  SqlitePeerStore devices(file());
  EXPECT_EQ(store.database().number("PRAGMA user_version").value(), 8);
  EXPECT_EQ(devices.find("123456789").value()->pk, "k");
  EXPECT_TRUE(store.put_account(account("alice")));
  EXPECT_TRUE(devices.put({"987654321", "u", "k", "10.0.0.1"}));
  EXPECT_TRUE(store.put_token(token("h", "alice"), 3));
}

TEST_F(ApiStoreTest, TokensBelongToAccounts) {
  SqliteApiStore store(file());
  EXPECT_FALSE(store.put_token(token("h", "nobody"), 3));
  EXPECT_TRUE(store.put_account(account("alice")));
  EXPECT_TRUE(store.put_token(token("h", "alice"), 3));
  EXPECT_TRUE(store.database().run("DELETE FROM account"));
  EXPECT_FALSE(store.find_token("h").value());
}

}  // namespace
}  // namespace deskcheck::server
