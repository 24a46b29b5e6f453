// Handlers that are about one address book: who may not read it hears the same as if it did not
// exist (HTTP-ABPEERS-09), and who may not change it cannot (HTTP-ABPADD-06).
#pragma once

#include "reference-server/api/answers.hpp"
#include "reference-server/api/books.hpp"
#include "reference-server/api/for_accounts.hpp"

namespace deskcheck::server::api {

using OpenedHandler = std::function<Response(Books::Opened&)>;

Response with_book(Books& books, const BookOwner& owner, std::string_view guid,
                   const OpenedHandler& handler);

// For those who may change the book that the path ends with.
using ChangeHandler = std::function<Response(Books::Opened&, const Request&)>;
Handler for_writers(identity::Accounts& accounts, Books& books, ChangeHandler handler);

// The answer to a change; a wrong server says something.
Response changed(const boost::system::result<void>& done, bool says_something);

}  // namespace deskcheck::server::api
