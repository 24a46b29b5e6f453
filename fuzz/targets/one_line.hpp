// What may be written to a terminal as one line.
#pragma once

#include <string_view>

namespace deskcheck::fuzz {

// No control characters: neither those of ASCII nor U+0080 to U+009F.
inline bool is_one_line(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < 0x20 || octet == 0x7F) return false;
    const unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0xFF;
    if (octet == 0xC2 && next < 0xA0) return false;
  }
  return true;
}

}  // namespace deskcheck::fuzz
