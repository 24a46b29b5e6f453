#include "reference-server/mail/letter.hpp"

#include "proto/wire/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskcheck::server::mail {

namespace {

constexpr std::size_t kLongestAddress = 254;  // bytes: RFC 5321 4.5.3.1.3, without the brackets
constexpr std::size_t kLineOfBase64 = 76;     // RFC 2045 6.8

bool is_printable(char c) { return c > ' ' && c < 0x7f; }

std::string date_of(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", kDays[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string line_of(std::string_view text) {
  std::string line;
  std::copy_if(text.begin(), text.end(), std::back_inserter(line),
               [](char c) { return c == ' ' || is_printable(c); });
  return line;
}

std::string in_lines(const std::string& base64) {
  std::string lines;
  for (std::size_t i = 0; i < base64.size(); i += kLineOfBase64)
    lines += base64.substr(i, kLineOfBase64) + "\r\n";
  return lines;
}

}  // namespace

bool is_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.size() <= kLongestAddress &&
         std::all_of(text.begin(), text.end(), is_printable) &&
         text.find_first_of("<>()[]\\,;:\"") == text.npos && text.find('@') == at &&
         !text.starts_with('-');
}

std::string written(const Letter& letter) {
  const auto domain = letter.from.substr(letter.from.rfind('@') + 1);
  std::string mail;
  mail += "Date: " + date_of(letter.date) + "\r\n";
  mail += "From: <" + line_of(letter.from) + ">\r\n";
  mail += "To: <" + line_of(letter.to) + ">\r\n";
  mail += "Message-ID: <" + line_of(letter.id) + "@" + line_of(domain) + ">\r\n";
  mail += "Subject: " + line_of(letter.subject) + "\r\n";
  // No answers by programs: RFC 3834.
  mail += "Auto-Submitted: auto-generated\r\n";
  mail += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
  mail += "Content-Transfer-Encoding: base64\r\n\r\n";
  return mail + in_lines(wire::to_base64(letter.text));
}

}  // namespace deskcheck::server::mail
