// Wrong use: a name, key, file or number that cannot be used.
#pragma once

#include <stdexcept>

namespace deskcheck::conformance {

// Its text is the one line that the user reads: what, where, how to mend it. Exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace deskcheck::conformance
