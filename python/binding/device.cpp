#include "client-sim/device/device.hpp"

#include "client-sim/channel/render.hpp"
#include "conformance/registry/usage_error.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/errors.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/names.hpp"
#include "python/binding/party.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <map>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using sim::SessionRecord;

class DeviceParty final : public Party {
 public:
  DeviceParty(const net::World& world, sim::DeviceOptions options)
      : Party(world),
        device(world, std::move(options), sim::Recorder(&transcript, &world.clock, "device")) {
    device.start();
  }
  Task<void> end() override { return device.stop(); }

  sim::Transcript transcript;
  sim::Device device;
};

std::string_view to_string(sim::Presence presence) {
  switch (presence) {
    case sim::Presence::online:
      return "online";
    case sim::Presence::connecting:
      return "connecting";
    case sim::Presence::offline:
      return "offline";
  }
  return "unknown";
}

// As the clients' default ids are: nine digits.
std::string fresh_id(net::Random& random) {
  return std::to_string(100'000'000 + random.below(900'000'000));
}

class DeviceHandle : public Handle<DeviceParty> {
 public:
  // `options`: what its user chose; the rest is filled in here.
  DeviceHandle(std::shared_ptr<Stage> stage, const NamedTarget& target, sim::DeviceOptions options,
               const std::string& address)
      : Handle(std::move(stage)) {
    options.rendezvous = target.target.rendezvous;
    begin([&](Scene& scene) {
      if (options.id.empty()) options.id = fresh_id(scene.random);
      if (options.uuid.empty()) options.uuid = "uuid-" + wire::to_base64(scene.random.bytes(15));
      options.keys = wire::make_key_pair(scene.random);
      options.home = home_for(scene, target.target.rendezvous, address);
      uuid_ = options.uuid;
      return std::make_shared<DeviceParty>(scene.world, options);
    });
  }

  std::string id() const {
    return look_at_party<std::string>([](DeviceParty& p) { return p.device.id(); });
  }
  const std::string& uuid() const { return uuid_; }
  std::string presence() const {
    return look_at_party<std::string>(
        [](DeviceParty& p) { return std::string(to_string(p.device.presence())); });
  }
  bool registered() const {
    return look_at_party<bool>([](DeviceParty& p) {
      return p.device.key_confirmed() && p.device.presence() == sim::Presence::online;
    });
  }
  std::vector<SessionRecord> sessions() const {
    return look_at_party<std::vector<SessionRecord>>([](DeviceParty& p) {
      const auto& all = p.device.sessions();
      return std::vector<SessionRecord>(all.begin(), all.end());
    });
  }
  std::map<std::string, int> counters() const {
    return look_at_party<std::map<std::string, int>>([](DeviceParty& p) {
      const auto& c = p.device.counters();
      return std::map<std::string, int>{{"register_peer", c.register_peer},
                                        {"register_pk", c.register_pk},
                                        {"pushes", c.pushes},
                                        {"duplicates", c.duplicates},
                                        {"connections", c.connections},
                                        {"heartbeats", c.heartbeats}};
    });
  }
  bool needs_deploy() const {
    return look_at_party<bool>(
        [](DeviceParty& p) { return p.device.registration().needs_deploy(); });
  }
  int serial() const {
    return look_at_party<int>([](DeviceParty& p) { return p.device.registration().serial(); });
  }
  std::vector<std::string> pushed_servers() const {
    return look_at_party<std::vector<std::string>>(
        [](DeviceParty& p) { return p.device.registration().pushed_servers(); });
  }
  std::string conversation() const {
    return look_at_party<std::string>([](DeviceParty& p) { return sim::render(p.transcript); });
  }

  void wait_registered(double timeout) const {
    const auto limit = to_duration(timeout);
    auto work = [this, limit](Scene& scene) -> Task<void> {
      auto& device = party().device;
      const auto done = co_await device.registered(net::in(scene.world.clock, limit));
      if (done) co_return;
      throw_failure(done.error(),
                    fmt::format("device {} is {}, not registered, after {} s", device.id(),
                                to_string(device.presence()), to_seconds(limit)));
    };
    with_party(work);
  }

  std::string change_id(const std::string& id, double timeout) const {
    const auto limit = to_duration(timeout);
    std::string text;
    auto work = [this, &id, limit, &text](Scene& scene) -> Task<void> {
      const net::Deadline deadline = net::in(scene.world.clock, limit);
      text = co_await party().device.change_id(id, deadline);
    };
    with_party(work);
    return text;
  }

  // The newest session for which `logged_in` or better holds.
  SessionRecord wait_session(double timeout, bool logged_in) const {
    const auto limit = to_duration(timeout);
    std::optional<SessionRecord> found;
    auto work = [this, limit, logged_in, &found](Scene& scene) -> Task<void> {
      auto& device = party().device;
      const net::Deadline deadline = net::in(scene.world.clock, limit);
      for (;;) {
        for (const auto& session : device.sessions())
          if (!session.over && (session.logged_in || !logged_in)) found = session;
        if (found) co_return;
        const auto changed = co_await device.changed(deadline);
        if (!changed)
          throw_failure(changed.error(), fmt::format("device {} has no session after {} s",
                                                     device.id(), to_seconds(limit)));
      }
    };
    with_party(work);
    return std::move(*found);
  }

 private:
  std::string uuid_;
};

std::unique_ptr<DeviceHandle> make_device(
    std::shared_ptr<Stage> stage, const NamedTarget& target, const std::string& id,
    const std::string& uuid, const std::string& password, const std::optional<std::string>& key,
    const std::string& nat_type, const std::string& relay_server, bool relay_only, bool firewalled,
    const std::string& transport, int serial, const std::string& address) {
  sim::DeviceOptions options;
  options.id = id;
  options.uuid = uuid;
  options.password = password;
  options.key = key.value_or(target.client_key());
  options.nat_type = nat_type_named(nat_type);
  options.relay_server = relay_server;
  options.relay_only = relay_only;
  options.firewalled = firewalled;
  options.transport = transport_named(transport);
  options.serial = serial;
  return std::make_unique<DeviceHandle>(std::move(stage), target, std::move(options), address);
}

void bind_session_record(py::module_& m) {
  py::class_<SessionRecord>(m, "DeviceSession",
                            "A session as its device sees it, at the time of the question.")
      .def_property_readonly(
          "peer", [](const SessionRecord& s) { return net::to_string(s.peer); },
          "What it is connected to, \"address:port\": the controller or the relay.")
      .def_property_readonly(
          "route", [](const SessionRecord& s) { return std::string(sim::to_string(s.route)); },
          "\"direct\", \"lan\" or \"relay\".")
      .def_property_readonly(
          "encrypted",
          [](const SessionRecord& s) { return s.protection == sim::Protection::encrypted; },
          "Whether what is said is encrypted end to end.")
      .def_property_readonly(
          "protection",
          [](const SessionRecord& s) { return std::string(sim::to_string(s.protection)); },
          "How the handshake ended, in words.")
      .def_readonly("controller_id", &SessionRecord::controller_id, "From its login.")
      .def_readonly("logged_in", &SessionRecord::logged_in, "The password was right.")
      .def_readonly("over", &SessionRecord::over, "It has ended.")
      .def_readonly("why_over", &SessionRecord::why_over, "Why it has ended.")
      .def_readonly("delay_tests", &SessionRecord::delay_tests, "Delay tests that were answered.")
      .def("__repr__", [](const SessionRecord& s) {
        return fmt::format("<deskcheck.DeviceSession {} {}{}>", sim::to_string(s.route),
                           sim::to_string(s.protection), s.over ? ", over" : "");
      });
}

}  // namespace

void bind_device(py::module_& m) {
  bind_session_record(m);
  py::class_<DeviceHandle>(m, "Device", "A simulated device in a world.")
      .def(py::init(&make_device), py::arg("stage"), py::arg("target"), py::kw_only(),
           py::arg("id") = "", py::arg("uuid") = "", py::arg("password") = "",
           py::arg("key") = py::none(), py::arg("nat_type") = "asymmetric",
           py::arg("relay_server") = "", py::arg("relay_only") = false,
           py::arg("firewalled") = false, py::arg("transport") = "udp", py::arg("serial") = 3,
           py::arg("address") = "")
      .def_property_readonly("id", &DeviceHandle::id)
      .def_property_readonly("uuid", &DeviceHandle::uuid)
      .def_property_readonly("presence", &DeviceHandle::presence)
      .def_property_readonly("registered", &DeviceHandle::registered)
      .def_property_readonly("sessions", &DeviceHandle::sessions)
      .def_property_readonly("counters", &DeviceHandle::counters)
      .def_property_readonly("needs_deploy", &DeviceHandle::needs_deploy)
      .def_property_readonly("serial", &DeviceHandle::serial)
      .def_property_readonly("pushed_servers", &DeviceHandle::pushed_servers)
      .def_property_readonly("conversation", &DeviceHandle::conversation)
      .def("wait_registered", &DeviceHandle::wait_registered, py::arg("timeout"))
      .def("change_id", &DeviceHandle::change_id, py::arg("id"), py::arg("timeout"))
      .def("wait_session", &DeviceHandle::wait_session, py::arg("timeout"), py::arg("logged_in"))
      .def("stop", &DeviceHandle::stop);
}

}  // namespace deskcheck::python
