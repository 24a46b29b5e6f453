#include "client-sim/controller/controller.hpp"

#include "client-sim/channel/render.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/names.hpp"
#include "python/binding/party.hpp"
#include "python/binding/session.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

class ControllerParty final : public Party {
 public:
  ControllerParty(const net::World& world, sim::ControllerOptions options)
      : Party(world),
        transcript(std::make_shared<sim::Transcript>()),
        controller(world, std::move(options),
                   sim::Recorder(transcript.get(), &world.clock, "controller")) {}
  Task<void> end() override { co_return; }

  std::shared_ptr<sim::Transcript> transcript;  // sessions write to it, too
  sim::Controller controller;
};

// What came of one attempt to connect.
struct Connected {
  sim::ConnectResult result;  // without the session, which has been moved
  std::shared_ptr<SessionHandle> session;
};

class ControllerHandle : public Handle<ControllerParty> {
 public:
  ControllerHandle(std::shared_ptr<Stage> stage, const NamedTarget& target,
                   sim::ControllerOptions options, const std::string& address)
      : Handle(std::move(stage)) {
    options.rendezvous = target.target.rendezvous;
    begin([&](Scene& scene) {
      if (options.id.empty())
        options.id = std::to_string(100'000'000 + scene.random.below(900'000'000));
      options.home = home_for(scene, target.target.rendezvous, address);
      id_ = options.id;
      return std::make_shared<ControllerParty>(scene.world, options);
    });
  }

  const std::string& id() const { return id_; }
  std::string conversation() const {
    return look_at_party<std::string>(
        [](ControllerParty& p) { return sim::render(*p.transcript); });
  }

  Connected connect(const std::string& id, sim::ConnectOptions options, double timeout) {
    const auto limit = to_duration(timeout);
    Connected connected;
    std::shared_ptr<SessionParty> session;
    auto work = [&](Scene& scene) -> Task<void> {
      const net::Deadline deadline = net::in(scene.world.clock, limit);
      connected.result = co_await party().controller.connect(id, options, deadline);
      if (!connected.result.session) co_return;
      session = std::make_shared<SessionParty>(scene.world, std::move(*connected.result.session),
                                               party().transcript);
      connected.result.session.reset();
      stage().add(session);
    };
    with_party(work);
    if (session) connected.session = std::make_shared<SessionHandle>(stage_pointer(), session);
    return connected;
  }

 private:
  std::string id_;
};

std::unique_ptr<ControllerHandle> make_controller(std::shared_ptr<Stage> stage,
                                                  const NamedTarget& target, const std::string& id,
                                                  const std::string& name,
                                                  const std::optional<std::string>& key,
                                                  const std::string& transport,
                                                  const std::string& address) {
  sim::ControllerOptions options;
  options.id = id;
  options.name = name;
  options.key = key.value_or(target.client_key());
  options.transport = call_transport_named(transport);
  return std::make_unique<ControllerHandle>(std::move(stage), target, std::move(options), address);
}

Connected connect(ControllerHandle& controller, const std::string& id,
                  const std::optional<std::string>& password, bool force_relay,
                  const std::string& nat_type, const std::string& conn_type,
                  const std::string& token, double timeout) {
  sim::ConnectOptions options;
  options.password = password;
  options.force_relay = force_relay;
  options.nat_type = nat_type_named(nat_type);
  options.conn_type = conn_type_named(conn_type);
  options.token = token;
  return controller.connect(id, std::move(options), timeout);
}

std::vector<std::pair<std::string, double>> steps(const Connected& c) {
  std::vector<std::pair<std::string, double>> all;
  for (const auto& [step, took] : c.result.steps) all.emplace_back(step, to_seconds(took));
  return all;
}

std::optional<std::string> login_error(const Connected& c) {
  if (!c.result.login) return std::nullopt;
  return c.result.login->error;
}

}  // namespace

void bind_controller(py::module_& m) {
  py::class_<Connected>(m, "Connected", "What came of one attempt to connect.")
      .def_property_readonly("connected", [](const Connected& c) { return c.session != nullptr; })
      .def_property_readonly(
          "path", [](const Connected& c) { return std::string(sim::to_string(c.result.path)); })
      .def_property_readonly("failure", [](const Connected& c) { return c.result.failure; })
      .def_property_readonly("retried", [](const Connected& c) { return c.result.retried; })
      .def_property_readonly("login_error", &login_error)
      .def_property_readonly("feedback", [](const Connected& c) { return c.result.feedback; })
      .def_property_readonly("steps", &steps)
      .def_property_readonly("session", [](const Connected& c) { return c.session; });
  py::class_<ControllerHandle>(m, "Controller", "A simulated controller in a world.")
      .def(py::init(&make_controller), py::arg("stage"), py::arg("target"), py::kw_only(),
           py::arg("id") = "", py::arg("name") = "Controller", py::arg("key") = py::none(),
           py::arg("transport") = "tcp", py::arg("address") = "")
      .def_property_readonly("id", &ControllerHandle::id)
      .def_property_readonly("conversation", &ControllerHandle::conversation)
      .def("connect", &connect, py::arg("id"), py::kw_only(), py::arg("password"),
           py::arg("force_relay"), py::arg("nat_type"), py::arg("conn_type"), py::arg("token"),
           py::arg("timeout"))
      .def("stop", &ControllerHandle::stop);
}

}  // namespace deskcheck::python
