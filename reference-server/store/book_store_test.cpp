#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/schema.hpp"
#include "reference-server/store/sqlite_api_store.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

BookOwner owner(const std::string& account) {
  BookOwner owner;
  owner.key = "account " + account;
  owner.account = account;
  return owner;
}

BookRecord book(const std::string& guid, const std::string& account, bool personal) {
  BookRecord book;
  book.guid = guid;
  book.owner = owner(account);
  book.personal = personal;
  book.name = personal ? "" : "Team " + guid;
  return book;
}

StoredPeer peer(const std::string& id, const std::string& text = "{}") {
  StoredPeer peer;
  peer.id = id;
  peer.text = text;
  return peer;
}

StoredTag tag(const std::string& name, std::uint32_t color) {
  StoredTag tag;
  tag.name = name;
  tag.color = color;
  return tag;
}

void add_accounts(ApiStore& store) {
  for (const char* name : {"alice", "bob"}) {
    AccountRecord account;
    account.name = name;
    EXPECT_TRUE(store.put_account(account));
  }
}

void keeps_books(BookStore& store) {
  EXPECT_FALSE(store.find_legacy(owner("alice")).value());
  EXPECT_TRUE(store.put_legacy(owner("alice"), "1"));
  EXPECT_TRUE(store.put_legacy(owner("alice"), std::string("2\0", 2)));
  EXPECT_EQ(store.find_legacy(owner("alice")).value(), std::string("2\0", 2));
  BookOwner guest;
  guest.key = "token x";
  EXPECT_TRUE(store.put_legacy(guest, "g"));
  EXPECT_EQ(store.find_legacy(guest).value(), "g");

  auto shared = book("b", "alice", false);
  shared.rules = {{"bob", 1}};
  EXPECT_TRUE(store.put_book(book("p", "alice", true)));
  EXPECT_TRUE(store.put_book(shared));
  EXPECT_TRUE(store.put_book(book("a", "alice", false)));
  EXPECT_EQ(store.find_book("b").value(), shared);
  EXPECT_EQ(store.find_named("Team b").value(), shared);
  EXPECT_FALSE(store.find_named("").value());
  EXPECT_EQ(store.find_personal(owner("alice")).value(), book("p", "alice", true));
  EXPECT_FALSE(store.find_personal(owner("bob")).value());
  EXPECT_THAT(store.books_of("alice").value(), ElementsAre(book("a", "alice", false), shared));
  EXPECT_THAT(store.books_of("bob").value(), ElementsAre(shared));
  shared.rules = {};
  shared.note = "n";
  EXPECT_TRUE(store.put_book(shared));
  EXPECT_THAT(store.books_of("bob").value(), IsEmpty());
  EXPECT_EQ(store.find_book("b").value(), shared);
}

void keeps_peers_and_tags(BookStore& store) {
  BookChange change;
  change.put_peers = {peer("2"), peer("1"), peer("3")};
  change.put_tags = {tag("x", 4284955319), tag("y", 1)};
  EXPECT_TRUE(store.change("b", change));
  EXPECT_EQ(store.count_peers("b").value(), 3);
  EXPECT_EQ(store.count_peers("a").value(), 0);
  EXPECT_THAT(store.peers("b", 0, 2).value(), ElementsAre(peer("2"), peer("1")));
  EXPECT_THAT(store.peers("b", 2, 2).value(), ElementsAre(peer("3")));
  EXPECT_THAT(store.peers("b", 1'000'000'000'000, 2).value(), IsEmpty());
  EXPECT_FALSE(store.find_peer("a", "1").value());

  change = {};
  change.rename_tag = {"x", "z"};
  change.put_peers = {peer("2", "new")};
  change.remove_peers = {"3", "nobody"};
  change.remove_tags = {"y"};
  EXPECT_TRUE(store.change("b", change));
  EXPECT_THAT(store.peers("b", 0, 9).value(), ElementsAre(peer("2", "new"), peer("1")));
  EXPECT_EQ(store.find_peer("b", "2").value(), peer("2", "new"));
  EXPECT_THAT(store.tags("b").value(), ElementsAre(tag("z", 4284955319)));
  EXPECT_FALSE(store.change("nothing", change));
}

class BookStoreTest : public ::testing::Test {
 protected:
  BookStoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "book_store.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~BookStoreTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file() const { return folder_ / "db"; }

 private:
  std::filesystem::path folder_;
};

TEST_F(BookStoreTest, KeepsThingsInMemory) {
  MemoryApiStore store;
  add_accounts(store);
  keeps_books(store.books());
  keeps_peers_and_tags(store.books());
}

TEST_F(BookStoreTest, KeepsThingsInAFile) {
  {
    SqliteApiStore store(file());
    add_accounts(store);
    keeps_books(store.books());
    keeps_peers_and_tags(store.books());
  }
  SqliteApiStore again(file());
  EXPECT_EQ(again.books().count_peers("b").value(), 2);
  EXPECT_EQ(again.books().find_legacy(owner("alice")).value(), std::string("2\0", 2));
}

TEST_F(BookStoreTest, BooksEndWithTheirAccounts) {
  SqliteApiStore store(file());
  EXPECT_FALSE(store.books().put_book(book("p", "nobody", true)));
  add_accounts(store);
  auto shared = book("b", "alice", false);
  shared.rules = {{"bob", 1}, {"nobody", 1}};
  EXPECT_FALSE(store.books().put_book(shared));
  EXPECT_FALSE(store.books().find_book("b").value()) << "all or nothing";
  shared.rules = {{"bob", 1}};
  EXPECT_TRUE(store.books().put_book(shared));
  keeps_peers_and_tags(store.books());
  EXPECT_TRUE(store.database().run("DELETE FROM account WHERE name = 'bob'"));
  EXPECT_THAT(store.books().find_book("b").value()->rules, IsEmpty());
  EXPECT_TRUE(store.database().run("DELETE FROM account"));
  EXPECT_FALSE(store.books().find_book("b").value());
  EXPECT_EQ(store.database().number("SELECT count(*) FROM address_book_peer").value(), 0);
}

TEST_F(BookStoreTest, FilesOfBeforeGetBooks) {
  {
    auto older = prepared(sqlite::Database(file()), 2);
    ASSERT_TRUE(older.run("INSERT INTO account VALUES ('alice', 'h', 0, 0, '', '')"));
  }
  SqliteApiStore store(file());
  EXPECT_TRUE(store.find_account("alice").value());
  EXPECT_TRUE(store.books().put_book(book("p", "alice", true)));
}

}  // namespace
}  // namespace deskcheck::server
