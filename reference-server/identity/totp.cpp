#include "reference-server/identity/totp.hpp"

#include "proto/wire/sodium.hpp"

#include <boost/uuid/detail/sha1.hpp>

namespace deskcheck::server::identity {

namespace {

constexpr std::size_t kDigits = 6;
constexpr std::size_t kBlock = 64;  // bytes, of SHA-1
constexpr std::size_t kMostBytes = 128;

// libsodium has no SHA-1, and nothing else that is linked here says so in its interface.
std::string sha1(std::string_view text) {
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(text.data(), text.size());
  boost::uuids::detail::sha1::digest_type words = {};
  hash.get_digest(words);
  std::string digest;
  // Words or bytes, as the version of Boost has it.
  for (const auto word : words)
    for (std::size_t byte = sizeof(word); byte-- > 0;)
      digest += static_cast<char>(word >> (8 * byte));
  return digest;
}

// RFC 2104.
std::string hmac_sha1(std::string key, std::string_view text) {
  if (key.size() > kBlock) key = sha1(key);
  key.resize(kBlock, '\0');
  std::string inner = key, outer = key;
  for (auto& byte : inner) byte = static_cast<char>(byte ^ 0x36);
  for (auto& byte : outer) byte = static_cast<char>(byte ^ 0x5c);
  return sha1(outer + sha1(inner.append(text)));
}

// RFC 4226, 5.3.
std::string hotp(const std::string& key, std::int64_t counter) {
  std::string text;
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(counter >> shift);
  const auto hash = hmac_sha1(key, text);
  const auto at = static_cast<std::size_t>(hash.back() & 0xf);
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = (number << 8) | static_cast<unsigned char>(hash[at + i]);
  auto digits = std::to_string((number & 0x7fffffff) % 1'000'000);
  return std::string(kDigits - digits.size(), '0') + digits;
}

}  // namespace

std::optional<std::string> secret_bytes(std::string_view base32) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : base32) {
    if (c == ' ' || c == '=') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const auto value = kLetters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5) | static_cast<std::uint32_t>(value);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count);
    bits &= (1u << count) - 1;
  }
  if (bytes.empty() || bytes.size() > kMostBytes) return std::nullopt;
  return bytes;
}

std::string totp_code(std::string_view base32, std::int64_t step) {
  const auto key = secret_bytes(base32);
  return key ? hotp(*key, step) : std::string();
}

std::optional<std::int64_t> totp_step(std::string_view base32, std::string_view code,
                                      std::int64_t unix_time) {
  const auto key = secret_bytes(base32);
  if (!key || code.size() != kDigits) return std::nullopt;
  std::optional<std::int64_t> found;
  for (const std::int64_t shift : {-1, 0, 1}) {
    const auto step = unix_time / kTotpPeriod + shift;
    if (step >= 0 && sodium_memcmp(hotp(*key, step).data(), code.data(), kDigits) == 0)
      found = step;
  }
  return found;
}

}  // namespace deskcheck::server::identity
