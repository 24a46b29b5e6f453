// The report without JavaScript: verdict and everything that is not as expected, as plain HTML.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace deskcheck::conformance::html {

// `&`, `<`, `>` and quotes as references: any text becomes text, between tags and in attributes.
std::string escaped(std::string_view text);

std::string basics(const boost::json::object& report);

}  // namespace deskcheck::conformance::html
