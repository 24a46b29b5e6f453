// GET and POST /api/ab, POST /api/ab/get: one book per account, as one text. No limit of devices is
// announced, so no client compresses what it pushes (HTTP-ABSET-07).
// Source: http-api.md chapter 2 and section 13.5.
#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"
#include "reference-server/api/for_books.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/api/legacy_mistakes.hpp"

namespace deskcheck::server::api {

namespace json = boost::json;

namespace {

enum class Asking { flutter, sciter };

Response get_legacy(const BookOwner& owner, Asking who, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto book = books.store().find_legacy(owner);
  if (!book) return storage_failure();
  if (!*book) {
    if (wrong.no_book_is_null) return json_answer(nullptr);
    if (wrong.no_book_is_empty_text) return json_answer(json::object{{"data", ""}});
    if (wrong.no_sciter_book_is_empty && who == Asking::sciter) return empty_answer();
  }
  json::object answer{{"data", shown_legacy(book->value_or("{}"), wrong)}};
  const bool bare = who == Asking::sciter ? wrong.sciter_book_is_object : wrong.book_data_is_object;
  if (bare) answer["data"] = json_or_text(book->value_or("{}"));
  if (wrong.one_device_is_licensed) answer["licensed_devices"] = 1;
  if (wrong.licensed_devices_without_gzip) answer["licensed_devices"] = 1000;
  return json_answer(answer);
}

Response refused_legacy(int status, const char* text, const WrongApi& wrong) {
  auto response = failure(status, text);
  if (wrong.refused_book_has_no_error)
    response.body = json::serialize(json::object{{"message", text}});
  return response;
}

// The text is kept as it is: it is the client's, with members that only the client knows.
Response put_legacy(const BookOwner& owner, const Request& request, Books& books) {
  const WrongApi& wrong = books.wrong();
  if (!request.header("Content-Encoding").empty())
    return refused_legacy(415, "The body must not be compressed", wrong);
  constexpr std::size_t kSmallBook = 64 * 1024;
  if (wrong.books_are_small && request.body.size() > kSmallBook)
    return refused_legacy(413, "The body is too long", wrong);
  const auto data = http_api::parse_legacy_book(request.body);
  if (!data)
    return refused_legacy(400, "The member data has to be a JSON object within a text", wrong);
  const auto before = books.store().find_legacy(owner);
  if (!before) return storage_failure();
  const auto taken = taken_legacy(*data, before->value_or("{}"), wrong);
  if (!taken) return refused_legacy(400, "tag_colors are missing", wrong);
  if (!books.store().put_legacy(owner, *taken)) return storage_failure();
  return wrong.book_push_says_text ? text_answer("success") : empty_answer();
}

}  // namespace

void add_address_book_legacy(Router& router, identity::Accounts& accounts, Books& books) {
  const WrongApi& wrong = books.wrong();
  const auto getting = [&](Asking who) {
    return for_accounts(
        accounts, wrong,
        [&books, who](const AccountRecord& caller, const Request& request, net::Time) {
          return get_legacy(owner_of(caller, request), who, books);
        });
  };
  router.add("GET", "/api/ab",
             [get = getting(Asking::flutter), &wrong](const Request& request, net::Time now) {
               auto response = get(request, now);
               const bool lost = wrong.book_is_lost_at_401 && response.status == 401;
               return lost ? json_answer(json::object{{"data", "{}"}}) : response;
             });
  router.add("POST", "/api/ab",
             for_accounts(accounts, wrong,
                          [&books](const AccountRecord& caller, const Request& request, net::Time) {
                            return put_legacy(owner_of(caller, request), request, books);
                          }));
  if (!wrong.no_sciter_book) router.add("POST", "/api/ab/get", getting(Asking::sciter));
}

}  // namespace deskcheck::server::api
