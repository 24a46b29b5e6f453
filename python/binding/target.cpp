#include "conformance/target/target.hpp"

#include "conformance/registry/usage_error.hpp"
#include "proto/net/resolve.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/interrupt.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::Target;
using conformance::UsageError;

wire::PublicKey parse_key(const std::string& text) {
  const auto key = wire::parse_public_key(text);
  if (!key)
    throw UsageError(fmt::format(
        "key '{}': {}; give the text of the server's id_ed25519.pub, 44 characters of base64", text,
        key.error().message()));
  return *key;
}

Target make_target(const std::string& host, int port_base, const std::string& key,
                   const std::string& name, const std::set<std::string>& without) {
  if (port_base < 3 || port_base > 65533)
    throw UsageError(fmt::format("port_base {}: give a port from 3 to 65533", port_base));
  std::optional<net::Result<boost::asio::ip::address>> address;
  without_lock([&] { address = net::resolve(host); });  // names may take a while
  if (!*address)
    throw UsageError(
        fmt::format("host {}: {}; give a name or an address that this machine can "
                    "resolve",
                    host, address->error().message()));
  const auto port = [&](int offset) {
    return net::Endpoint{**address, static_cast<std::uint16_t>(port_base + offset)};
  };
  Target target;
  target.name = name.empty() ? host : name;
  target.rendezvous = port(0);
  target.nat = port(-1);
  target.relay = port(1);
  target.without = without;
  if (!key.empty()) {
    target.key = parse_key(key);
    target.licence_key = wire::to_text(*target.key);
  }
  return target;
}

py::tuple pair(const net::Endpoint& endpoint) {
  return py::make_tuple(endpoint.address.to_string(), endpoint.port);
}

std::string key_text(const Target& target) {
  return target.key ? wire::to_text(*target.key) : std::string();
}

}  // namespace

void bind_target(py::module_& m) {
  py::class_<Target>(m, "Target",
                     R"(A server under test: where it is, which key it has, what it does not claim.

host: name or address.
port_base: the rendezvous port P; NAT test is P-1, the relay P+1.
key: the text of its id_ed25519.pub; empty if it does not sign.
name: what reports call it; its host if empty.
without: capabilities that it does not claim, e.g. "relay.tcp".)")
      .def(py::init(&make_target), py::arg("host"), py::kw_only(), py::arg("port_base") = 21116,
           py::arg("key") = "", py::arg("name") = "", py::arg("without") = std::set<std::string>())
      .def_readonly("name", &Target::name, "What reports call it.")
      .def_readonly("without", &Target::without, "Capabilities that it does not claim.")
      .def_property_readonly("key", &key_text, "Its public key as text; empty if it does not sign.")
      .def_property_readonly(
          "host", [](const Target& t) { return t.rendezvous.address.to_string(); }, "Its address.")
      .def_property_readonly(
          "port_base", [](const Target& t) { return t.rendezvous.port; },
          "The rendezvous port P, UDP and TCP.")
      .def_property_readonly(
          "rendezvous", [](const Target& t) { return pair(t.rendezvous); },
          "Address and port of the rendezvous server, UDP and TCP.")
      .def_property_readonly(
          "nat", [](const Target& t) { return pair(t.nat); }, "Address and port of the NAT test.")
      .def_property_readonly(
          "relay", [](const Target& t) { return pair(t.relay); }, "Address and port of the relay.")
      .def("__repr__", [](const Target& t) {
        return fmt::format("<deskcheck.Target {} at {}>", t.name, to_string(t.rendezvous));
      });
}

}  // namespace deskcheck::python
