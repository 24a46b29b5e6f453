// GET and POST /api/ab: one book per account, as one text. Source: http-api.md chapter 2.
#include "proto/api/json.hpp"
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

// At most one text per account, and per token of the options, whose owners are nobody in
// particular.
using Books = std::map<std::string, std::string>;

std::string owner(const AccountRecord& caller, const Request& request) {
  const bool guest = caller.password_hash.empty();
  return guest ? "token " + std::string(bearer(request)) : "account " + caller.name;
}

Response get(const Books& books, const std::string& owner) {
  const auto book = books.find(owner);
  return json_answer(json::object{{"data", book == books.end() ? "{}" : book->second}});
}

// The text is kept as it is: it is the client's, with members that only the client knows.
Response put(Books& books, const std::string& owner, const std::string& body) {
  const auto object = http_api::parse_object(body);
  auto data = object ? http_api::text(*object, "data") : std::nullopt;
  if (!data) return failure(400, "The member data has to be a text");
  books.insert_or_assign(owner, std::move(*data));
  Response done;
  done.headers = {{"Content-Type", kJson}};
  return done;
}

}  // namespace

void add_address_book_legacy(Router& router, const Options& options, identity::Accounts& accounts) {
  const WrongApi& wrong = options.faults.policies;
  const auto books = std::make_shared<Books>();
  router.add("GET", "/api/ab",
             for_accounts(accounts, wrong,
                          [books](const AccountRecord& caller, const Request& request, net::Time) {
                            return get(*books, owner(caller, request));
                          }));
  router.add("POST", "/api/ab",
             for_accounts(accounts, wrong,
                          [books](const AccountRecord& caller, const Request& request, net::Time) {
                            return put(*books, owner(caller, request), request.body);
                          }));
}

}  // namespace deskcheck::server::api
