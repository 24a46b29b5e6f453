// JSON reports of earlier runs, read back for those who render them again. They may have been
// written by another program or edited by hand, so nothing of them is believed beyond what is
// checked here.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace deskcheck::conformance {

// Of this format and version, with the members that renderers walk through. Throws
// std::invalid_argument, with one line that says what is wrong and how to mend it.
boost::json::object read_report(std::string_view text);

// Members that may be missing or of another kind; then they are empty.
std::string text_of(const boost::json::object& object, std::string_view key);
const boost::json::array& list_of(const boost::json::object& object, std::string_view key);
const boost::json::object& object_of(const boost::json::object& object, std::string_view key);

// "my-server 2.1"
std::string target_of(const boost::json::object& report);

}  // namespace deskcheck::conformance
