#include "conformance/registry/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace deskcheck::conformance {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // One row of the usual table: distances of the part of `a` read so far to every start of `b`.
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (upper(a[i]) == upper(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string_view> names,
                                 std::size_t at_most) {
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  for (const auto name : names) {
    const auto distance = edit_distance(wanted, name);
    if (distance * 3 <= std::max(wanted.size(), name.size())) ranked.emplace_back(distance, name);
  }
  std::ranges::sort(ranked);
  if (ranked.size() > at_most) ranked.resize(at_most);

  std::vector<std::string> result;
  for (const auto& [distance, name] : ranked) result.emplace_back(name);
  return result;
}

}  // namespace deskcheck::conformance
