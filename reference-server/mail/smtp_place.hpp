// Where mail is handed in: "smtp://HOST[:PORT]" or smtps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::server::mail {

struct SmtpPlace {
  std::string host;  // a name or a literal, without brackets
  std::uint16_t port = 25;
  bool tls = false;  // from the first byte on

  SmtpPlace() = default;
};

// The port is 25, or 465 for smtps, if there is none. Nothing unless the text is such a URL.
std::optional<SmtpPlace> parse_smtp_url(std::string_view url);
// On this machine: what is sent there can be read by nobody on the way.
bool is_loopback(const SmtpPlace& place);

}  // namespace deskcheck::server::mail
