// The address books of an account as the client keeps them: which kind the server has, what is read
// when, and how a peer is added. Other changes, synchronisation with recent sessions and the gzip
// coding of old releases are not simulated. Source: http-api.md chapters 2 and 3.
#pragma once

#include "client-sim/account/paged_list.hpp"
#include "client-sim/account/sign_in.hpp"

#include <map>

namespace deskcheck::sim {

enum class BookMode { unknown, legacy, shared };

inline constexpr char kPersonalBook[] = "My address book";
inline constexpr char kLegacyBook[] = "Legacy address book";

struct AddressBook {
  std::string guid;  // empty: the legacy one
  std::string name, owner;
  int rule = 0;  // of shared ones: 1 reads, 2 writes, 3 controls
  bool personal = false;
  bool initialised = false;  // has been read
  std::string failure;       // of the last reading
  std::vector<boost::json::object> peers;
  std::map<std::string, std::int64_t> tags;  // colours, 0xAARRGGBB

  AddressBook() = default;
  bool can_write() const { return personal || guid.empty() || rule == 2 || rule == 3; }
  const boost::json::object* peer(std::string_view id) const;
};

class AddressBooks {
 public:
  // Both outlive it.
  AddressBooks(HttpStacks* stacks, SignIn* sign_in) : stacks_(stacks), sign_in_(sign_in) {}

  // The list of books and the current one, which is the personal one. A 401 signs out.
  Task<void> pull();
  // {"id", and what else the user gave: "alias", "tags", "note", "password"}. What the user reads;
  // empty: it is in the book.
  Task<std::string> add_peer(std::string book, boost::json::object peer);
  // A shared book that the user chooses to look at.
  Task<void> open(std::string book);
  void clear();

  BookMode mode() const { return mode_; }
  // Of the list of books; empty: none.
  const std::string& failure() const { return failure_; }
  // By name, which is how clients tell them apart.
  const std::map<std::string, AddressBook>& all() const { return books_; }
  const AddressBook* find(const std::string& name) const;
  // "My address book" or "Legacy address book".
  const char* own_name() const { return mode_ == BookMode::legacy ? kLegacyBook : kPersonalBook; }

 private:
  Task<bool> ask_personal(std::optional<std::string>* guid);
  Task<void> ask_settings();
  Task<void> ask_profiles(std::map<std::string, AddressBook>* found);
  Task<void> pull_book(std::string name);
  Task<void> pull_shared(AddressBook* book);
  Task<void> pull_legacy(AddressBook* book);
  Task<std::string> push_legacy(AddressBook* book);
  Task<std::string> add_shared(AddressBook* book, boost::json::object peer);
  void list_failed(const std::string& failure, int status);
  void book_failed(AddressBook* book, const std::string& failure, int status);

  HttpStacks* stacks_;
  SignIn* sign_in_;
  BookMode mode_ = BookMode::unknown;
  std::string failure_;
  std::int64_t most_peers_ = 0;  // per book; 0: any number
  std::map<std::string, AddressBook> books_;
};

}  // namespace deskcheck::sim
