#include "conformance/probe/tour.hpp"

namespace deskcheck::probe {

void Tour::say(const std::string& capability, Answer answer, bool sure, std::string why) {
  Finding finding;
  finding.answer = answer;
  finding.sure = sure;
  finding.why = std::move(why);
  findings.capabilities.insert_or_assign(capability, std::move(finding));
}

std::string in_one_line(std::string_view text, std::size_t longest) {
  std::string line;
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  for (const char c : text.substr(0, longest))
    line += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '.' : c;
  if (text.size() > longest) line += "...";
  return line;
}

}  // namespace deskcheck::probe
