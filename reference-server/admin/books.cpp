// GET and POST /api/admin/books, POST .../share and .../remove: those that several accounts share.
#include "reference-server/admin/for_administrators.hpp"
#include "reference-server/admin/routes.hpp"

namespace deskcheck::server::admin {

namespace json = boost::json;
using api::Response;

namespace {

Response list_books(const Desk& desk) {
  const auto books = desk.store.books().shared_books();
  if (!books) return api::storage_failure();
  json::array list;
  for (const auto& book : *books)
    list.push_back(json::object{{"guid", book.guid},
                                {"name", book.name},
                                {"owner", book.owner.account},
                                {"note", book.note},
                                {"rules", json::value_from(book.rules)}});
  return api::json_answer(json::object{{"books", std::move(list)}});
}

Response put_book(const Desk& desk, Members& body) {
  BookFixture book;
  book.name = body.name("name");
  book.owner = body.name("owner");
  const auto note = body.maybe_text("note");
  const auto password = body.maybe_text("password");
  const auto rules = body.maybe_rules("rules");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto known = desk.store.books().find_named(book.name);
  if (!known) return api::storage_failure();
  const auto before = known->value_or(BookRecord());
  book.note = note.value_or(before.note);
  book.password = password.value_or(before.password);
  book.rules = rules.value_or(before.rules);
  for (const auto& [account, rule] : book.rules) {
    const auto found = desk.store.find_account(account);
    if (found && !*found) return no_such("user", account);
  }
  if (const auto owner = desk.store.find_account(book.owner); owner && !*owner)
    return no_such("user", book.owner);
  const auto mistake = desk.books.put(book);
  return mistake.empty() ? done({}) : api::failure(409, "The address book " + mistake);
}

// One rule of a book; a book that is not there yet is the caller's from here on.
Response share_book(const Desk& desk, const AccountRecord& caller, Members& body) {
  BookFixture book;
  book.name = body.name("name");
  const auto user = body.name("user");
  const auto rule = body.maybe_number("rule");
  if (!rule || *rule < 0 || *rule > 3) body.refuse("rule has to be 1, 2 or 3, or 0 for none");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto known = desk.store.books().find_named(book.name);
  const auto account = desk.store.find_account(user);
  if (!known || !account) return api::storage_failure();
  if (!*account) return no_such("user", user);
  const auto before = known->value_or(BookRecord());
  book.owner = before.owner.account.empty() ? caller.name : before.owner.account;
  book.note = before.note;
  book.password = before.password;
  book.rules = before.rules;
  book.rules.erase(user);
  if (*rule != 0) book.rules[user] = *rule;
  const auto mistake = desk.books.put(book);
  return mistake.empty() ? done({}) : api::failure(409, "The address book " + mistake);
}

Response remove_book(const Desk& desk, Members& body) {
  const auto name = body.name("name");
  const auto owner = body.maybe_name("owner");
  if (const auto refusal = body.refusal()) return *refusal;
  const auto book = desk.store.books().find_named(name);
  if (!book) return api::storage_failure();
  const bool is_meant = *book && (!owner || (*book)->owner.account == *owner);
  if (!is_meant) return no_such("address book", name);
  return done(desk.store.books().remove_book((*book)->guid));
}

}  // namespace

void add_books(api::Router& router, const Desk& desk) {
  router.add("GET", "/api/admin/books",
             for_administrators(desk, [desk](const auto&...) { return list_books(desk); }));
  router.add("POST", "/api/admin/books",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return put_book(desk, body);
             }));
  router.add("POST", "/api/admin/books/share",
             changing(desk, [desk](const auto& caller, Members& body, net::Time) {
               return share_book(desk, caller, body);
             }));
  router.add("POST", "/api/admin/books/remove",
             changing(desk, [desk](const auto&, Members& body, net::Time) {
               return remove_book(desk, body);
             }));
}

}  // namespace deskcheck::server::admin
