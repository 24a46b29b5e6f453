#include "cli/run_target.hpp"

#include "cli/files.hpp"
#include "conformance/target/capabilities.hpp"
#include "conformance/target/host.hpp"
#include "proto/net/http_client.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>

namespace deskcheck::cli {

namespace {

using namespace conformance;
namespace ip = boost::asio::ip;

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value) return std::nullopt;
  return value;
}

// As shells take it.
std::string shell_word(const std::string& text) {
  if (text.find_first_of(" \t\n'\"$&;|<>()*?[]#~\\`!") == text.npos) return text;
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void take_key(TargetProfile& profile, const std::string& text) {
  const auto key = wire::parse_public_key(text);
  if (!key)
    throw UsageError(fmt::format(
        "--key '{}': {}; give the text of the server's id_ed25519.pub, 44 characters of base64",
        text, key.error().message()));
  profile.key = *key;
}

// The file's own is beside it.
void take_api(TargetProfile& profile, const TargetFlags& c) {
  if (!c.api.empty()) {
    if (!net::parse_http_url(c.api))
      throw UsageError(fmt::format(
          "--api '{}' is no URL of an API; write it as http://HOST:21114 or https://HOST", c.api));
    profile.api = c.api;
    while (profile.api.ends_with('/')) profile.api.pop_back();
    profile.api_ca.clear();
  }
  auto ca = c.api_ca;
  if (ca.empty() && !profile.api_ca.empty())
    ca = (std::filesystem::path(c.target_file).parent_path() / profile.api_ca).string();
  if (ca.empty()) return;
  if (!profile.api.starts_with("https://"))
    throw UsageError("--api-ca is for an API over HTTPS; say --api https://HOST as well");
  profile.api_certificates = read_document(ca, "certificates in PEM");
  try {
    (void)net::TlsTrust::only(profile.api_certificates);
  } catch (const net::TlsError& error) {
    throw UsageError(fmt::format("{}: {}", ca, error.what()));
  }
}

void take_flags(TargetProfile& profile, const TargetFlags& c, const Registry& registry) {
  if (!c.host.empty()) {
    if (const auto mistake = host_mistake(c.host, "--port-base"))
      throw UsageError(mistake->what + "; " + mistake->mend);
    profile.host = c.host;
  }
  if (!c.name.empty()) profile.name = c.name;
  if (c.port_base) {
    profile.rendezvous_port = *c.port_base;
    profile.nat_port = profile.relay_port = std::nullopt;
    profile.websocket_port = profile.relay_websocket_port = std::nullopt;
  }
  if (!c.key.empty()) take_key(profile, c.key);
  if (c.relay_key) profile.relay_licence_key = c.relay_key;
  for (const auto& capability : c.with)
    for (const auto& one : capabilities_matching(registry, capability)) {
      profile.claimed.insert(one);
      profile.without.erase(one);
    }
  for (const auto& capability : c.without)
    for (const auto& one : capabilities_matching(registry, capability)) profile.without.insert(one);
  if (c.source_addresses.empty()) return;
  profile.sources = parse_source_network(c.source_addresses);
}

// The reference server in this process.
bool is_built_in(const TargetFlags& c) {
  return c.target_file.empty() && c.host.empty() && c.spawn.empty();
}

}  // namespace

void check_target_flags(const TargetFlags& c, const Registry& registry) {
  const auto check = [&registry](const char* flag, const std::vector<std::string>& globs) {
    for (const auto& capability : globs)
      if (capabilities_matching(registry, capability).empty())
        throw UsageError(fmt::format("{} {}: {}; `deskcheck list` shows them", flag, capability,
                                     unknown_capability(registry, capability)));
  };
  check("--with", c.with);
  check("--without", c.without);
  if (!c.source_addresses.empty() && !parse_source_network(c.source_addresses))
    throw UsageError(
        fmt::format("--source-addresses '{}' is no IPv4 network; write it as 10.78.0.0/16",
                    c.source_addresses));
}

Lack lack_of_built_in(const TargetFlags& c, const Registry& registry) {
  return is_built_in(c) ? lack_named(c.without, registry) : Lack();
}

std::optional<TargetProfile> choose_target(const TargetFlags& c, const Registry& registry) {
  if (is_built_in(c)) {
    if (!c.api.empty() || !c.api_ca.empty())
      throw UsageError("--api and --api-ca belong to --host or a target file");
    if (!c.key.empty() || c.relay_key)
      throw UsageError(
          "keys belong to --host or a target file; the reference server makes its own");
    return std::nullopt;
  }
  if (c.virtual_time)
    throw UsageError(
        "--virtual-time has its own servers; leave out --host, --spawn and the target file");
  if (!c.faults.empty())
    throw UsageError(
        "--fault is for the reference server, not for --host, --spawn or a target file");
  TargetProfile profile;
  if (c.target_file.empty()) profile.host = "127.0.0.1";  // unless a flag says another
  if (!c.target_file.empty()) {
    auto read = parse_target(read_document(c.target_file, "the target file"), c.target_file,
                             registry, environment);
    if (!read) refuse(read.error());
    profile = std::move(*read);
  }
  take_flags(profile, c, registry);
  take_api(profile, c);
  return profile;
}

std::string choose_baseline(const RunCommand& c, const std::optional<TargetProfile>& profile) {
  if (!c.baseline_file.empty() || !profile || profile->baseline.empty()) return c.baseline_file;
  return (std::filesystem::path(c.target_file).parent_path() / profile->baseline).string();
}

std::string target_flags(const TargetFlags& c) {
  std::string flags;
  if (!c.target_file.empty()) flags += " " + shell_word(c.target_file);
  if (!c.spawn.empty()) flags += " --spawn " + shell_word(c.spawn);
  if (!c.host.empty()) flags += " --host " + shell_word(c.host);
  if (c.port_base && (*c.port_base != kDefaultPort || !c.target_file.empty()))
    flags += fmt::format(" --port-base {}", *c.port_base);
  if (!c.key.empty()) flags += fmt::format(" --key '{}'", c.key);
  if (c.relay_key) flags += fmt::format(" --relay-key '{}'", *c.relay_key);
  if (!c.api.empty()) flags += " --api " + shell_word(c.api);
  if (!c.api_ca.empty()) flags += " --api-ca " + shell_word(c.api_ca);
  if (!c.with.empty()) flags += fmt::format(" --with '{}'", fmt::join(c.with, ","));
  if (is_built_in(c) && !c.without.empty())
    flags += fmt::format(" --without '{}'", fmt::join(c.without, ","));
  if (!c.source_addresses.empty()) flags += " --source-addresses " + c.source_addresses;
  if (!c.faults.empty()) flags += fmt::format(" --fault '{}'", fmt::join(c.faults, ","));
  return flags;
}

std::optional<Problem> find_problem(const Target& target,
                                    const std::optional<ip::network_v4>& sources) {
  const auto from = sources ? ip::address(ip::make_address_v4(sources->network().to_uint() + 1))
                    : target.rendezvous.address.is_v4() ? ip::address(ip::address_v4::any())
                                                        : ip::address(ip::address_v6::any());
  return preflight_in_real_time(target, from);
}

std::string describe(const TargetProfile& profile, const Target& target) {
  std::string text = fmt::format(
      "target      {}{}{}\nrendezvous  {}\nNAT test    {}\nrelay       {}\nWebSocket   {}, relay "
      "{}\nkey         {}\n",
      target.name, profile.version.empty() ? "" : " ", profile.version,
      to_string(target.rendezvous), to_string(target.nat), to_string(target.relay),
      to_string(target.websocket), to_string(target.relay_websocket),
      target.key ? wire::to_text(*target.key) : "none: it does not sign");
  if (target.relay_licence_key)
    text +=
        fmt::format("relay asks  {}\n",
                    target.relay_licence_key->empty() ? "for nothing" : *target.relay_licence_key);
  if (target.relay_servers)
    text += fmt::format("proposes    {}\n", fmt::join(*target.relay_servers, ", "));
  if (profile.sources) text += fmt::format("sources     {}\n", profile.sources->to_string());
  if (!target.api.empty()) text += fmt::format("API         {}\n", target.api);
  text += fmt::format("claims      {}\n",
                      profile.claimed.empty()
                          ? "nothing beyond what the open-source server does; see --with"
                          : fmt::format("{}", fmt::join(profile.claimed, ", ")));
  if (!target.without.empty())
    text += fmt::format("without     {}\n", fmt::join(target.without, ", "));
  return text;
}

}  // namespace deskcheck::cli
