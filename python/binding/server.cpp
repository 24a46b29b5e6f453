#include "reference-server/server.hpp"

#include "conformance/registry/usage_error.hpp"
#include "conformance/runner/reference_host.hpp"
#include "proto/net/resolve.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/party.hpp"
#include "python/binding/server_order.hpp"
#include "reference-server/capabilities.hpp"

#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

conformance::TargetLimits promised(const server::Limits& limits) {
  conformance::TargetLimits promise;
  promise.registrations_per_address = limits.registrations_per_address;
  promise.address_pause = limits.address_pause;
  promise.registrations_per_id = limits.registrations_per_id;
  promise.id_pause = limits.id_pause;
  promise.ids_per_address = limits.ids_per_address;
  return promise;
}

// The hooks of its admin API, asked by somebody who has nothing but a token.
conformance::Target with_hooks(conformance::Target target, const std::string& token) {
  conformance::Control control = conformance::hooks_of_the_admin_api();
  control.login.emplace();
  control.login->headers = {{"Authorization", "Bearer ${password}"}};
  target.control = std::make_shared<const conformance::Control>(std::move(control));
  target.accounts["admin"] = {"operator", token};
  return target;
}

// A reference server in a world.
class ServerParty final : public Party {
 public:
  ServerParty(const net::World& world, const ServerOrder& order)
      : Party(world),
        options_(server::left_by(order.options)),
        full_(order.is_full()),
        store_(server::open_store(order.setup)),
        api_store_(server::open_api_store(order.setup)),
        server_(world, options_, *store_, api_store_.get()) {
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
    target.websocket = ports.websocket;
    target.relay_websocket = ports.relay_websocket;
    if (ports.api.port != 0) target.api = "http://" + net::to_string(ports.api);
    if (options_.identity) target.key = options_.identity->public_key;
    target.licence_key = options_.licence_key;
    target.relay_licence_key = options_.relay_licence_key;
    target.relay_servers = options_.relay_servers;
    target.limits = promised(options_.limits);
    target.without = options_.without;
    if (!full_) target.claimed.emplace();  // no more than the open-source server has
    return target;
  }

 private:
  server::Options options_;
  bool full_;
  std::unique_ptr<server::PeerStore> store_;
  std::unique_ptr<server::ApiStore> api_store_;
  server::Server server_;
};

class ServerHandle : public Handle<ServerParty> {
 public:
  ServerHandle(std::shared_ptr<Stage> stage, ServerOrder order) : Handle(std::move(stage)) {
    begin([&](Scene& scene) {
      order.options.calendar = scene.calendar;
      const auto token = wire::to_base64(scene.random.fork("operator's token").bytes(24));
      order.options.operator_tokens = {token};
      if (scene.simulated) {
        order.options.bind = boost::asio::ip::make_address("10.0.0.1");
        order.options.admin_from = {server::AddressRange::parse("0.0.0.0/0").value()};
      } else {
        order.options.resolve = [](std::string host, net::Deadline deadline) {
          return net::resolve(std::move(host), deadline);
        };
      }
      try {
        server::choose_keys(order.setup, scene.random, order.options);
        for (auto& device : order.devices)
          if (device.pk.empty()) device.pk = scene.random.bytes(32);
        auto party = std::make_shared<ServerParty>(scene.world, order);
        target_.target = party->target();
        target_.profile = conformance::profile_of(target_.target);
        target_.with_hooks = with_hooks(target_.target, token);
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

std::unique_ptr<ServerHandle> start(std::shared_ptr<Stage> stage, const ServerOrder& order) {
  return std::make_unique<ServerHandle>(std::move(stage), order);
}

}  // namespace

void bind_server(py::module_& m) {
  py::class_<ServerHandle>(m, "Server", "A reference server in a world.")
      .def(py::init(&start), py::arg("stage"), py::arg("order"))
      .def_property_readonly("target", &ServerHandle::target)
      .def("stop", &ServerHandle::stop);
}

}  // namespace deskcheck::python
