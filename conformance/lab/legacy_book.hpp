// The address book of servers that keep one text per user, as clients read and write it. The text
// that was there is put back when the case has ended.
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

#include <boost/json/serialize.hpp>

#include <map>

namespace deskcheck::conformance {

// What a client makes of an answer. client:flutter/lib/models/ab_model.dart:1008-1053,1325-1357
struct LegacyView {
  std::string failure;  // what it shows instead; empty: nothing went wrong
  bool stored = false;  // there is a book; false: "no book yet"
  std::string text;     // of `data`
  boost::json::value data;
  std::map<std::string, std::int64_t> colors;
  std::int64_t licensed = 0;  // devices; 0: any number

  LegacyView() = default;
};
std::ostream& operator<<(std::ostream& out, const LegacyView& view);
LegacyView legacy_view(const Answer<HttpAnswer>& answer);

class LegacyBook {
 public:
  LegacyBook(ApiClient client, std::string token);

  ApiClient& client() { return client_; }
  const std::string& token() const { return token_; }
  void use(Way way) { client_.use(way); }

  // Without a content coding unless one is accepted here.
  Task<Answer<HttpAnswer>> get(std::string accepted_coding = "identity");
  Task<Answer<HttpAnswer>> get_as_sciter();
  // The whole book, as text or as what that is the text of.
  Task<Answer<HttpAnswer>> set(std::string text);
  Task<Answer<HttpAnswer>> set(boost::json::object data);
  Task<Answer<HttpAnswer>> set_body(std::string body);  // any bytes
  Task<LegacyView> pull();

 private:
  ApiClient client_;
  std::string token_;
};

// The account's book on the target; if its clients use the other kind of book there, on a server of
// the suite that is set up so. Not applicable if there is neither.
Task<LegacyBook> legacy_book(Lab& lab, std::string role);

// Whether a book has all that was pushed, as clients read it: the colours are a text of their own,
// which a server may write anew, and what it adds harms nobody.
bool holds_book(const boost::json::value& stored, boost::json::value pushed);

// Success of a push: 200 and nothing, null, or an object without error.
MATCHER(IsTakenPush, "HTTP 200 with an empty body, null, or a JSON object without error") {
  if (!arg.arrived() || arg->status != 200) return false;
  if (arg->body.empty()) return true;
  const auto body = json_in(*arg);
  return body && (body->is_null() || (body->is_object() && !body->get_object().contains("error")));
}
MATCHER(IsReadableBook, "a book that clients can read") { return arg.failure.empty(); }
MATCHER_P(HoldsBook, data,
          "the book " + boost::json::serialize(boost::json::object(data)).substr(0, 200)) {
  return arg.failure.empty() && arg.stored && holds_book(arg.data, data);
}

}  // namespace deskcheck::conformance
