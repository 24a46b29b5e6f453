#include "reference-server/identity/accounts.hpp"

#include "reference-server/store/memory_api_store.hpp"

#include <gtest/gtest.h>

#include <set>

namespace deskcheck::server::identity {
namespace {

using namespace std::chrono_literals;

class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() {
    options.password_cost = PasswordCost::minimal;
    options.tokens = {"fixed"};
    add("alice", "s3cret");
    add("bob", "other");
  }
  void add(const std::string& name, const std::string& password) {
    AccountFixture fixture;
    fixture.name = name;
    fixture.password = password;
    options.accounts.push_back(fixture);
  }
  Accounts& accounts() {
    if (!accounts_) accounts_.emplace(options, store, net::Random(7));
    return *accounts_;
  }
  void restart() { accounts_.reset(); }
  // A token, or the number of the refusal.
  std::string sign_in(const std::string& name, const std::string& password) {
    const auto from = boost::asio::ip::make_address("10.0.0.1");
    const auto result = accounts().sign_in(name, password, from, now);
    if (const auto* done = std::get_if<SignedIn>(&result)) return done->token;
    return std::to_string(static_cast<int>(std::get<Refusal>(result)));
  }
  std::string who(const std::string& token) {
    const auto account = accounts().who(token, now).value();
    return account ? account->name : "nobody";
  }

  Options options;
  MemoryApiStore store;
  net::Time now{1h};

 private:
  std::optional<Accounts> accounts_;
};

TEST_F(AccountsTest, SignInWithTheirPasswordOnly) {
  const auto token = sign_in("alice", "s3cret");
  EXPECT_EQ(token.size(), 43u);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_"),
            std::string::npos);
  EXPECT_EQ(who(token), "alice");
  for (const auto& [name, password] :
       {std::pair("alice", "other"), std::pair("alice", ""), std::pair("Alice", "s3cret"),
        std::pair("", ""), std::pair("nobody", "s3cret")})
    EXPECT_EQ(sign_in(name, password), "0") << name;
  EXPECT_EQ(sign_in(std::string(300, 'x'), "x"), "0");
}

TEST_F(AccountsTest, EveryTokenIsAnother) {
  std::set<std::string> tokens;
  for (int i = 0; i < 50; ++i) tokens.insert(sign_in("alice", "s3cret"));
  EXPECT_EQ(tokens.size(), 50u);
  for (const auto& token : tokens) EXPECT_FALSE(store.find_token(token).value()) << "kept as it is";
}

TEST_F(AccountsTest, TokensEndWithTheSignOut) {
  const auto token = sign_in("alice", "s3cret");
  const auto another = sign_in("alice", "s3cret");
  EXPECT_TRUE(accounts().sign_out(token));
  EXPECT_EQ(who(token), "nobody");
  EXPECT_EQ(who(another), "alice");
  EXPECT_TRUE(accounts().sign_out(token));
  EXPECT_TRUE(accounts().sign_out("nobodys"));
}

TEST_F(AccountsTest, TokensExpire) {
  options.token_lifetime = 1h;
  const auto token = sign_in("alice", "s3cret");
  now += 3599s;
  EXPECT_EQ(who(token), "alice");
  now += 1s;
  EXPECT_EQ(who(token), "nobody");
}

TEST_F(AccountsTest, TokensOfTheOptionsStay) {
  EXPECT_EQ(who("fixed"), kGuest);
  EXPECT_TRUE(accounts().sign_out("fixed"));
  EXPECT_EQ(who("fixed"), kGuest);
  for (const char* bad : {"", "fixe", "fixed "}) EXPECT_EQ(who(bad), "nobody");
}

TEST_F(AccountsTest, TokensOfTheOperatorAdminister) {
  options.operator_tokens = {"operator"};
  options.faults.policies.any_token_is_valid = true;
  const auto administers = [&](const char* token) {
    const auto caller = accounts().who(token, now).value();
    return caller && caller->administrator;
  };
  EXPECT_TRUE(administers("operator"));
  EXPECT_EQ(who("operator"), kGuest) << "no account";
  for (const char* other : {"", "fixed", "operator "}) EXPECT_FALSE(administers(other));
}

TEST_F(AccountsTest, DisabledOnesAreRefused) {
  const auto token = sign_in("bob", "other");
  options.accounts[1].disabled = true;
  restart();
  EXPECT_EQ(who(token), "nobody");
  EXPECT_EQ(sign_in("bob", "other"), "2");
  EXPECT_EQ(sign_in("bob", "wrong"), "0") << "who does not know the password learns nothing";
  options.accounts[1].disabled = false;
  restart();
  EXPECT_EQ(who(token), "bob");
}

TEST_F(AccountsTest, OutliveARestartUntilThePasswordChanges) {
  const auto token = sign_in("alice", "s3cret");
  const auto hash = store.find_account("alice").value()->password_hash;
  restart();
  EXPECT_EQ(who(token), "alice");
  EXPECT_EQ(store.find_account("alice").value()->password_hash, hash);
  options.accounts[0].password = "new";
  restart();
  EXPECT_EQ(who(token), "nobody");
  EXPECT_EQ(sign_in("alice", "s3cret"), "0");
  EXPECT_EQ(who(sign_in("alice", "new")), "alice");
}

TEST_F(AccountsTest, AreNotGuessed) {
  for (int i = 0; i < options.limits.login_attempts; ++i) EXPECT_EQ(sign_in("alice", "x"), "0");
  EXPECT_EQ(sign_in("alice", "s3cret"), "1");
  EXPECT_EQ(sign_in("bob", "other").size(), 43u);
  for (int i = 0; i < options.limits.login_attempts; ++i) EXPECT_EQ(sign_in("nobody", "x"), "0");
  EXPECT_EQ(sign_in("nobody", "x"), "1") << "the same for who does not exist";
  now += options.limits.login_pause;
  EXPECT_EQ(sign_in("alice", "s3cret").size(), 43u);
}

TEST_F(AccountsTest, ScriptsHaveTokensOfTheirOwn) {
  options.script_tokens = {"of the options"};
  const auto token = accounts().new_script_token("deploy", now).value();
  restart();
  EXPECT_TRUE(accounts().is_script_token(token).value());
  EXPECT_TRUE(accounts().is_script_token("of the options").value());
  for (const char* other : {"", "fixed", "deploy"})
    EXPECT_FALSE(accounts().is_script_token(other).value()) << other;
  EXPECT_EQ(who(token), "nobody");
  const auto next = accounts().new_script_token("deploy", now).value();
  EXPECT_TRUE(accounts().is_script_token(next).value());
  EXPECT_FALSE(accounts().is_script_token(token).value()) << "another one of its name";
}

TEST_F(AccountsTest, AnEnrolledSecretStaysWithAnAccountOfTheOptions) {
  accounts();
  auto alice = *store.find_account("alice").value();
  alice.totp_secret = accounts().new_totp_secret();
  EXPECT_EQ(alice.totp_secret.size(), 32u);
  EXPECT_TRUE(store.put_account(alice));
  restart();
  accounts();
  EXPECT_EQ(store.find_account("alice").value(), alice);
}

}  // namespace
}  // namespace deskcheck::server::identity
