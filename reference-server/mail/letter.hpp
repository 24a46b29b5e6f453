// A mail as RFC 5322 wants it: plain text for one person. Knows nothing of how it is sent.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace deskcheck::server::mail {

struct Letter {
  std::string from, to;  // addresses, without names and brackets
  std::string subject;   // plain ASCII
  std::string text;      // UTF-8
  std::chrono::sys_seconds date;
  std::string id;  // of the mail, unique: what stands before the @ of its Message-ID

  Letter() = default;
};

// Whether it can be written into a header and into a command of SMTP as it is: user@host in ASCII,
// nothing that ends a line or an address. Addresses with quotes or beyond ASCII are left out.
bool is_address(std::string_view text);

// All lines end with CRLF. The addresses must be some (is_address) and the subject a line of ASCII:
// whatever else is in it is left out.
std::string written(const Letter& letter);

}  // namespace deskcheck::server::mail
