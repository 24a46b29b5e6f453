// A report as one HTML file for people: it needs no network, no other file and no server. Made from
// the JSON report alone, so that one of an earlier run becomes the same page.
#pragma once

#include <string>
#include <string_view>

namespace deskcheck::conformance {

// `report` is the text of a JSON report. Throws std::invalid_argument, with one line that says what
// is wrong and how to mend it, if it is none, or one of another format version.
std::string to_html(std::string_view report);

}  // namespace deskcheck::conformance
