#include "conformance/registry/usage_error.hpp"
#include "conformance/target/capabilities.hpp"
#include "conformance/target/host.hpp"
#include "conformance/target/target_file.hpp"
#include "proto/net/http_client.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/files.hpp"
#include "python/binding/interrupt.hpp"
#include "python/binding/named_target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstdlib>
#include <filesystem>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using namespace conformance;

NamedTarget named(const TargetProfile& profile) {
  NamedTarget made;
  without_lock([&] { made.target = resolve_target(profile); });  // names may take a while
  made.profile = profile;
  made.version = profile.version;
  made.sources = profile.sources;
  return made;
}

}  // namespace

wire::PublicKey parse_key(const std::string& text) {
  const auto key = wire::parse_public_key(text);
  if (!key)
    throw UsageError(fmt::format(
        "key '{}': {}; give the text of the server's id_ed25519.pub, 44 characters of base64", text,
        key.error().message()));
  return *key;
}

std::set<std::string> capabilities_named(const char* what, const std::set<std::string>& globs) {
  const auto registry = Registry::built_in();
  std::set<std::string> all;
  for (const auto& glob : globs) {
    const auto matching = capabilities_matching(registry, glob);
    if (matching.empty())
      throw UsageError(fmt::format("{} {}: {}; `deskcheck list` shows them", what, glob,
                                   unknown_capability(registry, glob)));
    all.insert(matching.begin(), matching.end());
  }
  return all;
}

std::string checked_api(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty() && !net::parse_http_url(url))
    throw UsageError(
        fmt::format("api '{}': give a URL, as http://host:port or https://host:port", url));
  return url;
}

void check_host(const std::string& host) {
  const auto mistake = conformance::host_mistake(host, "port_base");
  if (mistake) throw UsageError(mistake->what + "; " + mistake->mend);
}

std::uint16_t port_base_of(int port) {
  if (port < 3 || port > 65532)
    throw UsageError(fmt::format("port_base {}: give a port from 3 to 65532", port));
  return static_cast<std::uint16_t>(port);
}

namespace {

NamedTarget make_target(const std::string& host, int port_base, const std::string& key,
                        const std::string& name, const std::set<std::string>& claims,
                        const std::set<std::string>& without, const std::string& api,
                        const std::string& source_addresses) {
  TargetProfile profile;
  check_host(host);
  profile.host = host;
  profile.name = name;
  profile.rendezvous_port = port_base_of(port_base);
  profile.claimed = capabilities_named("claims", claims);
  profile.without = capabilities_named("without", without);
  profile.api = checked_api(api);
  if (!key.empty()) profile.key = parse_key(key);
  if (!source_addresses.empty()) {
    profile.sources = parse_source_network(source_addresses);
    if (!profile.sources)
      throw UsageError(fmt::format(
          "source_addresses '{}' is no IPv4 network; write it as 10.78.0.0/16", source_addresses));
  }
  NamedTarget made = named(profile);
  made.flags = flags_for(made.target);
  if (!claims.empty()) made.flags += fmt::format(" --with '{}'", fmt::join(claims, ","));
  if (!source_addresses.empty()) made.flags += " --source-addresses " + source_addresses;
  return made;
}

NamedTarget load_target(const std::filesystem::path& file) {
  const std::string path = file.string();
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    return value;
  };
  const auto text = read_file(path, "the target file");
  auto profile = parse_target(text, path, Registry::built_in(), environment);
  if (!profile) refuse(profile.error());
  if (!profile->api_ca.empty()) {
    const auto beside = std::filesystem::path(path).parent_path() / profile->api_ca;
    profile->api_ca = std::filesystem::absolute(beside).string();
    profile->api_certificates = read_certificates(profile->api_ca);
  }
  NamedTarget made = named(*profile);
  if (!profile->baseline.empty())
    made.baseline = (std::filesystem::path(path).parent_path() / profile->baseline).string();
  made.flags = " " + py::module_::import("shlex").attr("quote")(path).cast<std::string>();
  return made;
}

py::tuple pair(const net::Endpoint& endpoint) {
  return py::make_tuple(endpoint.address.to_string(), endpoint.port);
}

}  // namespace

std::string flags_for(const Target& target) {
  std::string flags = fmt::format(" --host {} --port-base {}",
                                  target.rendezvous.address.to_string(), target.rendezvous.port);
  if (target.key) flags += fmt::format(" --key '{}'", wire::to_text(*target.key));
  if (target.relay_licence_key && *target.relay_licence_key != target.licence_key)
    flags += fmt::format(" --relay-key '{}'", *target.relay_licence_key);
  return flags;
}

void bind_target(py::module_& m) {
  py::class_<NamedTarget>(
      m, "Target",
      R"(A server under test: where it is, which key it has, what it does not claim.

host: name or address.
port_base: the rendezvous port P; NAT test is P-1, the relay P+1.
key: the text of its id_ed25519.pub; empty if it does not sign.
name: what reports call it; its host if empty.
claims: capabilities beyond the open-source server's, or globs over them, e.g. "rendezvous.secure-tcp".
without: capabilities that it does not claim, or globs over them, e.g. "relay.tcp".
api: the URL of its HTTP API; empty: not known.
source_addresses: an IPv4 network of this machine, from which parties of a run take addresses.)")
      .def(py::init(&make_target), py::arg("host"), py::kw_only(), py::arg("port_base") = 21116,
           py::arg("key") = "", py::arg("name") = "", py::arg("claims") = std::set<std::string>(),
           py::arg("without") = std::set<std::string>(), py::arg("api") = "",
           py::arg("source_addresses") = "")
      .def_static(
          "load", &load_target, py::arg("path"),
          "What a target file (docs/write-a-target-file.md) says. Raises UsageError with every "
          "mistake and its place.")
      .def_property_readonly(
          "name", [](const NamedTarget& t) { return t.target.name; }, "What reports call it.")
      .def_readonly("version", &NamedTarget::version, "As its file declares it; may be empty.")
      .def_property_readonly(
          "without", [](const NamedTarget& t) { return t.target.without; },
          "Capabilities that it does not claim.")
      .def_property_readonly(
          "claims", [](const NamedTarget& t) { return t.target.claimed; },
          "Capabilities beyond the open-source server's that it claims; None: all.")
      .def_readonly("baseline", &NamedTarget::baseline,
                    "The path of its file of known failures; empty: it has none.")
      .def_property_readonly("key", &NamedTarget::client_key,
                             "What its clients have configured as key: its public key as text.")
      .def_property_readonly(
          "host", [](const NamedTarget& t) { return t.target.rendezvous.address.to_string(); },
          "Its address.")
      .def_property_readonly(
          "port_base", [](const NamedTarget& t) { return t.target.rendezvous.port; },
          "The rendezvous port P, UDP and TCP.")
      .def_property_readonly(
          "rendezvous", [](const NamedTarget& t) { return pair(t.target.rendezvous); },
          "Address and port of the rendezvous server, UDP and TCP.")
      .def_property_readonly(
          "nat", [](const NamedTarget& t) { return pair(t.target.nat); },
          "Address and port of the NAT test.")
      .def_property_readonly(
          "relay", [](const NamedTarget& t) { return pair(t.target.relay); },
          "Address and port of the relay.")
      .def_property_readonly(
          "websocket", [](const NamedTarget& t) { return pair(t.target.websocket); },
          "Address and port of the rendezvous server's WebSockets.")
      .def_property_readonly(
          "relay_websocket", [](const NamedTarget& t) { return pair(t.target.relay_websocket); },
          "Address and port of the relay's WebSockets.")
      .def_property_readonly(
          "api", [](const NamedTarget& t) { return t.target.api; },
          "The URL of its HTTP API; empty: not known, or there is none.")
      .def("__repr__", [](const NamedTarget& t) {
        return fmt::format("<deskcheck.Target {} at {}>", t.target.name,
                           to_string(t.target.rendezvous));
      });
}

}  // namespace deskcheck::python
