#include "fuzz/engine/target.hpp"

#include <cstdio>
#include <cstdlib>

namespace deskcheck::fuzz {

void require(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "property does not hold: %.*s\n", static_cast<int>(property.size()),
               property.data());
  std::abort();
}

bool planted() {
  static const bool set = [] {
    const char* value = std::getenv("DESKCHECK_FUZZ_PLANTED");
    return value && std::string_view(value) == "1";
  }();
  return set;
}

}  // namespace deskcheck::fuzz
