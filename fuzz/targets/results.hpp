// Results as properties speak of them.
#pragma once

#include "proto/wire/error.hpp"

namespace deskcheck::fuzz {

template <class T>
bool fails_with(const wire::Result<T>& result, wire::Error error) {
  return result.has_error() && result.error() == error;
}

}  // namespace deskcheck::fuzz
