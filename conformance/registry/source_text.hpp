// Text of a data file together with its name, and what can be wrong with it. A DataError is one
// clear line: where, what, and how to mend it.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

struct SourceText {
  std::string_view file;  // for messages only; nothing is opened
  std::string_view text;
};

struct DataError {
  std::string file;
  std::size_t line;  // 1 is the first
  std::string what;
  std::string mend;
};

// "requirements/relay.tsv:12: 5 columns instead of 16; separate them with single tabs".
std::string to_string(const DataError& error);

template <class T>
using DataResult = boost::system::result<T, DataError>;

// Found by DataResult::value() when there is an error: throws std::runtime_error with the line.
[[noreturn]] void throw_exception_from_error(const DataError& error,
                                             const boost::source_location& where);

}  // namespace deskcheck::conformance
