// Templates of the hooks of a target (conformance/target/control.hpp): `${NAME}` in a path, a body,
// a word or a place stands for a value. Whoever writes `${...}` that has none gets it as it is.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::conformance {

// Arguments are written into a path as a segment or a value of a query: percent-encoded.
std::string filled_in_path(const std::string& path, const boost::json::object& arguments);
// A text that is `${NAME}` and nothing else becomes the argument, of whatever type; within a longer
// text, the argument becomes text.
boost::json::value filled_in(const boost::json::value& body, const boost::json::object& arguments);
// Within a text; a value that is no text becomes JSON.
std::string filled_in_text(const std::string& text, const boost::json::object& arguments);
// Names in it that have no value, in the order of the text.
std::vector<std::string> missing_in(const boost::json::value& body,
                                    const boost::json::object& arguments);
// What stands at a place: a JSON pointer in which a segment [MEMBER=VALUE] is the first element of
// a list whose member is VALUE, as text, and a segment * all elements of a list: what follows it is
// looked for in each, and those that have it make a list. Nothing if there is nothing.
std::optional<boost::json::value> found_at(const boost::json::value& answer, std::string_view place,
                                           const boost::json::object& arguments);
// Null, and an empty text, list or object count as nothing.
bool is_something(const boost::json::value* value);
// The members of an object, or of each object of a list, under the suite's names: `members` says by
// JSON pointer where each is. A name with a slash, info/ip, is a member of a member. Members that
// are not named stay as they are.
boost::json::value renamed(const boost::json::value& answer,
                           const std::map<std::string, std::string>& members);

}  // namespace deskcheck::conformance
