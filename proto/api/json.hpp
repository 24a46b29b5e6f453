// What all messages of the HTTP API are read with. Members that nobody knows are ignored
// (HTTP-GEN-14); a member of another type is as good as none.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::http_api {

// Nothing if the text is not one JSON object in UTF-8.
std::optional<boost::json::object> parse_object(std::string_view text);
std::optional<std::string> text(const boost::json::object& object, std::string_view name);
// Also a number that was written without fraction; nothing if it does not fit.
std::optional<std::int64_t> integer(const boost::json::object& object, std::string_view name);

}  // namespace deskcheck::http_api
