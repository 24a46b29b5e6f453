#include "conformance/probe/target_yaml.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace deskcheck::probe {

namespace {

// Every text in quotes of JSON is one of YAML.
std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));
}

std::string confidence(const Finding& finding) { return finding.sure ? "" : " (unsure)"; }

std::string about_target(const Subject& subject, const Findings& findings) {
  const auto& profile = subject.profile;
  std::string text = "target:\n";
  if (!profile.name.empty()) text += fmt::format("  name: {}\n", quoted(profile.name));
  text += fmt::format("  host: {}\n", quoted(profile.host));
  if (!findings.relay_host.empty())
    text +=
        fmt::format("  relay-host: {}  # as the server names it\n", quoted(findings.relay_host));
  else if (!profile.relay_host.empty())
    text += fmt::format("  relay-host: {}\n", quoted(profile.relay_host));
  if (profile.key) text += fmt::format("  key: {}\n", quoted(wire::to_text(*profile.key)));
  if (profile.key && findings.asks_for_key == false)
    text += "  licence-key: \"\"  # clients with a wrong key are served\n";
  else if (!subject.key.empty() && (!profile.key || subject.key != wire::to_text(*profile.key)))
    text += fmt::format("  licence-key: {}\n", quoted(subject.key));
  if (findings.relay_asks_for_key == false)
    text += "  relay-licence-key: \"\"  # clients with a wrong key meet there\n";
  else if (findings.relay_asks_for_key && !subject.key.empty())
    text += fmt::format("  relay-licence-key: {}\n", quoted(subject.key));
  return text;
}

std::string about_ports(const Subject& subject, const Findings& findings) {
  const auto& profile = subject.profile;
  const int base = profile.rendezvous_port;
  const bool as_told = findings.relay_host.empty() && !findings.relay_port;
  const int relay = findings.relay_port.value_or(profile.relay_port.value_or(base + 1));
  std::string text = fmt::format("ports: {{rendezvous: {}", base);
  const auto add = [&text](const char* name, std::optional<int> port, int usual) {
    if (port && *port != usual) text += fmt::format(", {}: {}", name, *port);
  };
  add("nat", profile.nat_port, base - 1);
  add("relay", relay, base + 1);
  add("websocket", profile.websocket_port, base + 2);
  if (as_told) add("relay-websocket", profile.relay_websocket_port, relay + 2);
  return text + "}\n";
}

std::string about_accounts(const Subject& subject, const FileFacts& facts) {
  std::string text;
  const auto add = [&](const char* role, const std::string& user, const std::string& variable) {
    if (user.empty()) return;
    text +=
        fmt::format("  {}: {{user: {}, password-env: {}}}\n", role, quoted(user), quoted(variable));
  };
  add("user", subject.account.user, facts.password_env);
  const auto admin = subject.profile.accounts.find("admin");
  if (admin != subject.profile.accounts.end())
    add("admin", admin->second.user, facts.admin_password_env);
  return text.empty() ? text : "accounts:\n" + text;
}

std::string about_capabilities(const Findings& findings) {
  std::string claimed, absent, unknown;
  for (const auto& [name, finding] : in_lines(findings)) {
    const auto line = fmt::format("{}: {}{}\n", name, finding.why, confidence(finding));
    if (finding.answer == Answer::present)
      claimed += fmt::format("  - {:<30}  # {}{}\n", name, finding.why, confidence(finding));
    else if (finding.answer == Answer::absent)
      absent += "#   " + line;
    else
      unknown += fmt::format("#   {}: {}\n", name, finding.why);
  }
  std::string text = claimed.empty() ? "capabilities: []\n" : "capabilities:\n" + claimed;
  if (!absent.empty()) text += "# Not there:\n" + absent;
  if (!unknown.empty())
    text += "# Not known, so not claimed; move up what the server is meant to have:\n" + unknown;
  return text;
}

}  // namespace

std::string target_yaml(const Subject& subject, const Findings& findings, const FileFacts& facts) {
  std::string text =
      "# What `deskcheck probe` has found out. All that is below `capabilities` is held against "
      "the\n"
      "# server, everything else is not applicable.\n";
  text += about_target(subject, findings) + about_ports(subject, findings);
  if (!findings.api.empty()) {
    text += fmt::format("api: {}\n", quoted(findings.api));
    if (!facts.api_ca.empty()) text += fmt::format("api-ca: {}\n", quoted(facts.api_ca));
    text += about_accounts(subject, facts);
    if (!subject.profile.download.empty())
      text += fmt::format("download: {}\n", quoted(subject.profile.download));
  }
  return text + about_capabilities(findings);
}

}  // namespace deskcheck::probe
