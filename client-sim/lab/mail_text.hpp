// What somebody reads in a mail (RFC 5322, 2045): its text without headers, encodings and markup.
#pragma once

#include <string>
#include <string_view>

namespace deskcheck::sim {

// The part that is plain text if there is one, else the page as text. Of what is no mail, all of
// it.
std::string readable_text(std::string_view mail);

// The first number of six digits that stands alone: no part of a longer one, of a word or a colour.
// Empty if there is none.
std::string code_in_text(std::string_view text);

}  // namespace deskcheck::sim
