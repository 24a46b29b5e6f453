#include "reference-server/identity/totp_enrolment.hpp"

#include "proto/net/http_client.hpp"

namespace deskcheck::server::identity {

namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kSecret = 20;  // bytes

}  // namespace

std::string make_totp_secret(net::Random& random) {
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char c : random.bytes(kSecret)) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) text += kBase32[bits >> (count - 5) & 31];
  }
  return text;
}

std::string totp_uri(std::string_view account, std::string_view secret) {
  return "otpauth://totp/deskcheck:" + net::percent_encoded(account) +
         "?secret=" + std::string(secret) + "&issuer=deskcheck&algorithm=SHA1&digits=6&period=30";
}

}  // namespace deskcheck::server::identity
