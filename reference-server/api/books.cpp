#include "reference-server/api/books.hpp"

#include "proto/wire/keys.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/guid.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

constexpr int kMostPeersOfBook = 20'000;
// What clients call books of their own: HTTP-ABPROF-04.
constexpr std::string_view kReserved[] = {"My address book", "Legacy address book"};

BookOwner owner_named(const std::string& account) {
  BookOwner owner;
  owner.key = "account " + account;
  owner.account = account;
  return owner;
}

}  // namespace

BookOwner owner_of(const AccountRecord& caller, const Request& request) {
  if (!caller.password_hash.empty()) return owner_named(caller.name);
  BookOwner owner;
  owner.key = "token " + wire::to_base64(identity::token_hash(bearer(request)));
  return owner;
}

Books::Books(const Options& options, ApiStore& store, net::Random random)
    : options_(options), store_(store), random_(random) {
  std::set<std::string> names;
  for (const auto& fixture : options.books) {
    const auto mistake = names.insert(fixture.name).second ? put(fixture) : "is there twice";
    if (!mistake.empty())
      throw identity::AccountError("address book '" + fixture.name + "' " + mistake);
  }
}

std::string Books::put(const BookFixture& fixture) {
  if (fixture.name.empty() || std::ranges::find(kReserved, fixture.name) != std::end(kReserved))
    return "has a name that clients use for another one";
  // An operator without an account owns nothing: see Options::operator_tokens.
  const bool nobodys = fixture.owner == identity::kGuest;
  std::vector<std::string> accounts;
  if (!nobodys) accounts.push_back(fixture.owner);
  for (const auto& [account, rule] : fixture.rules) {
    if (rule < read || rule > control) return "has a rule that is not 1, 2 or 3";
    accounts.push_back(account);
  }
  for (const auto& account : accounts) {
    const auto known = store_.find_account(account);
    if (known && !*known) return "names an unknown account, " + account;
  }
  const auto before = store().find_named(fixture.name);
  if (!before) return "cannot be read: " + before.error().message();
  BookRecord book;
  book.guid = *before ? (*before)->guid : new_guid(random_);
  book.owner = owner_named(fixture.owner);
  if (nobodys) book.owner.account.clear();
  book.name = fixture.name;
  book.note = fixture.note;
  book.password = fixture.password;
  book.rules = fixture.rules;
  if (*before == book) return {};
  const auto done = store().put_book(book);
  return done ? std::string() : "cannot be stored: " + done.error().message();
}

Books::Result<BookRecord> Books::personal(const BookOwner& owner) {
  auto known = store().find_personal(owner);
  if (!known) return known.error();
  if (*known) return std::move(**known);
  BookRecord book;
  book.guid = new_guid(random_);
  book.owner = owner;
  book.personal = true;
  if (const auto done = store().put_book(book); !done) return done.error();
  return book;
}

int Books::rule_of(const BookRecord& book, const BookOwner& owner) const {
  if (book.owner == owner) return control;
  if (owner.account.empty() || book.personal) return 0;
  const auto rule = book.rules.find(owner.account);
  return rule == book.rules.end() ? 0 : rule->second;
}

Books::Result<std::vector<Books::Opened>> Books::shared(const BookOwner& owner) {
  std::vector<Opened> list;
  if (owner.account.empty()) return list;
  auto books = store().books_of(owner.account);
  if (!books) return books.error();
  for (auto& book : *books) {
    const int rule = rule_of(book, owner);
    list.push_back({std::move(book), rule});
  }
  return list;
}

Books::Result<std::optional<Books::Opened>> Books::open(const BookOwner& owner,
                                                        std::string_view guid) {
  auto book = store().find_book(guid);
  if (!book) return book.error();
  const std::optional<Opened> none;
  if (!*book) return none;
  int rule = rule_of(**book, owner);
  if (rule == 0 && wrong().any_book_is_read) rule = read;
  if (rule == 0) return none;
  return std::optional<Opened>(Opened{std::move(**book), rule});
}

int Books::most_peers() const {
  const int chosen = options_.limits.peers_per_book;
  return chosen > 0 ? chosen : kMostPeersOfBook;
}

}  // namespace deskcheck::server::api
