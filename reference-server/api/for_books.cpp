#include "reference-server/api/for_books.hpp"

namespace deskcheck::server::api {

Response with_book(Books& books, const BookOwner& owner, std::string_view guid,
                   const OpenedHandler& handler) {
  auto opened = books.open(owner, guid);
  if (!opened) return storage_failure();
  if (*opened) return handler(**opened);
  return failure(books.wrong().foreign_book_is_401 ? 401 : 403, "There is no such address book");
}

Handler for_writers(identity::Accounts& accounts, Books& books, ChangeHandler handler) {
  return for_accounts(
      accounts, books.wrong(),
      [&books, handler = std::move(handler)](const AccountRecord& caller, const Request& request,
                                             net::Time) {
        return with_book(
            books, owner_of(caller, request), request.last_segment(), [&](Books::Opened& opened) {
              const bool may = opened.rule >= Books::write || books.wrong().rules_are_ignored;
              if (!may) return failure(403, "You may not change this address book");
              return handler(opened, request);
            });
      });
}

Response changed(const boost::system::result<void>& done, bool says_something) {
  if (!done) return storage_failure();
  if (says_something) return json_answer(boost::json::object());
  return empty_answer();
}

}  // namespace deskcheck::server::api
