// For the tests of this folder: bytes as hex text, errors of results, the key material of the
// vectors.
#pragma once

#include "proto/wire/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/algorithm/hex.hpp>

#include <iterator>
#include <numeric>
#include <ostream>
#include <string>
#include <string_view>

namespace deskcheck::wire {

inline void PrintTo(Error error, std::ostream* out) { *out << make_error_code(error).message(); }

// No error for a value. Results themselves are not given to GoogleTest: it could not print them.
template <class T>
boost::system::error_code error_of(const Result<T>& result) {
  return result.has_error() ? result.error() : boost::system::error_code();
}

inline std::string hex(std::string_view bytes) {
  std::string text;
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
  return text;
}

inline std::string unhex(std::string_view text) {
  std::string bytes;
  boost::algorithm::unhex(text.begin(), text.end(), std::back_inserter(bytes));
  return bytes;
}

// The 32 bytes first, first + 1, ...: the secrets of the vectors.
inline Bytes32 counting_from(unsigned char first) {
  Bytes32 bytes;
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

// The same bytes with one bit turned.
inline std::string with_flipped_bit(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
  return bytes;
}

}  // namespace deskcheck::wire
