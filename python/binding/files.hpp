// Files that users name.
#pragma once

#include "proto/document/mistake.hpp"

#include <string>

namespace deskcheck::python {

// Throws UsageError: `what` the path should be of.
std::string read_file(const std::string& path, const std::string& what);
// Certificates in PEM. Throws UsageError.
std::string read_certificates(const std::string& path);
// Throws UsageError with every mistake and its place.
[[noreturn]] void refuse(const document::Mistakes& mistakes);

}  // namespace deskcheck::python
