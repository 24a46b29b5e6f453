// "Did you mean": the known names most like a mistyped one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::text {

// Insertions, deletions and replacements of single characters, and exchanges of neighbours, that
// turn one into the other; case of ASCII letters does not count.
std::size_t edit_distance(std::string_view a, std::string_view b);

// At most `at_most` of `names`, the nearest first, equally near ones in alphabetical order.
// Names that differ in more than a third of their characters are no suggestion.
std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string_view> names,
                                 std::size_t at_most);

}  // namespace deskcheck::text
