#include "conformance/probe/render.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace deskcheck::probe {

namespace {

namespace json = boost::json;

double seconds(net::Duration time) { return std::chrono::duration<double>(time).count(); }

std::size_t count(const Findings& findings, Answer answer) {
  return static_cast<std::size_t>(std::ranges::count_if(
      findings.capabilities, [&](const auto& one) { return one.second.answer == answer; }));
}

std::string word(const Finding& finding) {
  std::string text(to_string(finding.answer));
  if (finding.answer != Answer::unknown && !finding.sure) text += ", unsure";
  return text;
}

json::value maybe(const std::optional<bool>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

}  // namespace

std::string as_text(const Findings& findings) {
  std::string text;
  const auto lines = in_lines(findings);
  for (const auto answer : {Answer::present, Answer::absent, Answer::unknown})
    for (const auto& [name, finding] : lines)
      if (finding.answer == answer)
        text += fmt::format("{:<16} {:<27} {}\n", word(finding), name, finding.why);
  text += fmt::format("\n{} present, {} absent, {} unknown, in {:.1f} s\n",
                      count(findings, Answer::present), count(findings, Answer::absent),
                      count(findings, Answer::unknown), seconds(findings.took));
  if (!findings.login_refused.empty())
    text += fmt::format("the account is not signed in: {}\n", findings.login_refused);
  text += findings.device_id.empty()
              ? "nothing was left behind\n"
              : fmt::format("one device was registered, {}; nothing else was left behind\n",
                            findings.device_id);
  return text;
}

std::string as_json(const Findings& findings) {
  json::object capabilities;
  for (const auto& [name, finding] : findings.capabilities)
    capabilities[name] = {{"answer", std::string(to_string(finding.answer))},
                          {"sure", finding.sure},
                          {"why", finding.why}};
  const json::object all{{"host", findings.host},
                         {"api", findings.api},
                         {"device_id", findings.device_id},
                         {"asks_for_key", maybe(findings.asks_for_key)},
                         {"relay_asks_for_key", maybe(findings.relay_asks_for_key)},
                         {"signs_with_key", maybe(findings.signs_with_key)},
                         {"login_refused", findings.login_refused},
                         {"seconds", seconds(findings.took)},
                         {"capabilities", std::move(capabilities)}};
  return json::serialize(all) + "\n";
}

}  // namespace deskcheck::probe
