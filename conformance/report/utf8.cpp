#include "conformance/report/utf8.hpp"

#include "proto/document/utf8.hpp"

#include <algorithm>

namespace deskcheck::conformance {

namespace {

bool is_noncharacter(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

std::string visibly(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = is_noncharacter(bytes) ? 0 : document::character_length(bytes);
    text += length == 0 ? visibly(bytes.substr(0, 1)) : std::string(bytes.substr(0, length));
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

std::string for_terminal(std::string_view bytes) {
  const std::string valid = to_utf8(bytes);
  std::string text;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto character = rest.substr(0, document::character_length(rest));
    const bool shown = character == "\n" || !document::is_control(character);
    text += shown ? std::string(character) : visibly(character);
    rest.remove_prefix(character.size());
  }
  return text;
}

}  // namespace deskcheck::conformance
