// What is expected of answers of the HTTP API, in the words of its specification: classes of
// answers, errors, members of JSON objects.
#pragma once

#include "conformance/lab/http.hpp"
#include "conformance/lab/matchers.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

// The body as JSON; nothing if it is none, or not UTF-8.
std::optional<boost::json::value> json_in(const HttpAnswer& answer);
// The same if it is an object.
std::optional<boost::json::object> object_in(const HttpAnswer& answer);
// The text of its `error`; nothing unless it is an error object with a text.
std::optional<std::string> error_in(const HttpAnswer& answer);
// The member of this name; null if there is none.
boost::json::value member_of(const boost::json::object& object, std::string_view name);
// Of a Content-Type: text as clients decode it is UTF-8 then. client: http_service.dart:108-121
bool is_read_as_utf8(std::string_view content_type);

// Something else than this; of an answer only if it came: who hears nothing has seen nothing.
MATCHER_P(IsNot, inner, "anything but " + testing::DescribeMatcher<arg_type>(inner)) {
  if constexpr (requires { arg.arrived(); })
    if (!arg.arrived()) return false;
  return !testing::ExplainMatchResult(inner, arg, result_listener);
}

// --- an answer as a whole
// -------------------------------------------------------------------------
MATCHER_P(HasStatus, wanted, "HTTP status " + std::to_string(wanted)) {
  return arg.arrived() && arg->status == wanted;
}
MATCHER(Is401, negation ? "another status than 401" : "HTTP status 401") {
  return arg.arrived() && arg->status == 401;
}
MATCHER(Is400, negation ? "another status than 400" : "HTTP status 400") {
  return arg.arrived() && arg->status == 400;
}
MATCHER(IsNoServerError, "an answer with a status below 500") {
  return arg.arrived() && arg->status > 0 && arg->status < 500;
}
MATCHER(IsNoRedirect, "an answer that is no redirect") {
  return arg.arrived() && (arg->status < 300 || arg->status > 399);
}
MATCHER(IsServedWithoutToken, "an answer other than 401 and 403") {
  return arg.arrived() && arg->status != 401 && arg->status != 403;
}
MATCHER(TakesEmptyBody, "no refusal of an empty body (400, 411, 415)") {
  return arg.arrived() && arg->status != 400 && arg->status != 411 && arg->status != 415;
}
MATCHER(IsReadAsUtf8, "a Content-Type of application/json or with charset=utf-8") {
  return arg.arrived() && is_read_as_utf8(arg->header("content-type"));
}
MATCHER(IsSimplyCoded, "no content coding other than gzip") {
  if (!arg.arrived()) return false;
  const auto coding = arg->header("content-encoding");
  return coding.empty() || coding == "identity" || coding == "gzip";
}
// {"error": "<text>"} with 200 or 4xx.
MATCHER(IsApiError, "HTTP 200 or 4xx with {\"error\": \"<text>\"}") {
  if (!arg.arrived()) return false;
  return (arg->status == 200 || (arg->status >= 400 && arg->status < 500)) &&
         error_in(*arg).has_value();
}
MATCHER_P(IsApiErrorWithText, text, "{\"error\": \"" + std::string(text) + "\"}") {
  return arg.arrived() && error_in(*arg) == std::string(text);
}
// Whoever reads objects without `error` as success must not get one.
MATCHER(IsNoObjectWithoutError, "no JSON object without error, or status 200") {
  if (!arg.arrived() || arg->status == 200) return arg.arrived();
  const auto body = object_in(*arg);
  return !body || body->contains("error");
}

// --- success, by class
// ---------------------------------------------------------------------------- M: status 200 and a
// JSON object without the key `error`.
MATCHER(AnswersMap, "HTTP 200 with a JSON object without error") {
  if (!arg.arrived() || arg->status != 200) return false;
  const auto body = object_in(*arg);
  return body && !body->contains("error");
}
// L: status 200 and a JSON array.
MATCHER(AnswersList, "HTTP 200 with a JSON array") {
  if (!arg.arrived() || arg->status != 200) return false;
  const auto body = json_in(*arg);
  return body && body->is_array();
}
// T: these bytes, whatever the status.
MATCHER_P(AnswersText, text, "exactly the bytes " + std::string(text)) {
  return arg.arrived() && arg->body == text;
}
// A: status 200 and no byte.
MATCHER(AnswersAction, "HTTP 200 with an empty body") {
  return arg.arrived() && arg->status == 200 && arg->body.empty();
}
// H: a JSON object without `error`, whatever the status.
MATCHER(AnswersObject, "a JSON object without error") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return body && !body->contains("error");
}

// --- members of an object
// -------------------------------------------------------------------------
using JsonMatcher = testing::Matcher<const boost::json::value&>;

// A JSON object whose member at this path ("user.name") is as `inner` says.
MATCHER_P2(HasMember, path, inner,
           "a JSON object whose " + std::string(path) + " is " +
               testing::DescribeMatcher<const boost::json::value&>(inner)) {
  if (!arg.arrived()) return false;
  const auto body = json_in(*arg);
  const boost::json::value* at = body ? &*body : nullptr;
  for (std::string_view rest = path; at && !rest.empty();) {
    const auto dot = std::min(rest.find('.'), rest.size());
    at = at->is_object() ? at->get_object().if_contains(rest.substr(0, dot)) : nullptr;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  static const boost::json::value absent;  // null, which clients read alike
  return JsonMatcher(inner).MatchAndExplain(at ? *at : absent, result_listener);
}
// Of the answer: a JSON object that has no such key, with whatever value.
MATCHER_P(LacksMember, name, "a JSON object without " + std::string(name)) {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return body && !body->contains(name);
}

MATCHER(IsText, "a text that is not empty") { return arg.is_string() && !arg.get_string().empty(); }
MATCHER_P(IsTheText, wanted, "\"" + std::string(wanted) + "\"") {
  return arg.is_string() && arg.get_string() == std::string_view(wanted);
}
MATCHER(IsAbsent, "null or absent") { return arg.is_null(); }
MATCHER(IsTextOrAbsent, "a text, null or absent") { return arg.is_string() || arg.is_null(); }
MATCHER(IsObject, "an object") { return arg.is_object(); }
MATCHER(IsInt64, "an integer within int64") { return arg.is_int64(); }
// What clients show as a picture. client:flutter/lib/common.dart:4264
MATCHER(IsPicture, "\"\", an http(s) URL, an image data URI, or absent") {
  if (arg.is_null()) return true;
  if (!arg.is_string()) return false;
  const std::string_view text = arg.get_string();
  return text.empty() || text.starts_with("http://") || text.starts_with("https://") ||
         text.starts_with("data:image/");
}

}  // namespace deskcheck::conformance
