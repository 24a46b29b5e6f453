#include "proto/text/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace deskcheck::text {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: distances of the parts of `a` read so far to every start of `b`.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = upper(a[i - 1]) == upper(b[j - 1]);
      row[j] = std::min({last[j - 1] + (same ? 0 : 1), last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && upper(a[i - 1]) == upper(b[j - 2]) &&
          upper(a[i - 2]) == upper(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
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

}  // namespace deskcheck::text
