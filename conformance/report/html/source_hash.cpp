#include "conformance/report/html/source_hash.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace deskcheck::conformance::html {

std::string source_hash(std::string_view source) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(source.data()),
                     source.size());
  std::array<char,
             sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)>
      text;
  sodium_bin2base64(text.data(), text.size(), digest.data(), digest.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  return fmt::format("'sha256-{}'", text.data());
}

}  // namespace deskcheck::conformance::html
