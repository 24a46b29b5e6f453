#include "conformance/doctor/finding.hpp"

#include <algorithm>

namespace deskcheck::doctor {

std::string_view to_string(Step step) {
  constexpr std::array<std::string_view, kSteps> kNames{
      "name",  "ipv6",         "tcp",     "udp",       "nat-test",
      "key",   "registration", "online",  "punch",     "signature",
      "relay", "relay-key",    "pairing", "websocket", "relay-websocket",
      "proxy", "relay-proxy",  "api",     "clock",     "tunnel",
      "login"};
  return kNames.at(static_cast<std::size_t>(step));
}

std::string_view to_string(Status status) {
  constexpr std::array<std::string_view, 5> kNames{"ok", "warning", "broken", "blocked", "skipped"};
  return kNames.at(static_cast<std::size_t>(status));
}

Diagnosis::Diagnosis() {
  for (std::size_t i = 0; i < kSteps; ++i) findings[i].step = static_cast<Step>(i);
}

std::size_t Diagnosis::count(Status status) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [&](const Finding& f) { return f.status == status; }));
}

const Finding* Diagnosis::first() const {
  for (const auto status : {Status::broken, Status::warning})
    for (const auto& finding : findings)
      if (finding.status == status) return &finding;
  return nullptr;
}

bool Diagnosis::unreachable() const {
  return at(Step::name).status == Status::broken ||
         (at(Step::tcp).status == Status::broken && at(Step::udp).status == Status::broken);
}

}  // namespace deskcheck::doctor
