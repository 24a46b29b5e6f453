// The BookStore in an SQLite file, on the connection of its owner.
#pragma once

#include "reference-server/store/book_store.hpp"
#include "reference-server/store/sqlite.hpp"

namespace deskcheck::server {

class SqliteBookStore final : public BookStore {
 public:
  // Of the newest version; outlives the store.
  explicit SqliteBookStore(sqlite::Database& database);

  Result<std::optional<std::string>> find_legacy(const BookOwner& owner) override;
  Result<void> put_legacy(const BookOwner& owner, std::string_view text) override;
  Result<std::optional<BookRecord>> find_book(std::string_view guid) override;
  Result<std::optional<BookRecord>> find_personal(const BookOwner& owner) override;
  Result<std::optional<BookRecord>> find_named(std::string_view name) override;
  Result<std::vector<BookRecord>> books_of(std::string_view account) override;
  Result<std::vector<BookRecord>> shared_books() override;
  Result<void> put_book(const BookRecord& book) override;
  Result<void> remove_book(std::string_view guid) override;
  Result<int> count_peers(std::string_view guid) override;
  Result<std::vector<StoredPeer>> peers(std::string_view guid, std::int64_t first,
                                        std::int64_t most) override;
  Result<std::optional<StoredPeer>> find_peer(std::string_view guid, std::string_view id) override;
  Result<std::vector<StoredTag>> tags(std::string_view guid) override;
  Result<void> change(std::string_view guid, const BookChange& change) override;

 private:
  // The statement's first book, or all of them, with their rules.
  Result<std::optional<BookRecord>> first_book(sqlite::Statement& statement);
  Result<std::vector<BookRecord>> all_books(sqlite::Statement& statement);
  Result<void> read_rules(BookRecord& book);
  Result<void> write_book(const BookRecord& book);
  Result<void> write_change(std::string_view guid, const BookChange& change);

  sqlite::Database& database_;
  sqlite::Statement find_legacy_, put_legacy_;
  sqlite::Statement find_book_, find_personal_, find_named_, books_of_, shared_books_, put_book_,
      remove_book_;
  sqlite::Statement rules_, clear_rules_, put_rule_;
  sqlite::Statement count_peers_, peers_, find_peer_, put_peer_, remove_peer_;
  sqlite::Statement tags_, rename_tag_, put_tag_, remove_tag_;
};

}  // namespace deskcheck::server
