#include "conformance/probe/finding.hpp"

namespace deskcheck::probe {

std::string_view to_string(Answer answer) {
  switch (answer) {
    case Answer::present:
      return "present";
    case Answer::absent:
      return "absent";
    case Answer::unknown:
      break;
  }
  return "unknown";
}

bool Findings::has(const std::string& capability) const {
  const auto found = capabilities.find(capability);
  return found != capabilities.end() && found->second.answer == Answer::present;
}

}  // namespace deskcheck::probe
