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

std::vector<std::pair<std::string, Finding>> in_lines(const Findings& findings) {
  std::vector<std::pair<std::string, Finding>> lines;
  const Finding* first = nullptr;
  bool alike = true;
  for (const auto& [name, finding] : findings.capabilities) {
    if (!name.starts_with("api.")) continue;
    if (!first) first = &finding;
    alike &= finding.answer == first->answer && finding.why == first->why;
  }
  const bool one = first && alike;
  if (one) lines.emplace_back("api.*", *first);
  for (const auto& [name, finding] : findings.capabilities)
    if (!one || !name.starts_with("api.")) lines.emplace_back(name, finding);
  return lines;
}

}  // namespace deskcheck::probe
