// The files of this folder, compiled in by embed.cmake so that the program needs no data files.
#pragma once

#include <string_view>

namespace deskcheck::conformance::html {

std::string_view page();    // with {{names}} for what is filled in
std::string_view style();   // page.css
std::string_view script();  // all scripts, in their order

}  // namespace deskcheck::conformance::html
