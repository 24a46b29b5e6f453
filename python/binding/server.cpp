#include "reference-server/server.hpp"

#include "conformance/runner/selection.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/party.hpp"
#include "reference-server/store/memory_peer_store.hpp"

#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

// A reference server in a world.
class ServerParty final : public Party {
 public:
  ServerParty(const net::World& world, server::Options options)
      : Party(world), options_(std::move(options)), server_(world, options_, store_) {
    server_.start();
  }
  Task<void> end() override { return server_.stop(); }

  conformance::Target target() const {
    const auto ports = server_.ports();
    conformance::Target target;
    target.rendezvous = ports.rendezvous;
    target.nat = ports.nat;
    target.relay = ports.relay;
    target.key = options_.identity->public_key;
    target.licence_key = options_.licence_key;
    target.relay_licence_key = options_.relay_licence_key;
    return target;
  }

 private:
  server::Options options_;
  server::MemoryPeerStore store_;
  server::Server server_;
};

class ServerHandle : public Handle<ServerParty> {
 public:
  ServerHandle(std::shared_ptr<Stage> stage, int port_base, const std::vector<std::string>& faults)
      : Handle(std::move(stage)) {
    server::Options options;
    options.rendezvous_port = static_cast<std::uint16_t>(port_base);
    options.faults = conformance::faults_named(faults);
    begin([&](Scene& scene) {
      if (scene.simulated) options.bind = boost::asio::ip::make_address("10.0.0.1");
      options.identity = wire::make_server_key_pair(scene.random);
      options.licence_key = wire::to_text(options.identity->public_key);
      options.relay_licence_key = options.licence_key;
      auto party = std::make_shared<ServerParty>(scene.world, options);
      target_.target = party->target();
      target_.flags = flags_for(target_.target);
      return party;
    });
  }

  const NamedTarget& target() const { return target_; }

 private:
  NamedTarget target_;
};

}  // namespace

void bind_server(py::module_& m) {
  py::class_<ServerHandle>(m, "Server", "A reference server in a world.")
      .def(py::init<std::shared_ptr<Stage>, int, const std::vector<std::string>&>(),
           py::arg("stage"), py::kw_only(), py::arg("port_base") = 0,
           py::arg("faults") = std::vector<std::string>())
      .def_property_readonly("target", &ServerHandle::target)
      .def("stop", &ServerHandle::stop);
}

}  // namespace deskcheck::python
