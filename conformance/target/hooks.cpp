#include "conformance/target/hooks.hpp"

#include <map>

namespace deskcheck::conformance {

namespace {

const std::map<std::string, std::set<std::string>>& hooks() {
  static const std::map<std::string, std::set<std::string>> all{
      {"put-strategy", {"strategy", "options"}},
      {"remove-strategy", {"strategy"}},
      {"strategy-of-device", {"strategy", "device"}},
      {"strategy-of-device-group", {"strategy", "group"}},
      {"strategy-of-user", {"strategy", "user"}},
      {"put-device-group", {"group", "devices"}},
      {"remove-device-group", {"group"}},
      {"owner-of-device", {"device", "user"}},
      {"disconnect", {"device", "connections"}},
      {"force-sysinfo", {"device"}},
      {"put-user", {"user", "password", "email"}},
      {"remove-user", {"user"}},
      {"set-password", {"user", "password"}},
      {"enable-totp", {"user"}},
      {"require-email-code", {"user", "address"}},
      {"put-group", {"group", "users"}},
      {"remove-group", {"group"}},
      {"share-book", {"book", "user", "rule"}},
      {"remove-book", {"book"}},
      {"expire-token", {"token"}},
      {"put-identity-provider", {"name", "issuer", "client_id", "client_secret"}},
      {"remove-identity-provider", {"name"}},
      {"restart", {}},
      {"read-device", {"device"}},
      {"read-connection-audits", {"device"}},
      {"read-file-audits", {"device"}},
      {"read-alarm-audits", {"device"}},
      {"read-recordings", {}},
      {"read-recording", {"file"}},
  };
  return all;
}

}  // namespace

std::set<std::string> hook_arguments(const std::string& hook) {
  const auto found = hooks().find(hook);
  return found == hooks().end() ? std::set<std::string>() : found->second;
}

std::set<std::string> hook_names() {
  std::set<std::string> names;
  for (const auto& [name, arguments] : hooks()) names.insert(name);
  return names;
}

}  // namespace deskcheck::conformance
