// What the user interface makes of an answer: the classes of http-api.md section 0.4, with the text
// that its user reads where it makes nothing of it. (Class T is a comparison of bytes, class I
// reads nothing; both need no function.)
#pragma once

#include "client-sim/account/charset.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::sim {

// "HTTP 404", the error of the server, ...; of a call that brought no answer its reason.
template <class T>
struct Understood {
  std::optional<T> value;
  std::string failure;  // empty if there is a value
  int status = 0;       // 0: no answer came

  Understood() = default;
  explicit operator bool() const { return value.has_value(); }
};

// A: done, or what the user reads instead. client: ab_model.dart:2002-2026
std::string action_failure(const net::Result<DartAnswer>& answer);
// M: an object without `error`, with status 200. client: ab_model.dart:243-250, 1976-1987
Understood<boost::json::object> as_map(const net::Result<DartAnswer>& answer);
// L: a list, with status 200. client: ab_model.dart:1989-2000
Understood<boost::json::array> as_list(const net::Result<DartAnswer>& answer);
// H, whatever the status is: one of the three, or an `error` that is no text.
// client:src/hbbs_http.rs:24-40
struct HbbAnswer {
  std::optional<boost::json::object> data;  // an object without `error`
  std::optional<std::string> error;         // the text of the server
  std::string failure;                      // why there is no object at all

  HbbAnswer() = default;
};
HbbAnswer as_hbb_answer(const net::Result<HttpAnswer>& answer);

// JSON as the client's parsers take it; nothing if it is none. Deep nesting is none.
std::optional<boost::json::value> parse_json(std::string_view text);
// As Dart prints a value in a message: texts without quotes, "null".
std::string printed(const boost::json::value& value);

// --- members as Dart's constructors take them: absent and null are empty, another type is an
// exception, which ends the whole call
class TypeMistake : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
std::string text_member(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> integer_member(const boost::json::object& object,
                                           std::string_view name);

}  // namespace deskcheck::sim
