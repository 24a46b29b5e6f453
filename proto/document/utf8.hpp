// Characters of UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace deskcheck::document {

// Length of the well-formed character at the start, 1 to 4; 0 if there is none. RFC 3629.
std::size_t character_length(std::string_view text);

// One whole character that terminals may obey: C0, DEL, C1.
bool is_control(std::string_view character);

}  // namespace deskcheck::document
