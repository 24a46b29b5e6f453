#include "proto/document/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deskcheck::document {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Removes leading digits and tells how many there were.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

// [0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)? without a sign, and no leading zero.
bool looks_like_a_number(std::string_view text) {
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return false;
  if (take_digits(text) == 0) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    take_digits(text);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

template <class Number>
bool read(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool read(std::string_view text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

}  // namespace

boost::json::value plain_scalar(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;

  std::int64_t whole = 0;
  std::uint64_t large = 0;
  double real = 0;
  if (text.starts_with("0x")) {
    if (read(text.substr(2), whole, 16) && whole >= 0) return whole;
    return boost::json::string(text);
  }
  std::string_view digits = text;
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  if (!looks_like_a_number(digits)) return boost::json::string(text);
  const std::string_view number = text.starts_with('+') ? digits : text;
  if (read(number, whole, 10)) return whole;
  if (read(number, large, 10)) return large;
  if (read(number, real)) return real;
  return boost::json::string(text);
}

}  // namespace deskcheck::document
