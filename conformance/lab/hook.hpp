// Templates of the hooks of a target (Hook in conformance/target/target.hpp): `${NAME}` in a path
// or a body stands for an argument. Whoever writes `${...}` that is no argument gets it as it is.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>

namespace deskcheck::conformance {

// Arguments are written into a path as a segment or a value of a query: percent-encoded.
std::string filled_in_path(const std::string& path, const boost::json::object& arguments);
// A text that is `${NAME}` and nothing else becomes the argument, of whatever type; within a longer
// text, the argument becomes text.
boost::json::value filled_in(const boost::json::value& body, const boost::json::object& arguments);
// The members of an object, or of each object of a list, under the suite's names: `members` says by
// JSON pointer where each is. Members that are not named stay as they are.
boost::json::value renamed(const boost::json::value& answer,
                           const std::map<std::string, std::string>& members);

}  // namespace deskcheck::conformance
