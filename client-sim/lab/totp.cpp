#include "client-sim/lab/totp.hpp"

#include <boost/uuid/detail/sha1.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace deskcheck::sim {

namespace {

constexpr std::size_t kBlock = 64;  // bytes that SHA-1 takes at a time

std::string sha1(std::string_view bytes) {
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(bytes.data(), bytes.size());
  boost::uuids::detail::sha1::digest_type digest;
  hash.get_digest(digest);
  // Words in some releases of Boost, bytes in others.
  std::string text;
  for (const auto word : digest)
    for (std::size_t at = sizeof(word); at > 0; --at)
      text += static_cast<char>((static_cast<std::uint32_t>(word) >> (8 * (at - 1))) & 0xff);
  return text;
}

std::string hmac_sha1(std::string key, std::string_view message) {
  if (key.size() > kBlock) key = sha1(key);
  key.resize(kBlock);
  std::string inner, outer;
  for (const char c : key) {
    inner += static_cast<char>(c ^ 0x36);
    outer += static_cast<char>(c ^ 0x5c);
  }
  return sha1(outer + sha1(inner + std::string(message)));
}

std::string from_base32(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    int digit = -1;
    if (c >= 'A' && c <= 'Z') digit = c - 'A';
    if (c >= 'a' && c <= 'z') digit = c - 'a';
    if (c >= '2' && c <= '7') digit = c - '2' + 26;
    if (digit < 0) throw std::invalid_argument("a secret that is no base32");
    pending = pending << 5 | static_cast<std::uint32_t>(digit);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 0xff);
  }
  return bytes;
}

}  // namespace

bool is_totp_secret(std::string_view secret) {
  try {
    return !from_base32(secret).empty();
  } catch (const std::invalid_argument&) {
    return false;
  }
}

std::string totp_code(std::string_view secret, std::int64_t at) {
  const auto step = static_cast<std::uint64_t>(at / kTotpStep);
  std::string counter;
  for (int shift = 56; shift >= 0; shift -= 8) counter += static_cast<char>(step >> shift & 0xff);
  const std::string digest = hmac_sha1(from_base32(secret), counter);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(digest[i]));
  };
  const std::size_t from = byte(19) & 0xf;
  const std::uint32_t number =
      (byte(from) & 0x7f) << 24 | byte(from + 1) << 16 | byte(from + 2) << 8 | byte(from + 3);
  std::string code = std::to_string(number % 1'000'000);
  return std::string(6 - code.size(), '0') + code;
}

}  // namespace deskcheck::sim
