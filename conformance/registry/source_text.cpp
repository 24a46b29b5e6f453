#include "conformance/registry/source_text.hpp"

#include <stdexcept>

namespace deskcheck::conformance {

std::string to_string(const DataError& error) {
  return error.file + ":" + std::to_string(error.line) + ": " + error.what + "; " + error.mend;
}

void throw_exception_from_error(const DataError& error, const boost::source_location&) {
  throw std::runtime_error(to_string(error));
}

}  // namespace deskcheck::conformance
