// Texts of a run may hold any bytes that a peer sent; reports have to be UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace deskcheck::conformance {

// Valid UTF-8 as it is; every other byte visibly, as `\xff`. U+FFFE and U+FFFF, which XML cannot
// carry, count as invalid.
std::string to_utf8(std::string_view bytes);
// The same for people at a terminal, which would obey what a peer sent: control characters other
// than ends of lines are shown as `\x1b`, too.
std::string for_terminal(std::string_view bytes);

}  // namespace deskcheck::conformance
