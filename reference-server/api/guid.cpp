#include "reference-server/api/guid.hpp"

namespace deskcheck::server::api {

std::string new_guid(net::Random& random) {
  auto bytes = random.bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4 & 0x0F];
    text += kDigits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace deskcheck::server::api
