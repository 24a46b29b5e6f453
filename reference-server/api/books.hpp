// Which address books there are and who may do what with them: one of his own for everybody, and
// those that the operator has set up for several accounts. Sans-IO; everything is stored. A guid is
// 122 random bits, but knowing one gives no right.
// Source of the rules: http-api.md chapter 3.
#pragma once

#include "reference-server/api/http.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"

#include <set>

namespace deskcheck::server::api {

class Books {
 public:
  template <class T>
  using Result = boost::system::result<T>;
  enum Rule { read = 1, write = 2, control = 3 };
  struct Opened {
    BookRecord book;
    int rule = read;
  };

  // `options` and `store` outlive the books. Stores the books of the options; those that are no
  // longer among them stay. Throws identity::AccountError: one line, the book that cannot be.
  Books(const Options& options, ApiStore& store, net::Random random);

  // Created when it is asked for first.
  Result<BookRecord> personal(const BookOwner& owner);
  // Of several accounts, by name.
  Result<std::vector<Opened>> shared(const BookOwner& owner);
  // Nothing for a book that does not exist or is none of the owner's business.
  Result<std::optional<Opened>> open(const BookOwner& owner, std::string_view guid);
  // The operator's side: makes or changes a shared one. Empty, or why it cannot be, as the end of a
  // sentence about the book.
  std::string put(const BookFixture& book);
  // How many peers a book may have.
  int most_peers() const;
  BookStore& store() { return store_.books(); }
  const WrongApi& wrong() const { return options_.faults.policies; }

  // Names and ids that a wrong server shows twice, by book.
  std::set<std::pair<std::string, std::string>> doubled;

 private:
  int rule_of(const BookRecord& book, const BookOwner& owner) const;

  const Options& options_;
  ApiStore& store_;
  net::Random random_;
};

// The caller as an owner: his account, or the token if it is one of the options.
BookOwner owner_of(const AccountRecord& caller, const Request& request);

}  // namespace deskcheck::server::api
