#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "python/binding/interrupt.hpp"

#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

void close(Stage& stage) {
  // Ends by itself, soon: everything in the world is cancelled.
  without_lock([&stage] { stage.close(); });
}

double now(Stage& stage) {
  net::Time time;
  auto work = [&](Scene& scene) -> Task<void> {
    time = scene.world.clock.now();
    co_return;
  };
  perform(stage, work);
  return to_seconds(time.time_since_epoch());
}

void sleep(Stage& stage, double seconds) {
  const auto duration = to_duration(seconds, "sleep");
  perform(stage, [duration](Scene& scene) { return net::sleep_for(scene.world.clock, duration); });
}

}  // namespace

void bind_worlds(py::module_& m) {
  py::class_<Stage, std::shared_ptr<Stage>>(m, "Stage", "A world with a thread of its own.")
      .def_static("real", &make_real_stage, py::arg("seed") = py::none())
      .def_static("virtual", &make_virtual_stage, py::arg("seed"))
      .def("close", &close)
      .def("now", &now)
      .def("sleep", &sleep, py::arg("seconds"))
      .def_property_readonly("closed", &Stage::closed)
      .def_property_readonly("is_virtual", &Stage::is_virtual);
}

}  // namespace deskcheck::python
