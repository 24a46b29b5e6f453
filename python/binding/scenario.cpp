#include "client-sim/scenario/scenario.hpp"

#include "client-sim/channel/render.hpp"
#include "client-sim/scenario/play.hpp"
#include "conformance/scenario/scenario_case.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/files.hpp"
#include "python/binding/named_target.hpp"
#include "python/binding/party.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using scenario::Outcome;
using scenario::Scenario;

// What came of playing a scenario once.
struct Played {
  Outcome outcome;
  std::string text;
  std::string conversation;
};

std::shared_ptr<Scenario> load_scenario(const std::string& path) {
  auto loaded = scenario::load(read_file(path, "a scenario"), path);
  if (!loaded) refuse(loaded.error());
  return std::make_shared<Scenario>(std::move(*loaded));
}

Played play(const Scenario& scenario, Stage& stage, const NamedTarget& target) {
  sim::Transcript transcript;
  Played played;
  auto work = [&](Scene& scene) -> Task<void> {
    net::World world = scene.world;
    world.random = net::Random(scene.random.next());
    const auto take = [&] {
      return std::optional(home_for(scene, target.target.rendezvous, "").address);
    };
    scenario::Stage setting{world, conformance::site_of(target.target), take, &transcript, nullptr};
    if (scene.calendar)
      setting.target_time = [&scene] {
        return scene.calendar(scene.world.clock.now()).time_since_epoch().count();
      };
    auto copy = target.with_hooks.value_or(target.target);
    played.outcome = co_await conformance::play_at(std::move(setting), scenario, std::move(copy));
  };
  perform(stage, work);
  played.text = render(scenario, played.outcome);
  played.conversation = sim::render(transcript);
  return played;
}

std::vector<std::string> ids(const std::vector<scenario::Judged>& judged) {
  std::vector<std::string> list;
  for (const auto& one : judged) list.push_back(one.id);
  return list;
}

}  // namespace

void bind_scenario(py::module_& m) {
  py::class_<Played>(m, "ScenarioResult", "What came of playing a scenario once.")
      .def_property_readonly(
          "status", [](const Played& p) { return std::string(to_string(p.outcome.status)); },
          "\"passed\", \"failed\", \"not applicable\" or \"broken\".")
      .def_property_readonly(
          "passed", [](const Played& p) { return p.outcome.status == Outcome::Status::passed; },
          "Everything came as it was expected.")
      .def_property_readonly(
          "why", [](const Played& p) { return p.outcome.why; },
          "The reason of another status, in a sentence.")
      .def_property_readonly(
          "line", [](const Played& p) { return p.outcome.place.line; },
          "The line of the step at fault; 0: none is.")
      .def_property_readonly(
          "expected", [](const Played& p) { return p.outcome.expected; },
          "What the step at fault expected, in words.")
      .def_property_readonly(
          "actual", [](const Played& p) { return p.outcome.actual; }, "What came, in words.")
      .def_property_readonly(
          "requirements", [](const Played& p) { return p.outcome.requirements; },
          "Ids of what the step at fault judges.")
      .def_readonly("text", &Played::text,
                    "Where, expected, actual, for people; empty if it passed.")
      .def_readonly("conversation", &Played::conversation, "What was said, decoded.")
      .def("__repr__", [](const Played& p) {
        return fmt::format("<deskcheck.ScenarioResult {}>", to_string(p.outcome.status));
      });
  py::class_<Scenario, std::shared_ptr<Scenario>>(m, "Scenario")
      .def(py::init(&load_scenario), py::arg("path"))
      .def_property_readonly("id", [](const Scenario& s) { return s.id; })
      .def_property_readonly("title", [](const Scenario& s) { return s.title; })
      .def_property_readonly("requirements", [](const Scenario& s) { return ids(s.requirements); })
      .def("play", &play, py::arg("stage"), py::arg("target"));
}

}  // namespace deskcheck::python
