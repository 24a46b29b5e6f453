// Takes numbers and pieces off the front of plain bytes; zeros and shorter pieces at their end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace deskcheck::fuzz {

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t count) {
    const auto piece = rest_.substr(0, count);
    rest_.remove_prefix(piece.size());
    return piece;
  }
  // `count` bytes, at most 8, as a little-endian number.
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    const auto piece = take(count);
    for (std::size_t i = 0; i < piece.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(piece[i])} << (8 * i);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace deskcheck::fuzz
