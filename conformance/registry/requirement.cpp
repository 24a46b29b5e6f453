#include "conformance/registry/requirement.hpp"

namespace deskcheck::conformance {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::must:
      return "MUST";
    case Level::should:
      return "SHOULD";
    case Level::may:
      break;
  }
  return "MAY";
}

}  // namespace deskcheck::conformance
