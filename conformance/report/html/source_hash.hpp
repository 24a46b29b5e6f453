// How a Content-Security-Policy names one inline script or style: exactly this one may be used.
#pragma once

#include <string>
#include <string_view>

namespace deskcheck::conformance::html {

// 'sha256-...', with its quotes.
std::string source_hash(std::string_view source);

}  // namespace deskcheck::conformance::html
