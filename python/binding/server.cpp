#include "reference-server/server.hpp"

#include "conformance/runner/selection.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/party.hpp"
#include "reference-server/setup.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <cmath>
#include <map>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using Limits = std::map<std::string, double>;  // seconds, counts, bytes
// id, uuid, address, pk
using Devices = std::vector<std::tuple<std::string, std::string, std::string, py::bytes>>;

[[noreturn]] void refuse_limit(const std::string& name, double value, const char* mend) {
  throw conformance::UsageError(fmt::format("limits, {} {}: {}", name, value, mend));
}

template <class Number>
Number count(const std::string& name, double value) {
  if (!(value >= 1 && value <= 1e9) || value != std::floor(value))
    refuse_limit(name, value, "give a whole number from 1 to 1000000000");
  return static_cast<Number>(value);
}

net::Duration pause(const std::string& name, double value) {
  if (!(value >= 0 && value <= 1e9)) refuse_limit(name, value, "give seconds, 0 or more");
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>(value));
}

// The names of server::Limits; those of Python's class Limits.
server::Limits limits_named(const Limits& given) {
  server::Limits limits;
  for (const auto& [name, value] : given) {
    if (name == "registrations_per_address")
      limits.registrations_per_address = count<int>(name, value);
    else if (name == "address_pause")
      limits.address_pause = pause(name, value);
    else if (name == "registrations_per_id")
      limits.registrations_per_id = count<int>(name, value);
    else if (name == "id_pause")
      limits.id_pause = pause(name, value);
    else if (name == "ids_per_address")
      limits.ids_per_address = count<int>(name, value);
    else if (name == "frame")
      limits.frame = count<std::size_t>(name, value);
    else
      refuse_limit(name, value, "no such limit; give one of those of deskcheck.Limits");
  }
  return limits;
}

conformance::TargetLimits promised(const server::Limits& limits) {
  conformance::TargetLimits promise;
  promise.registrations_per_address = limits.registrations_per_address;
  promise.address_pause = limits.address_pause;
  promise.registrations_per_id = limits.registrations_per_id;
  promise.id_pause = limits.id_pause;
  promise.ids_per_address = limits.ids_per_address;
  return promise;
}

// What is given from Python, before there is a world.
struct Order {
  server::Setup setup;
  server::Options options;
  std::vector<server::PeerRecord> devices;
};

// A reference server in a world.
class ServerParty final : public Party {
 public:
  ServerParty(const net::World& world, const Order& order)
      : Party(world),
        options_(order.options),
        store_(server::open_store(order.setup)),
        server_(world, options_, *store_) {
    server::remember(*store_, order.devices);
    server_.start();
  }
  Task<void> end() override { return server_.stop(); }

  conformance::Target target() const {
    const auto ports = server_.ports();
    conformance::Target target;
    target.rendezvous = ports.rendezvous;
    target.nat = ports.nat;
    target.relay = ports.relay;
    if (options_.identity) target.key = options_.identity->public_key;
    target.licence_key = options_.licence_key;
    target.relay_licence_key = options_.relay_licence_key;
    target.relay_servers = options_.relay_servers;
    target.limits = promised(options_.limits);
    return target;
  }

 private:
  server::Options options_;
  std::unique_ptr<server::PeerStore> store_;
  server::Server server_;
};

class ServerHandle : public Handle<ServerParty> {
 public:
  ServerHandle(std::shared_ptr<Stage> stage, Order order) : Handle(std::move(stage)) {
    begin([&](Scene& scene) {
      if (scene.simulated) order.options.bind = boost::asio::ip::make_address("10.0.0.1");
      try {
        server::choose_keys(order.setup, scene.random, order.options);
        for (auto& device : order.devices)
          if (device.pk.empty()) device.pk = scene.random.bytes(32);
        auto party = std::make_shared<ServerParty>(scene.world, order);
        target_.target = party->target();
        target_.flags = flags_for(target_.target);
        return party;
      } catch (const server::SetupError& error) {
        throw conformance::UsageError(error.what());
      }
    });
  }

  const NamedTarget& target() const { return target_; }

 private:
  NamedTarget target_;
};

std::unique_ptr<ServerHandle> start(std::shared_ptr<Stage> stage, int port_base,
                                    const std::vector<std::string>& faults, const std::string& data,
                                    const std::string& key,
                                    const std::optional<std::string>& relay_key,
                                    const std::vector<std::string>& relay_servers,
                                    bool always_use_relay, const Limits& limits,
                                    const Devices& devices) {
  if (port_base != 0 && (port_base < 3 || port_base > 65533))
    throw conformance::UsageError(
        fmt::format("port_base {}: give a port from 3 to 65533, or 0 for free ones", port_base));
  Order order;
  order.setup.data = data;
  order.setup.key = key;
  order.setup.relay_key = relay_key;
  order.options.rendezvous_port = static_cast<std::uint16_t>(port_base);
  order.options.faults = conformance::faults_named(faults);
  order.options.relay_servers = relay_servers;
  order.options.always_use_relay = always_use_relay;
  order.options.limits = limits_named(limits);
  for (const auto& [id, uuid, address, pk] : devices)
    order.devices.push_back({id, uuid, std::string(pk), address});
  return std::make_unique<ServerHandle>(std::move(stage), std::move(order));
}

}  // namespace

void bind_server(py::module_& m) {
  py::class_<ServerHandle>(m, "Server", "A reference server in a world.")
      .def(py::init(&start), py::arg("stage"), py::kw_only(), py::arg("port_base") = 0,
           py::arg("faults") = std::vector<std::string>(), py::arg("data") = "",
           py::arg("key") = "-", py::arg("relay_key") = py::none(),
           py::arg("relay_servers") = std::vector<std::string>(),
           py::arg("always_use_relay") = false, py::arg("limits") = Limits(),
           py::arg("devices") = Devices())
      .def_property_readonly("target", &ServerHandle::target)
      .def("stop", &ServerHandle::stop);
}

}  // namespace deskcheck::python
