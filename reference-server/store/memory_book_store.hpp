// A BookStore that lives as long as its owner.
#pragma once

#include "reference-server/store/book_store.hpp"

namespace deskcheck::server {

class MemoryBookStore final : public BookStore {
 public:
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

  // The account is no more.
  void forget(std::string_view account);

 private:
  struct Legacy {
    std::string account, text;
  };
  struct Book {
    BookRecord record;
    std::vector<StoredPeer> peers;
    std::vector<StoredTag> tags;
  };
  template <class T>
  using Map = std::map<std::string, T, std::less<>>;

  template <class Is>
  std::optional<BookRecord> find(Is is) const;

  Map<Legacy> legacy_;  // by the key of the owner
  Map<Book> books_;     // by guid
};

}  // namespace deskcheck::server
