// Where the HTTP API keeps address books: one text per owner for old clients, and books of peers
// and tags. An owner is a key: of an account, whose end is the end of its books, or of somebody who
// has none. Knows nothing of what peers consist of. What is acknowledged survives the end of the
// process.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

struct BookOwner {
  std::string key;      // one per owner
  std::string account;  // a stored one; empty: nobody's that is known

  BookOwner() = default;
  bool operator==(const BookOwner&) const = default;
};

struct BookRecord {
  std::string guid;
  BookOwner owner;
  bool personal = false;             // of these an owner has one
  std::string name;                  // of one that is not personal: no other has it
  std::string note, password;        // told to whoever may read
  std::map<std::string, int> rules;  // of stored accounts: 1 reads, 2 writes, 3 controls

  BookRecord() = default;
  bool operator==(const BookRecord&) const = default;
};

struct StoredPeer {
  std::string id;    // one in a book
  std::string text;  // JSON

  StoredPeer() = default;
  bool operator==(const StoredPeer&) const = default;
};

struct StoredTag {
  std::string name;  // one in a book
  std::uint32_t color = 0;

  StoredTag() = default;
  bool operator==(const StoredTag&) const = default;
};

// What happens to a book at once, or not at all. What is put takes the place of what has its id or
// name, or comes last.
struct BookChange {
  std::vector<StoredPeer> put_peers;
  std::vector<std::string> remove_peers;
  std::vector<StoredTag> put_tags;
  std::vector<std::string> remove_tags;
  std::optional<std::pair<std::string, std::string>> rename_tag;  // old, new; before the others

  BookChange() = default;
};

class BookStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~BookStore() = default;
  virtual Result<std::optional<std::string>> find_legacy(const BookOwner& owner) = 0;
  virtual Result<void> put_legacy(const BookOwner& owner, std::string_view text) = 0;

  virtual Result<std::optional<BookRecord>> find_book(std::string_view guid) = 0;
  virtual Result<std::optional<BookRecord>> find_personal(const BookOwner& owner) = 0;
  virtual Result<std::optional<BookRecord>> find_named(std::string_view name) = 0;
  // Those that are not personal and that the account owns or has a rule for, by name.
  virtual Result<std::vector<BookRecord>> books_of(std::string_view account) = 0;
  // All that are not personal, by name.
  virtual Result<std::vector<BookRecord>> shared_books() = 0;
  // Creates it, or changes all but its peers and tags.
  virtual Result<void> put_book(const BookRecord& book) = 0;
  // With its peers and tags.
  virtual Result<void> remove_book(std::string_view guid) = 0;

  virtual Result<int> count_peers(std::string_view guid) = 0;
  // In the order in which they came.
  virtual Result<std::vector<StoredPeer>> peers(std::string_view guid, std::int64_t first,
                                                std::int64_t most) = 0;
  virtual Result<std::optional<StoredPeer>> find_peer(std::string_view guid,
                                                      std::string_view id) = 0;
  virtual Result<std::vector<StoredTag>> tags(std::string_view guid) = 0;
  virtual Result<void> change(std::string_view guid, const BookChange& change) = 0;
};

}  // namespace deskcheck::server
