#include "client-sim/account/charset.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The length of the well-formed character at the front; 0 if it is malformed.
std::size_t well_formed(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const auto first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || bytes.size() < length) return 0;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((at(i) & 0xC0) != 0x80) return 0;
  return length;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

// `text` is well-formed; nothing if a character is beyond Latin-1.
std::optional<std::string> to_latin1(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes += text[i];
    } else if (byte <= 0xC3) {
      bytes += static_cast<char>((byte & 0x03) << 6 | (text[++i] & 0x3F));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

// What package http takes the bytes for: UTF-8 for JSON without a charset, and as the charset says;
// everything else is Latin-1.
bool is_utf8(std::string content_type) {
  std::ranges::transform(content_type, content_type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  std::erase_if(content_type, [](char c) { return c == ' ' || c == '"'; });
  const auto charset = content_type.find(";charset=");
  if (charset != content_type.npos) return content_type.substr(charset + 9).starts_with("utf-8");
  return content_type.substr(0, content_type.find(';')) == "application/json";
}

}  // namespace

std::string utf8_with_replacement(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = well_formed(bytes);
    text += length ? bytes.substr(0, length) : kReplacement;
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

std::optional<std::string> strict_utf8(std::string_view bytes) {
  for (auto rest = bytes; !rest.empty();) {
    const std::size_t length = well_formed(rest);
    if (length == 0) return std::nullopt;
    rest.remove_prefix(length);
  }
  return std::string(bytes);
}

std::optional<DartAnswer> as_dart_reads(const ClientRelease& release, const HttpAnswer& answer) {
  DartAnswer read;
  read.status = answer.status;
  const bool utf8 = is_utf8(answer.header("content-type"));
  if (release.dart_calls_through_rust()) {
    read.body = utf8_with_replacement(answer.body);
    if (utf8) {
      read.text = read.body;
      return read;
    }
    const auto bytes = to_latin1(read.body);
    if (!bytes) return std::nullopt;
    read.text = utf8_with_replacement(*bytes);
    return read;
  }
  const auto strict = strict_utf8(answer.body);
  if (!strict && release.fails_on_malformed_utf8()) return std::nullopt;
  read.text = utf8_with_replacement(answer.body);
  read.body = utf8 ? read.text : from_latin1(answer.body);
  return read;
}

}  // namespace deskcheck::sim
