// What a scalar without quotes means: null, true, false, a number, else a text.
#pragma once

#include <boost/json/value.hpp>

#include <string_view>

namespace deskcheck::document {

// YAML 1.2, core schema, but for two things: numbers that begin with 0 are texts, and so is what
// has no place in JSON (.inf, .nan). Whole numbers that no 64 bits hold become doubles.
boost::json::value plain_scalar(std::string_view text);

}  // namespace deskcheck::document
