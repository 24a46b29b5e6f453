#include "reference-server/store/sqlite_book_store.hpp"

#include "reference-server/store/rows.hpp"

namespace deskcheck::server {

namespace {

constexpr const char* kBook =
    "SELECT guid, owner, account, personal, name, note, password FROM "
    "address_book ";

BookRecord book_of(sqlite::Statement& row) {
  BookRecord book;
  book.guid = row.column(0);
  book.owner.key = row.column(1);
  book.owner.account = row.column(2);
  book.personal = row.number(3) != 0;
  book.name = row.column(4);
  book.note = row.column(5);
  book.password = row.column(6);
  return book;
}

StoredPeer peer_of(sqlite::Statement& row) {
  StoredPeer peer;
  peer.id = row.column(0);
  peer.text = row.column(1);
  return peer;
}

// An empty name of an account is none at all.
void bind_owner(sqlite::Statement& statement, int number, const BookOwner& owner) {
  statement.bind_text(number, owner.key);
  statement.bind_text(number + 1, owner.account);
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

SqliteBookStore::SqliteBookStore(sqlite::Database& database)
    : database_(database),
      find_legacy_(database, "SELECT text FROM legacy_book WHERE owner = ?1"),
      put_legacy_(database,
                  "INSERT INTO legacy_book (owner, account, text) VALUES (?1, nullif(?2, ''), ?3) "
                  "ON CONFLICT (owner) DO UPDATE SET text = ?3"),
      find_book_(database, std::string(kBook) + "WHERE guid = ?1"),
      find_personal_(database, std::string(kBook) + "WHERE owner = ?1 AND personal"),
      find_named_(database, std::string(kBook) + "WHERE name = ?1 AND NOT personal"),
      books_of_(database, std::string(kBook) +
                              "WHERE NOT personal AND (account = ?1 OR guid IN "
                              "(SELECT book FROM address_book_share WHERE account = ?1)) "
                              "ORDER BY name"),
      shared_books_(database, std::string(kBook) + "WHERE NOT personal ORDER BY name"),
      put_book_(database,
                "INSERT INTO address_book (guid, owner, account, personal, name, note, password) "
                "VALUES (?1, ?2, nullif(?3, ''), ?4, ?5, ?6, ?7) ON CONFLICT (guid) DO UPDATE SET "
                "owner = ?2, account = nullif(?3, ''), name = ?5, note = ?6, password = ?7"),
      remove_book_(database, "DELETE FROM address_book WHERE guid = ?1"),
      rules_(database, "SELECT account, rule FROM address_book_share WHERE book = ?1"),
      clear_rules_(database, "DELETE FROM address_book_share WHERE book = ?1"),
      put_rule_(database,
                "INSERT INTO address_book_share (book, account, rule) VALUES (?1, ?2, ?3)"),
      count_peers_(database, "SELECT count(*) FROM address_book_peer WHERE book = ?1"),
      peers_(database,
             "SELECT id, text FROM address_book_peer WHERE book = ?1 ORDER BY number "
             "LIMIT ?3 OFFSET ?2"),
      find_peer_(database, "SELECT id, text FROM address_book_peer WHERE book = ?1 AND id = ?2"),
      put_peer_(database,
                "INSERT INTO address_book_peer (book, id, text) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (book, id) DO UPDATE SET text = ?3"),
      remove_peer_(database, "DELETE FROM address_book_peer WHERE book = ?1 AND id = ?2"),
      tags_(database, "SELECT name, color FROM address_book_tag WHERE book = ?1 ORDER BY number"),
      rename_tag_(database, "UPDATE address_book_tag SET name = ?3 WHERE book = ?1 AND name = ?2"),
      put_tag_(database,
               "INSERT INTO address_book_tag (book, name, color) VALUES (?1, ?2, ?3) "
               "ON CONFLICT (book, name) DO UPDATE SET color = ?3"),
      remove_tag_(database, "DELETE FROM address_book_tag WHERE book = ?1 AND name = ?2") {}

Result<std::optional<std::string>> SqliteBookStore::find_legacy(const BookOwner& owner) {
  find_legacy_.bind_text(1, owner.key);
  return sqlite::first_row<std::string>(find_legacy_, [](auto& row) { return row.column(0); });
}

Result<void> SqliteBookStore::put_legacy(const BookOwner& owner, std::string_view text) {
  bind_owner(put_legacy_, 1, owner);
  put_legacy_.bind_text(3, text);
  return sqlite::run(put_legacy_);
}

Result<void> SqliteBookStore::read_rules(BookRecord& book) {
  rules_.bind_text(1, book.guid);
  auto rules = sqlite::all_rows<std::pair<std::string, int>>(
      rules_, [](auto& row) { return std::pair(row.column(0), static_cast<int>(row.number(1))); });
  if (!rules) return rules.error();
  book.rules.insert(rules->begin(), rules->end());
  return {};
}

Result<std::optional<BookRecord>> SqliteBookStore::first_book(sqlite::Statement& statement) {
  auto book = sqlite::first_row<BookRecord>(statement, book_of);
  if (!book || !*book) return book;
  if (const auto done = read_rules(**book); !done) return done.error();
  return book;
}

Result<std::optional<BookRecord>> SqliteBookStore::find_book(std::string_view guid) {
  find_book_.bind_text(1, guid);
  return first_book(find_book_);
}

Result<std::optional<BookRecord>> SqliteBookStore::find_personal(const BookOwner& owner) {
  find_personal_.bind_text(1, owner.key);
  return first_book(find_personal_);
}

Result<std::optional<BookRecord>> SqliteBookStore::find_named(std::string_view name) {
  find_named_.bind_text(1, name);
  return first_book(find_named_);
}

Result<std::vector<BookRecord>> SqliteBookStore::all_books(sqlite::Statement& statement) {
  auto books = sqlite::all_rows<BookRecord>(statement, book_of);
  if (!books) return books;
  for (auto& book : *books)
    if (const auto done = read_rules(book); !done) return done.error();
  return books;
}

Result<std::vector<BookRecord>> SqliteBookStore::books_of(std::string_view account) {
  books_of_.bind_text(1, account);
  return all_books(books_of_);
}

Result<std::vector<BookRecord>> SqliteBookStore::shared_books() { return all_books(shared_books_); }

Result<void> SqliteBookStore::remove_book(std::string_view guid) {
  remove_book_.bind_text(1, guid);
  return sqlite::run(remove_book_);
}

Result<void> SqliteBookStore::write_book(const BookRecord& book) {
  put_book_.bind_text(1, book.guid);
  bind_owner(put_book_, 2, book.owner);
  put_book_.bind_number(4, book.personal ? 1 : 0);
  put_book_.bind_text(5, book.name);
  put_book_.bind_text(6, book.note);
  put_book_.bind_text(7, book.password);
  auto done = sqlite::run(put_book_);
  if (!done) return done;
  clear_rules_.bind_text(1, book.guid);
  done = sqlite::run(clear_rules_);
  for (const auto& [account, rule] : book.rules) {
    if (!done) return done;
    put_rule_.bind_text(1, book.guid);
    put_rule_.bind_text(2, account);
    put_rule_.bind_number(3, rule);
    done = sqlite::run(put_rule_);
  }
  return done;
}

Result<void> SqliteBookStore::put_book(const BookRecord& book) {
  return sqlite::at_once(database_, [&] { return write_book(book); });
}

Result<int> SqliteBookStore::count_peers(std::string_view guid) {
  count_peers_.bind_text(1, guid);
  const auto count =
      sqlite::first_row<std::int64_t>(count_peers_, [](auto& row) { return row.number(0); });
  if (!count) return count.error();
  return static_cast<int>(count->value_or(0));
}

Result<std::vector<StoredPeer>> SqliteBookStore::peers(std::string_view guid, std::int64_t first,
                                                       std::int64_t most) {
  peers_.bind_text(1, guid);
  peers_.bind_number(2, first);
  peers_.bind_number(3, most);
  return sqlite::all_rows<StoredPeer>(peers_, peer_of);
}

Result<std::optional<StoredPeer>> SqliteBookStore::find_peer(std::string_view guid,
                                                             std::string_view id) {
  find_peer_.bind_text(1, guid);
  find_peer_.bind_text(2, id);
  return sqlite::first_row<StoredPeer>(find_peer_, peer_of);
}

Result<std::vector<StoredTag>> SqliteBookStore::tags(std::string_view guid) {
  tags_.bind_text(1, guid);
  return sqlite::all_rows<StoredTag>(tags_, [](auto& row) {
    StoredTag tag;
    tag.name = row.column(0);
    tag.color = static_cast<std::uint32_t>(row.number(1));
    return tag;
  });
}

Result<void> SqliteBookStore::write_change(std::string_view guid, const BookChange& change) {
  Result<void> done;
  const auto run = [&](sqlite::Statement& statement, std::string_view key) {
    if (!done) return;
    statement.bind_text(1, guid);
    statement.bind_text(2, key);
    done = sqlite::run(statement);
  };
  if (change.rename_tag) {
    rename_tag_.bind_text(3, change.rename_tag->second);
    run(rename_tag_, change.rename_tag->first);
  }
  for (const auto& peer : change.put_peers) {
    put_peer_.bind_text(3, peer.text);
    run(put_peer_, peer.id);
  }
  for (const auto& id : change.remove_peers) run(remove_peer_, id);
  for (const auto& tag : change.put_tags) {
    put_tag_.bind_number(3, tag.color);
    run(put_tag_, tag.name);
  }
  for (const auto& name : change.remove_tags) run(remove_tag_, name);
  return done;
}

Result<void> SqliteBookStore::change(std::string_view guid, const BookChange& change) {
  return sqlite::at_once(database_, [&] { return write_change(guid, change); });
}

}  // namespace deskcheck::server
