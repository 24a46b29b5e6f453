// What calls from Python throw, beside conformance::UsageError and Gone. errors.cpp turns each into
// the exception of deskcheck/errors.py.
#pragma once

#include <stdexcept>

namespace deskcheck::python {

// Something did not happen in time; the text says what.
struct TimedOut : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// The other side has ended a connection, or broken it.
struct ConnectionLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// Nothing answers where the server should be.
struct Unreachable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace deskcheck::python
