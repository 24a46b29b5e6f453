#include "python/binding/server_order.hpp"

#include "conformance/registry/usage_error.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/runner/selection.hpp"
#include "python/binding/bindings.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <cmath>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::UsageError;

template <class Number>
Number whole(const std::string& name, double value, double least = 1) {
  if (!(value >= least && value <= 1e9) || value != std::floor(value))
    throw UsageError(
        fmt::format("{} {}: give a whole number from {} to 1000000000", name, value, least));
  return static_cast<Number>(value);
}

net::Duration pause(const std::string& name, double value) {
  if (!(value >= 0 && value <= 1e9))
    throw UsageError(fmt::format("{} {}: give seconds, 0 or more", name, value));
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>(value));
}

double above_0(const std::string& name, double value) {
  if (!(value > 0 && value <= 1e9))
    throw UsageError(fmt::format("{} {}: give a number above 0", name, value));
  return value;
}

boost::asio::ip::address address(const char* name, const std::string& text) {
  boost::system::error_code error;
  auto address = boost::asio::ip::make_address(text, error);
  if (error)
    throw UsageError(fmt::format("{} '{}': give an IP address, as 192.168.1.1", name, text));
  return address;
}

server::Consoles console_named(const std::string& name) {
  if (name == "text") return server::Consoles::by_first_bytes;
  if (name == "loopback") return server::Consoles::all_of_loopback;
  if (name == "none") return server::Consoles::none;
  throw UsageError(fmt::format("console '{}': give one of text, loopback, none", name));
}

using Devices = std::vector<std::tuple<std::string, std::string, std::string, py::bytes>>;

void know(ServerOrder& order, const Devices& devices) {
  for (const auto& [id, uuid, address, pk] : devices)
    order.devices.push_back({id, uuid, std::string(pk), address});
}

void deploy(ServerOrder& order, bool mode, const std::vector<std::string>& deployed) {
  order.options.deploy_mode = mode;
  order.options.deployed = deployed;
}

}  // namespace

ServerOrder::ServerOrder(const std::string& profile, const std::vector<std::string>& faults) {
  if (profile == "oss")
    server::as_open_source(options);
  else if (profile != "full")
    throw UsageError(fmt::format("profile '{}': give one of full, oss", profile));
  options.faults = conformance::faults_named(faults);
}

void ServerOrder::listen(int port_base, const std::optional<std::string>& console,
                         std::optional<bool> secure_channel, std::optional<bool> api,
                         const std::vector<std::string>& trusted_proxies, double keep_alive) {
  if (port_base != 0 && (port_base < 3 || port_base > 65532))
    throw UsageError(
        fmt::format("port_base {}: give a port from 3 to 65532, or 0 for free ones", port_base));
  options.rendezvous_port = static_cast<std::uint16_t>(port_base);
  if (console) options.consoles = console_named(*console);
  if (secure_channel) options.secure_channel = *secure_channel;
  if (api) options.api = *api;
  for (const auto& text : trusted_proxies) {
    const auto range = server::AddressRange::parse(text);
    if (!range)
      throw UsageError(fmt::format(
          "trusted_proxies '{}': give an address or a network, as 10.0.0.5 or 10.0.0.0/8", text));
    options.trusted_proxies.push_back(*range);
  }
  options.keep_alive.period = std::chrono::seconds(whole<int>("keep_alive", keep_alive));
}

void ServerOrder::leave_out(const std::vector<std::string>& without) {
  const auto registry = conformance::Registry::built_in();
  options.without = conformance::lack_named(without, registry, "without").without;
}

void ServerOrder::keys(const std::string& data, const std::string& key,
                       const std::optional<std::string>& relay_key) {
  setup.data = data;
  setup.key = key;
  setup.relay_key = relay_key;
}

void ServerOrder::accounts(const std::map<std::string, std::string>& passwords,
                           const std::vector<std::string>& tokens, bool require_login,
                           int feedback) {
  if (require_login && tokens.empty() && passwords.empty())
    throw UsageError(
        "require_login without accounts refuses everybody: give some in 'accounts', or 'tokens'");
  for (const auto& [name, password] : passwords) {
    if (name.empty() || password.empty())
      throw UsageError(
          fmt::format("accounts, '{}': give every account a name and a password", name));
    server::AccountFixture account;
    account.name = name;
    account.password = password;
    options.accounts.push_back(std::move(account));
  }
  options.tokens = tokens;
  options.require_login = require_login;
  options.feedback = feedback;
}

void ServerOrder::relay(const std::vector<std::string>& servers, bool always, const Numbers& limits,
                        const std::vector<std::string>& blacklist,
                        const std::vector<std::string>& blocklist) {
  options.relay_servers = servers;
  options.always_use_relay = always;
  auto& all = options.relay_limits;
  for (const auto& [name, value] : limits) {
    const std::string what = "relay_limits, " + name;
    if (name == "session")
      all.session = above_0(what, value);
    else if (name == "total")
      all.total = above_0(what, value);
    else if (name == "slow")
      all.slow = above_0(what, value);
    else if (name == "downgrade_at")
      all.downgrade_at = above_0(what, value);
    else if (name == "downgrade_after")
      all.downgrade_after = pause(what, value);
    else
      throw UsageError(what + ": no such limit; give one of those of deskcheck.RelayLimits");
  }
  options.relay_blacklist = blacklist;
  options.relay_blocklist = blocklist;
}

void ServerOrder::network(const std::string& mask, const std::string& local_ip) {
  if (mask.empty() != local_ip.empty())
    throw UsageError("mask and local_ip belong together: give both or neither");
  if (mask.empty()) return;
  boost::system::error_code error;
  const auto network = boost::asio::ip::make_network_v4(mask, error);
  if (error)
    throw UsageError(fmt::format("mask '{}': give an IPv4 network, as 192.168.1.0/24", mask));
  options.lan = network.canonical();
  options.lan_relay = address("local_ip", local_ip).to_string();
}

void ServerOrder::push(int serial, const std::vector<std::string>& rendezvous_servers,
                       const std::string& software_url,
                       std::optional<std::uint64_t> control_permissions,
                       const std::string& audit_reference) {
  if (!rendezvous_servers.empty() && serial <= 3)
    throw UsageError(
        fmt::format("serial {}: give more than 3, or no client takes rendezvous_servers", serial));
  options.serial = whole<int>("serial", serial, 0);
  options.rendezvous_servers = rendezvous_servers;
  options.software_url = software_url;
  options.control_permissions = control_permissions;
  options.audit_reference = audit_reference;
}

void ServerOrder::limit(const Numbers& given) {
  auto& limits = options.limits;
  for (const auto& [name, value] : given) {
    const std::string what = "limits, " + name;
    if (name == "registrations_per_address")
      limits.registrations_per_address = whole<int>(what, value);
    else if (name == "address_pause")
      limits.address_pause = pause(what, value);
    else if (name == "registrations_per_id")
      limits.registrations_per_id = whole<int>(what, value);
    else if (name == "id_pause")
      limits.id_pause = pause(what, value);
    else if (name == "ids_per_address")
      limits.ids_per_address = whole<int>(what, value);
    else if (name == "frame")
      limits.frame = whole<std::size_t>(what, value);
    else if (name == "api_body")
      limits.api_body = whole<std::size_t>(what, value);
    else
      throw UsageError(what + ": no such limit; give one of those of deskcheck.Limits");
  }
}

bool ServerOrder::is_full() const {
  return options.profile == server::Profile::full && options.secure_channel && options.api;
}

void bind_server_order(py::module_& m) {
  py::class_<ServerOrder>(m, "ServerOrder", "A reference server before it is started.")
      .def(py::init<const std::string&, const std::vector<std::string>&>(), py::arg("profile"),
           py::arg("faults"))
      .def("listen", &ServerOrder::listen, py::arg("port_base"), py::arg("console"),
           py::arg("secure_channel"), py::arg("api"), py::arg("trusted_proxies"),
           py::arg("keep_alive"))
      .def("leave_out", &ServerOrder::leave_out, py::arg("without"))
      .def("keys", &ServerOrder::keys, py::arg("data"), py::arg("key"), py::arg("relay_key"))
      .def("accounts", &ServerOrder::accounts, py::arg("passwords"), py::arg("tokens"),
           py::arg("require_login"), py::arg("feedback"))
      .def("relay", &ServerOrder::relay, py::arg("servers"), py::arg("always"), py::arg("limits"),
           py::arg("blacklist"), py::arg("blocklist"))
      .def("network", &ServerOrder::network, py::arg("mask"), py::arg("local_ip"))
      .def("push", &ServerOrder::push, py::arg("serial"), py::arg("rendezvous_servers"),
           py::arg("software_url"), py::arg("control_permissions"), py::arg("audit_reference"))
      .def("limit", &ServerOrder::limit, py::arg("limits"))
      .def("deploy", &deploy, py::arg("mode"), py::arg("deployed"))
      .def("know", &know, py::arg("devices"));
}

}  // namespace deskcheck::python
